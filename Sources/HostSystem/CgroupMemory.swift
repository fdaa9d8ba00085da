import BlueGreen

/// What a cgroup with a memory limit may have and has left.
struct CgroupMemory: Hashable, Sendable {
    let limit: ByteCount
    /// The cache of files that nobody used twice counts as left: the kernel takes it back first,
    /// and at once.
    let available: ByteCount
    /// nil where only the host's swap bounds it.
    let swapLeft: ByteCount?

    init(limit: Int64, usage: Int64, cache: Int64, swapLeft: Int64?) {
        self.limit = ByteCount(bytes: limit)
        let held = max(0, usage - cache)
        available = ByteCount(bytes: max(0, limit - held))
        // The files are read one after another, so that their difference may be below zero.
        self.swapLeft = swapLeft.map { ByteCount(bytes: max(0, $0)) }
    }
}
