import BlueGreen

/// One cgroup that may confine Docker, and where to read it.
struct Cgroup: Hashable, Sendable {
    let version: CgroupVersion
    let folder: String
    /// Pressure is told in version 2 only. systemd once mounted both versions by default. Then the
    /// cgroup of the same name in that hierarchy holds the same processes.
    let pressureFolder: String?

    func file(_ name: String) -> KernelFile {
        KernelFile("\(folder)/\(name)")
    }

    /// nil where this kernel does not tell it for the cgroup.
    func pressure(on controller: CgroupController) throws -> Pressure? {
        guard let pressureFolder else { return nil }
        let file = KernelFile("\(pressureFolder)/\(controller.rawValue).pressure")
        return try file.text().flatMap { Pressure($0) }
    }
}

/// Which of the kernel's two interfaces a cgroup has.
///
/// The files of both: https://docs.kernel.org/admin-guide/cgroup-v1/ and
/// https://docs.kernel.org/admin-guide/cgroup-v2.html.
enum CgroupVersion: Hashable, Sendable {
    case one
    case two
}

/// The parts of the kernel that confine a cgroup, as far as Teal reads them; by the kernel's names.
enum CgroupController: String, Sendable {
    case memory
    case processor = "cpu"
}

/// The memory limit of a cgroup and the memory left below it.
struct CgroupMemory: Hashable, Sendable {
    let limit: ByteCount
    /// The cache of files that nobody used twice counts as left: the kernel takes it back first,
    /// and at once.
    let available: ByteCount
    /// The cache of files that are in use: the kernel takes it back before it kills.
    let cacheInUse: ByteCount
    /// nil where only the host's swap bounds it.
    let swapLeft: ByteCount?

    init(limit: Int64, usage: Int64, cache: FileCache, swapLeft: Int64?) {
        self.limit = ByteCount(bytes: limit)
        let held = max(0, usage - cache.inactive)
        available = ByteCount(bytes: max(0, limit - held))
        cacheInUse = ByteCount(bytes: min(cache.active, held))
        // The files are read one after another, so that their difference may be below zero.
        self.swapLeft = swapLeft.map { ByteCount(bytes: max(0, $0)) }
    }
}

/// The cache of files that a cgroup holds, in bytes.
struct FileCache: Hashable, Sendable {
    /// Of files that nobody used twice.
    let inactive: Int64
    let active: Int64
}

extension Cgroup {
    /// The cgroup's limit and use of memory; nil where it has no limit below this total.
    func memory(below total: ByteCount) throws -> CgroupMemory? {
        switch version {
        case .one: try memoryOfVersionOne(below: total)
        case .two: try memoryOfVersionTwo(below: total)
        }
    }

    /// The memory of its processes, without the file cache that is not in use.
    func held() throws -> ByteCount? {
        let usage =
            switch version {
            case .one: "memory.usage_in_bytes"
            case .two: "memory.current"
            }
        guard let used = try file(usage).number() else { return nil }
        return ByteCount(bytes: max(0, used - (try fileCache().inactive)))
    }

    /// How many of its processes the kernel has killed for want of memory; nil where this kernel
    /// does not tell (Linux tells it from 4.13 on).
    func kills() throws -> Int64? {
        let name =
            switch version {
            case .one: "memory.oom_control"
            case .two: "memory.events"
            }
        return try file(name).text().flatMap { FlatKeyedText($0)["oom_kill"] }
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
            limit: limit, usage: usage, cache: try fileCache(),
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
            limit: limit, usage: usage, cache: try fileCache(),
            swapLeft: swapLeft)
    }

    /// In whole pages, so a little less than the largest number, whatever a page's size.
    private static let noLimit = Int64.max - 1_048_576

    /// Version 1 calls the cache of the whole group `total_`.
    private func fileCache() throws -> FileCache {
        let prefix =
            switch version {
            case .one: "total_"
            case .two: ""
            }
        let figures = try file("memory.stat").text().map { FlatKeyedText($0) }
        return FileCache(
            inactive: figures?["\(prefix)inactive_file"] ?? 0,
            active: figures?["\(prefix)active_file"] ?? 0)
    }
}

extension Cgroup {
    /// The processors whose time the cgroup may use; nil where it has no quota.
    func processorQuota() throws -> Double? {
        guard let quota = try quota() else { return nil }
        return Double(quota.allowed) / Double(quota.period)
    }

    /// How long some task of it waited for a processor, by its pressure, else by its throttled
    /// periods.
    func processorStalled() throws -> Duration? {
        if let pressure = try pressure(on: .processor) { return pressure.some }
        guard let quota = try quota(),
            let throttled = try file("cpu.stat").text()
                .flatMap({ FlatKeyedText($0)["nr_throttled"] })
        else { return nil }
        return .microseconds(throttled * quota.period)
    }

    /// Both in microseconds.
    private func quota() throws -> (allowed: Int64, period: Int64)? {
        switch version {
        case .one:
            // -1 is no quota.
            guard let allowed = try file("cpu.cfs_quota_us").number(), allowed > 0,
                let period = try file("cpu.cfs_period_us").number(), period > 0
            else { return nil }
            return (allowed, period)
        case .two:
            // `100000 100000`, or `max 100000` for no quota.
            let fields = try file("cpu.max").text()?.split(whereSeparator: \.isWhitespace)
            guard let fields, fields.count == 2, let allowed = Int64(fields[0]),
                let period = Int64(fields[1]), period > 0
            else { return nil }
            return (allowed, period)
        }
    }
}

/// The kernel's pressure stall information on one resource since boot.
struct Pressure: Hashable, Sendable {
    /// How long at least one task waited for it.
    let some: Duration
    /// The same as a part of the last ten seconds, in percent.
    let someLately: Double?

    /// Takes `some avg10=0.00 avg60=0.00 avg300=0.00 total=12` in microseconds, and a second line
    /// that is not needed; nil for another shape.
    init?(_ text: String) {
        guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("some ") })
        else { return nil }
        func value(_ key: String) -> Substring? {
            line.split(separator: " ").first { $0.hasPrefix(key) }?.dropFirst(key.count)
        }
        guard let total = value("total=").flatMap({ Int64($0) }) else { return nil }
        some = .microseconds(total)
        someLately = value("avg10=").flatMap { Double($0) }
    }
}
