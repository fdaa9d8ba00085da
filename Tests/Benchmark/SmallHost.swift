import HostSystem

/// The control group of `Tests/small-host.sh`: its memory and the processes killed in it.
struct SmallHost {
    private let group: String
    private let version: Version
    private let files = FileSystem()

    private enum Version {
        case one
        case two
    }

    /// - Throws: `BenchmarkError.noSmallHost` where Docker is not confined.
    init() throws {
        guard let group = ProcessInformation.environment["TEAL_SMALL_HOST"] else {
            throw BenchmarkError.noSmallHost
        }
        self.group = group
        version = FileSystem().exists(group + "/memory.current") ? .two : .one
    }

    /// The bytes in use that dropping cached pages would not free, as Docker counts them.
    func memoryInUse() throws -> Int {
        switch version {
        case .one:
            try number("memory.usage_in_bytes") - figure("total_inactive_file", in: "memory.stat")
        case .two: try number("memory.current") - figure("inactive_file", in: "memory.stat")
        }
    }

    /// Processes that the kernel has killed so far because memory ran out. The first version of
    /// control groups does not count a child's in its parent, so there the machine's are counted.
    func kills() throws -> Int {
        switch version {
        case .one: try Self.figure("oom_kill", in: files.readText("/proc/vmstat"))
        case .two: try figure("oom_kill", in: "memory.events")
        }
    }

    /// Runs the body and looks at the memory five times a second meanwhile.
    func watching<Value: Sendable>(
        _ body: @Sendable () async throws -> Value
    ) async throws -> (Value, SmallHostUse) {
        let killedBefore = try kills()
        return try await withThrowingTaskGroup(of: Int.self) { group in
            group.addTask { try await peak() }
            let value = try await body()
            group.cancelAll()
            let most = try await group.next() ?? 0
            return (value, SmallHostUse(peak: most, kills: try kills() - killedBefore))
        }
    }

    /// The most memory in use until the task is cancelled.
    private func peak() async throws -> Int {
        var most = 0
        while !Task.isCancelled {
            most = max(most, try memoryInUse())
            // A cancelled sleep ends early, as it should.
            try? await Task.sleep(for: .milliseconds(200))
        }
        return most
    }

    private func number(_ file: String) throws -> Int {
        let text = try files.readText("\(group)/\(file)")
        guard let number = Int(text.prefix { $0.isNumber }) else {
            throw BenchmarkError.noFigure(file)
        }
        return number
    }

    private func figure(_ name: String, in file: String) throws -> Int {
        try Self.figure(name, in: files.readText("\(group)/\(file)"))
    }

    /// The figure behind the name in lines of `name figure`.
    private static func figure(_ name: String, in text: String) throws -> Int {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == name, let figure = Int(words[1]) { return figure }
        }
        throw BenchmarkError.noFigure(name)
    }
}

/// The use of the small host by a part of a run.
struct SmallHostUse: Sendable {
    /// Bytes.
    let peak: Int
    let kills: Int

    var peakMebibytes: Double { Double(peak) / 1_048_576 }
}
