/// Within what the host must be before another container is started.
package struct SettleBounds: Hashable, Codable, Sendable {
    /// At least so much memory can be had without swapping.
    package var memoryFree: ByteCount
    /// At most this share of the time some task waits for a processor.
    package var processorPressure: Share
    /// At most this share of the time some task waits for memory.
    package var memoryPressure: Share
    /// At most this share of the processors' time is kept by the hypervisor for others.
    package var steal: Share
    /// At most this share of the processors' time passes idle with disk requests open.
    package var diskWait: Share
    /// At most so much is read back from swap per second.
    package var swapIn: ByteCount

    package init(
        memoryFree: ByteCount = .mebibytes(64), processorPressure: Share = Share(percent: 60),
        memoryPressure: Share = Share(percent: 10), steal: Share = Share(percent: 50),
        diskWait: Share = Share(percent: 60), swapIn: ByteCount = .mebibytes(4)
    ) {
        self.memoryFree = memoryFree
        self.processorPressure = processorPressure
        self.memoryPressure = memoryPressure
        self.steal = steal
        self.diskWait = diskWait
        self.swapIn = swapIn
    }
}

extension SettleBounds {
    /// The readings out of bounds between two samples; memory is that of the later.
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

extension SettleBounds {
    /// The host's own load varies too.
    private static let margin = 1.25

    /// Bounds that hold these strains. That of memory stays: a container that is started without
    /// it is killed, or another one is.
    package func widened(by strains: [Strain]) -> SettleBounds {
        var (processor, memory) = (processorPressure, memoryPressure)
        var (steal, disk, swap) = (steal, diskWait, swapIn)
        for strain in strains {
            switch strain {
            case .memory: break
            case .processorPressure(let share, _): processor = Self.widened(share)
            case .memoryPressure(let share, _): memory = Self.widened(share)
            case .steal(let share, _): steal = Self.widened(share)
            case .diskWait(let share, _): disk = Self.widened(share)
            case .swapIn(let rate, _):
                swap = ByteCount(bytes: Int64(Double(rate.bytes) * Self.margin))
            }
        }
        return SettleBounds(
            memoryFree: memoryFree, processorPressure: processor, memoryPressure: memory,
            steal: steal, diskWait: disk, swapIn: swap)
    }

    private static func widened(_ share: Share) -> Share {
        Share(fraction: share.fraction * margin)
    }
}
