/// What the kernel's pressure stall information tells of one resource since boot.
struct Pressure: Hashable, Sendable {
    /// How long at least one task waited for it.
    let some: Duration

    /// Takes `some avg10=0.00 avg60=0.00 avg300=0.00 total=12` in microseconds, and a second line
    /// that is not needed; nil for another shape.
    init?(_ text: String) {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("some ") }),
            let field = line.split(separator: " ").first(where: { $0.hasPrefix("total=") }),
            let total = Int64(field.dropFirst("total=".count))
        else { return nil }
        some = .microseconds(total)
    }
}
