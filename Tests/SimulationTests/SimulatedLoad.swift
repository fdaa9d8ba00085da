import BlueGreen
import TestSupport

/// The memory and the processor time of a simulated host.
struct SimulatedLoad {
    var memory = ByteCount.mebibytes(4096)
    /// How long a start keeps the processor busy.
    var busyAfterStart = Duration.zero
    private var busyUntil = Timestamp(milliseconds: 0)
    private var stalled = Duration.zero

    mutating func start(at now: Timestamp) {
        busyUntil = max(busyUntil, now + busyAfterStart)
    }

    mutating func pass(from before: Timestamp, to now: Timestamp) {
        stalled += max(.zero, min(now, busyUntil) - before)
    }

    func available(beside containers: [SimulatedContainer], at now: Timestamp) -> ByteCount {
        max(.zero, left(beside: containers, at: now))
    }

    /// Below zero the kernel kills.
    func left(beside containers: [SimulatedContainer], at now: Timestamp) -> ByteCount {
        memory - .mebibytes(100) - containers.map { $0.memory(at: now) }.total
    }

    func sample(at now: Timestamp, beside containers: [SimulatedContainer]) -> HostSample {
        HostSample(
            at: now, memoryAvailable: available(beside: containers, at: now), memoryTotal: memory,
            processorStalled: stalled)
    }
}
