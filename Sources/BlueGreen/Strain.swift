/// One reading of the host that is out of bounds.
package enum Strain: Hashable, Sendable {
    case memory(free: ByteCount, wanted: ByteCount)
    case processorPressure(Share, most: Share)
    case memoryPressure(Share, most: Share)
    case steal(Share, most: Share)
    case diskWait(Share, most: Share)
    /// Per second.
    case swapIn(ByteCount, most: ByteCount)

    /// As the live view says it: `memory 71M of 96M free`.
    package var text: String {
        switch self {
        case .memory(let free, let wanted): "memory \(free.text) of \(wanted.text) free"
        case .processorPressure(let share, let most):
            "CPU pressure \(share.text), at most \(most.text)"
        case .memoryPressure(let share, let most):
            "memory pressure \(share.text), at most \(most.text)"
        case .steal(let share, let most): "steal \(share.text), at most \(most.text)"
        case .diskWait(let share, let most): "disk wait \(share.text), at most \(most.text)"
        case .swapIn(let rate, let most): "swap-in \(rate.text)/s, at most \(most.text)/s"
        }
    }
}

extension Strain {
    /// The strains that are in both, with the lower figure of the two.
    static func lowest(_ some: [Strain], _ others: [Strain]) -> [Strain] {
        some.compactMap { strain in
            others.lazy.compactMap { strain.lower(of: $0) }.first
        }
    }

    /// nil where the two are of different kinds. Of memory the one with less of it is kept.
    private func lower(of other: Strain) -> Strain? {
        switch (self, other) {
        case (.memory(let one, let wanted), .memory(let two, _)):
            .memory(free: min(one, two), wanted: wanted)
        case (.processorPressure(let one, let most), .processorPressure(let two, _)):
            .processorPressure(min(one, two), most: most)
        case (.memoryPressure(let one, let most), .memoryPressure(let two, _)):
            .memoryPressure(min(one, two), most: most)
        case (.steal(let one, let most), .steal(let two, _)): .steal(min(one, two), most: most)
        case (.diskWait(let one, let most), .diskWait(let two, _)):
            .diskWait(min(one, two), most: most)
        case (.swapIn(let one, let most), .swapIn(let two, _)): .swapIn(min(one, two), most: most)
        case (.memory, _), (.processorPressure, _), (.memoryPressure, _), (.steal, _),
            (.diskWait, _), (.swapIn, _):
            nil
        }
    }
}
