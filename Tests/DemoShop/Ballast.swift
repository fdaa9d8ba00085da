/// Memory that is taken and kept, for services that are to weigh something.
struct Ballast {
    private var pieces: [[UInt8]] = []
    private(set) var megabytes = 0

    /// Filled with ones: pages of zeros would not become resident.
    mutating func add(megabytes more: Int) {
        guard more > 0 else { return }
        pieces.append([UInt8](repeating: 1, count: more << 20))
        megabytes += more
    }

    mutating func grow(toMegabytes total: Int) { add(megabytes: total - megabytes) }
}
