import BlueGreen

/// The looks of one watch so far.
struct MemoryLooks: Sendable {
    var count = 0
    /// The look at which the host had the least memory left.
    private(set) var least: HostSample?
    /// The container that starts, by its id.
    var starting: String?
    /// The most that it was seen to hold.
    var peak = ByteCount.zero
    var trouble: Failure?
    private var first: HostSample?
    private var last: HostSample?
    /// The kernel killed some process between the last two looks.
    private(set) var sawKill = false
    /// How many looks ago the kernel killed some process; 0 for none.
    private(set) var beatsSinceKill = 0

    mutating func note(_ sample: HostSample?) {
        guard let sample else { return }
        sawKill = (sample.kills ?? 0) > (last ?? sample).kills ?? 0
        if sawKill || beatsSinceKill > 0 { beatsSinceKill += 1 }
        if least.map({ sample.memoryLeft < $0.memoryLeft }) ?? true { least = sample }
        first = first ?? sample
        last = sample
    }

    /// An engine does not tell of every kill: with cgroup v1 of none by the host itself. There the
    /// exit code says that it was killed, by nobody's wish, and the kernel counts one more kill.
    func isKill(_ ending: ContainerEnding) -> Bool {
        if ending.isOutOfMemory { return true }
        guard ending.exitCode == 137, !ending.isAskedFor, let first, let last,
            let before = first.kills, let after = last.kills
        else { return false }
        return after > before && ending.at >= first.at
    }
}
