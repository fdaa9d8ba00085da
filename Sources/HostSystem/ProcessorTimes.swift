/// What `/proc/stat` tells of the processors since boot, as averages over them.
struct ProcessorTimes: Hashable, Sendable {
    let count: Int
    /// Kept by the hypervisor for others.
    let stolen: Duration
    /// Idle with disk requests open.
    let waitedForDisk: Duration

    /// Takes `cpu  user nice system idle iowait irq softirq steal ...` in ticks and one such line
    /// for each processor, `cpu0`; nil for another shape.
    init?(_ text: String, ticksPerSecond: Int) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
            .prefix { $0.starts(with: "cpu".utf8) }
        guard let sum = lines.first, sum.starts(with: "cpu ".utf8), lines.count > 1,
            ticksPerSecond > 0
        else { return nil }
        let ticks = Substring(sum).split(separator: " ").dropFirst().map { Int64($0) }
        guard ticks.count >= 8, let waiting = ticks[4], let kept = ticks[7] else { return nil }
        let processors = lines.count - 1
        count = processors
        func average(_ ticks: Int64) -> Duration {
            .microseconds(ticks * 1_000_000 / Int64(ticksPerSecond) / Int64(processors))
        }
        waitedForDisk = average(waiting)
        stolen = average(kept)
    }
}
