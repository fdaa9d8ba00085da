/// Who is connected and who listens, from `/proc`, without asking any program.
package struct TCPConnections: Sendable {
    private let files: FileSystem

    package init() {
        files = FileSystem()
    }

    /// How many established connections lead from a network namespace to these addresses.
    ///
    /// - Parameters:
    ///   - pid: a process in the namespace, such as the nginx master in a container; nil for
    ///     Teal's own.
    ///   - addresses: `10.213.5.10:8080`, the far side's.
    package func established(
        inNamespaceOf pid: Int?, toAddresses addresses: Set<String>
    ) throws -> Int {
        let folder = pid.map { "/proc/\($0)" } ?? "/proc/self"
        return try tables(folder).reduce(0) { $0 + $1.established(to: addresses) }
    }

    /// The TCP ports that anything in the process's network namespace listens on, ascending: for
    /// a container's process, those of the container.
    package func listeningPorts(ofProcess pid: Int) throws -> [Int] {
        let ports = try tables("/proc/\(pid)").reduce(into: Set<Int>()) { ports, table in
            ports.formUnion(table.listeningPorts)
        }
        return ports.sorted()
    }

    /// Whether anything listens there already, so that nobody else can.
    ///
    /// - Parameter pid: a process in the namespace; nil for Teal's own.
    package func isListening(
        inNamespaceOf pid: Int?, host: String, port: Int
    ) throws -> Bool {
        let folder = pid.map { "/proc/\($0)" } ?? "/proc/self"
        return try tables(folder).contains { $0.isTaken(host: host, port: port) }
    }

    private func tables(_ folder: String) throws -> [TCPTable] {
        // A kernel without IPv6 has no tcp6.
        let texts = [
            try files.readText("\(folder)/net/tcp"),
            try files.readTextIfPresent("\(folder)/net/tcp6") ?? "",
        ]
        return texts.map { TCPTable($0) }
    }
}
