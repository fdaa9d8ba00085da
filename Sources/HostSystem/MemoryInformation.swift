import BlueGreen

/// Total and available memory and free swap, of the host or within its cgroups.
struct MemoryInformation: Hashable, Sendable {
    let available: ByteCount
    /// File cache in use, as far as it is not counted as available.
    let cacheInUse: ByteCount
    let total: ByteCount
    let swapFree: ByteCount

    init(
        available: ByteCount, cacheInUse: ByteCount = .zero, total: ByteCount,
        swapFree: ByteCount
    ) {
        self.available = available
        self.cacheInUse = cacheInUse
        self.total = total
        self.swapFree = swapFree
    }

    /// Takes the text of `/proc/meminfo`; nil without MemAvailable, which Linux tells from 3.14 on.
    init?(_ text: String) {
        let figures = FlatKeyedText(text)
        guard let available = figures["MemAvailable"], let total = figures["MemTotal"] else {
            return nil
        }
        self.init(
            available: .kibibytes(available), total: .kibibytes(total),
            swapFree: .kibibytes(figures["SwapFree"] ?? 0))
    }

    /// The same within the bounds of a cgroup.
    func within(_ group: CgroupMemory) -> MemoryInformation {
        let left = min(available, group.available)
        // The host's own cache in use is available already.
        let reach = min(available + cacheInUse, group.available + group.cacheInUse)
        return MemoryInformation(
            available: left, cacheInUse: max(.zero, reach - left), total: min(total, group.limit),
            swapFree: min(swapFree, group.swapLeft ?? swapFree))
    }
}
