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

extension SettleBounds {
    /// What the time between two samples shows to be out of bounds; memory is that of the later.
    package func strains(from earlier: HostSample, to later: HostSample) -> [Strain] {
        let span = later.at - earlier.at
        func share(_ counter: KeyPath<HostSample, Duration?>) -> Share? {
            guard let before = earlier[keyPath: counter], let after = later[keyPath: counter] else {
                return nil
            }
            return Share(after - before, of: span)
        }
        var strains: [Strain] = []
        if later.memoryAvailable < memoryFree {
            strains.append(.memory(free: later.memoryAvailable, wanted: memoryFree))
        }
        if let found = share(\.processorStalled), found > processorPressure {
            strains.append(.processorPressure(found, most: processorPressure))
        }
        if let found = share(\.memoryStalled), found > memoryPressure {
            strains.append(.memoryPressure(found, most: memoryPressure))
        }
        if let found = share(\.stolen), found > steal {
            strains.append(.steal(found, most: steal))
        }
        if let found = share(\.waitedForDisk), found > diskWait {
            strains.append(.diskWait(found, most: diskWait))
        }
        if let rate = swapInRate(from: earlier, to: later), rate > swapIn {
            strains.append(.swapIn(rate, most: swapIn))
        }
        return strains
    }

    private func swapInRate(from earlier: HostSample, to later: HostSample) -> ByteCount? {
        let milliseconds = (later.at - earlier.at).wholeMilliseconds
        guard let before = earlier.swappedIn, let after = later.swappedIn, milliseconds > 0 else {
            return nil
        }
        return ByteCount(bytes: ((after - before) * 1000).bytes / milliseconds)
    }
}
