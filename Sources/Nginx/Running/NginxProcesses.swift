import HostSystem

/// nginx's workers, as the host's process table shows them.
struct Workers: Hashable, Sendable {
    /// Those that accept connections.
    var accepting: Set<Int> = []
    /// Those of a configuration before, which end when their last connection does.
    var shuttingDown: Set<Int> = []
}

/// Where to look for nginx's processes; a port of its own so that tests need none.
protocol NginxProcesses: Sendable {
    /// The nginx master that this process is, or that one of its descendants is: in a container
    /// the first process may be a script or an init.
    func master(from pid: Int) throws -> Int?

    func workers(of master: Int) throws -> Workers
}

/// Reads `/proc`, where nginx writes what each of its processes is into its command line.
struct ProcProcesses: NginxProcesses {
    private let files = FileSystem()
    private let proc: String

    /// - Parameter root: where the file system of nginx's host is.
    init(root: String = "") {
        proc = "\(root)/proc"
    }

    func master(from pid: Int) throws -> Int? {
        var candidates = [pid]
        var seen: Set<Int> = []
        while let next = candidates.first {
            candidates.removeFirst()
            guard seen.insert(next).inserted else { continue }
            let title = title(of: next)
            if title.hasPrefix("nginx: master process") { return next }
            if next == pid, Self.isStarting(title) { return next }
            candidates += try children(of: next)
        }
        return nil
    }

    /// nginx writes its pid file before it writes what it is into its command line.
    private static func isStarting(_ title: String) -> Bool {
        let program = title.split(separator: "\0").first
        return program?.split(separator: "/").last == "nginx"
    }

    func workers(of master: Int) throws -> Workers {
        var workers = Workers()
        for pid in try children(of: master) {
            let title = title(of: pid)
            if title.hasPrefix("nginx: worker process is shutting down") {
                workers.shuttingDown.insert(pid)
            } else if title.hasPrefix("nginx: worker process") {
                workers.accepting.insert(pid)
            }
        }
        return workers
    }

    /// The kernel's own list, or, where it was built without one, a look at every process.
    private func children(of pid: Int) throws -> [Int] {
        // A process that ends while it is looked at is one without children.
        if let list = try? files.readText("\(proc)/\(pid)/task/\(pid)/children") {
            return list.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }
        }
        return try files.list(proc).compactMap { Int($0) }.filter { parent(of: $0) == pid }
    }

    private func parent(of pid: Int) -> Int? {
        // As above: a process that has ended has no parent.
        guard let stat = try? files.readText("\(proc)/\(pid)/stat"),
            // The name before it stands in parentheses and may hold anything.
            let end = stat.lastIndex(of: ")")
        else { return nil }
        let fields = stat[stat.index(after: end)...].split(separator: " ")
        return fields.count > 1 ? Int(fields[1]) : nil
    }

    private func title(of pid: Int) -> String {
        // As above: a process that has ended has no title.
        (try? files.readText("\(proc)/\(pid)/cmdline")) ?? ""
    }
}
