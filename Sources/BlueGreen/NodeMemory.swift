/// The memory of one of several hosts, by its own word.
package struct NodeMemory: Hashable, Codable, Sendable {
    package let total: ByteCount
    /// MemAvailable, which can be had without swapping.
    package let available: ByteCount
    package let swapFree: ByteCount
    /// The part of the last ten seconds in which some task waited for memory, in percent; nil where
    /// the kernel does not tell it.
    package let stalledPercent: Double?

    package init(
        total: ByteCount, available: ByteCount, swapFree: ByteCount = .zero,
        stalledPercent: Double? = nil
    ) {
        self.total = total
        self.available = available
        self.swapFree = swapFree
        self.stalledPercent = stalledPercent
    }

    package init(_ sample: HostSample) {
        self.init(
            total: sample.memoryTotal, available: sample.memoryAvailable,
            swapFree: sample.swapFree, stalledPercent: sample.memoryStalledLately)
    }

    /// `1024 of 3900 MB free`, and `, tasks wait for it 12% of the time` where they do.
    package var text: String {
        let figures = "\(available.wholeMebibytes) of \(total.wholeMebibytes) MB free"
        guard let stalledPercent, stalledPercent >= 1 else { return figures }
        return figures + ", tasks wait for it \(Int(stalledPercent.rounded()))% of the time"
    }
}
