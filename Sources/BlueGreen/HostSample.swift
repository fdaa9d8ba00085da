/// The host's memory and load at one moment, or those of the cgroup that Docker is confined to.
///
/// Durations only grow: their rates are made of two samples. A figure that this kernel or this
/// cgroup does not tell is nil.
package struct HostSample: Hashable, Sendable {
    package let at: Timestamp
    /// MemAvailable, which can be had without swapping, or less where a cgroup leaves less.
    package let memoryAvailable: ByteCount
    /// File cache that is in use and that the kernel takes back before it kills. MemAvailable has it
    /// already, a cgroup's figure has not.
    package let cacheInUse: ByteCount
    /// All there is, or the cgroup's limit.
    package let memoryTotal: ByteCount
    package let swapFree: ByteCount
    /// How long some task waited for a processor (`some` of the CPU pressure). Where only a
    /// cgroup's quota tells it, the length of all periods in which it was throttled.
    package let processorStalled: Duration?
    /// How long some task waited for memory (`some` of the memory pressure).
    package let memoryStalled: Duration?
    /// The same as a part of the last ten seconds, in percent.
    package let memoryStalledLately: Double?
    /// Processor time that the hypervisor kept for others, as an average over the processors.
    package let stolen: Duration?
    /// Idle time with disk requests open, as an average over the processors.
    package let waitedForDisk: Duration?
    /// Read back from swap.
    package let swappedIn: ByteCount?
    /// How many processes the kernel has killed for want of memory, of the host or of a cgroup.
    package let kills: Int64?

    package init(
        at: Timestamp, memoryAvailable: ByteCount, memoryTotal: ByteCount,
        cacheInUse: ByteCount = .zero, swapFree: ByteCount = .zero,
        processorStalled: Duration? = nil, memoryStalled: Duration? = nil,
        memoryStalledLately: Double? = nil, stolen: Duration? = nil,
        waitedForDisk: Duration? = nil, swappedIn: ByteCount? = nil, kills: Int64? = nil
    ) {
        self.at = at
        self.memoryAvailable = memoryAvailable
        self.cacheInUse = cacheInUse
        self.memoryTotal = memoryTotal
        self.swapFree = swapFree
        self.processorStalled = processorStalled
        self.memoryStalled = memoryStalled
        self.memoryStalledLately = memoryStalledLately
        self.stolen = stolen
        self.waitedForDisk = waitedForDisk
        self.swappedIn = swappedIn
        self.kills = kills
    }

    /// All that can be taken before the kernel kills.
    package var memoryLeft: ByteCount { memoryAvailable + cacheInUse + swapFree }
}
