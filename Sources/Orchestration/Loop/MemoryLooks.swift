import BlueGreen

/// The looks of one watch so far.
struct MemoryLooks: Sendable {
    private(set) var count = 0
    /// The look at which the host had the least memory left.
    private(set) var least: HostSample?
    /// The container that starts, by its id.
    var starting: String?
    /// The most that it was seen to hold.
    var peak = ByteCount.zero
    var trouble: Failure?
    private var first: HostSample?
    private var last: HostSample?
    /// How many looks ago the kernel first killed some process; 0 for none.
    private(set) var sinceKill = 0
    /// How many looks ago the kernel killed some process for the last time.
    private var sinceLastKill = MemoryLooks.looksAfterKill

    private static let looksAfterKill = 5

    /// Whether to ask what ended. A kernel that counts its kills says when there is something to ask
    /// for; an engine may tell it up to a second later.
    var isTimeForEndings: Bool {
        sinceLastKill < Self.looksAfterKill || count.isMultiple(of: last?.kills == nil ? 2 : 8)
    }

    mutating func note(_ sample: HostSample?) {
        count += 1
        guard let sample else { return }
        let sawKill = (sample.kills ?? 0) > (last ?? sample).kills ?? 0
        if sawKill || sinceKill > 0 { sinceKill += 1 }
        sinceLastKill = sawKill ? 0 : sinceLastKill + 1
        if least.map({ sample.memoryLeft < $0.memoryLeft }) ?? true { least = sample }
        first = first ?? sample
        last = sample
    }

    /// A kill with a name tells more than a shortage.
    mutating func add(_ others: MemoryLooks) {
        peak.raise(to: others.peak)
        starting = starting ?? others.starting
        if let sample = others.least, least.map({ sample.memoryLeft < $0.memoryLeft }) ?? true {
            least = sample
        }
        last = others.last ?? last
        if trouble == nil || trouble?.cause == .memoryRanOut { trouble = others.trouble ?? trouble }
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
