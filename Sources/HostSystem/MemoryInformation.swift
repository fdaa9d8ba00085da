import BlueGreen

/// What there is of memory and swap and what is left of it: the host's, or what cgroups leave.
struct MemoryInformation: Hashable, Sendable {
    let available: ByteCount
    let total: ByteCount
    let swapFree: ByteCount

    init(available: ByteCount, total: ByteCount, swapFree: ByteCount) {
        self.available = available
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

    /// What is left where the cgroup bounds it further.
    func within(_ group: CgroupMemory) -> MemoryInformation {
        MemoryInformation(
            available: min(available, group.available), total: min(total, group.limit),
            swapFree: min(swapFree, group.swapLeft ?? swapFree))
    }
}
