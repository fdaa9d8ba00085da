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
