import BlueGreen

extension Cgroup {
    /// What the cgroup may have and has; nil where no limit below this much stands at it.
    func memory(below total: ByteCount) throws -> CgroupMemory? {
        switch version {
        case .one: try memoryOfVersionOne(below: total)
        case .two: try memoryOfVersionTwo(below: total)
        }
    }

    /// What its processes hold, without the file cache that is not in use.
    func held() throws -> ByteCount? {
        let (usage, cache) =
            switch version {
            case .one: ("memory.usage_in_bytes", "total_inactive_file")
            case .two: ("memory.current", "inactive_file")
            }
        guard let used = try file(usage).number() else { return nil }
        return ByteCount(bytes: max(0, used - (try fileCache(cache))))
    }

    /// "No limit" is a very large number here. The files of memory and swap together are missing
    /// where the kernel was started without `swapaccount=1`.
    private func memoryOfVersionOne(below total: ByteCount) throws -> CgroupMemory? {
        guard let limit = try file("memory.limit_in_bytes").number(), limit < total.bytes,
            let usage = try file("memory.usage_in_bytes").number()
        else { return nil }
        var swapLeft: Int64?
        if let both = try file("memory.memsw.limit_in_bytes").number(), both < Self.noLimit,
            let bothUsage = try file("memory.memsw.usage_in_bytes").number()
        {
            swapLeft = (both - limit) - (bothUsage - usage)
        }
        return CgroupMemory(
            limit: limit, usage: usage, cache: try fileCache("total_inactive_file"),
            swapLeft: swapLeft)
    }

    private func memoryOfVersionTwo(below total: ByteCount) throws -> CgroupMemory? {
        guard let limit = try file("memory.max").number(), limit < total.bytes,
            let usage = try file("memory.current").number()
        else { return nil }
        var swapLeft: Int64?
        if let swap = try file("memory.swap.max").number(),
            let swapUsage = try file("memory.swap.current").number()
        {
            swapLeft = swap - swapUsage
        }
        return CgroupMemory(
            limit: limit, usage: usage, cache: try fileCache("inactive_file"),
            swapLeft: swapLeft)
    }

    /// In whole pages, so a little less than the largest number, whatever a page's size.
    private static let noLimit = Int64.max - 1_048_576

    private func fileCache(_ key: String) throws -> Int64 {
        try file("memory.stat").text().flatMap { FlatKeyedText($0)[key] } ?? 0
    }
}
