package import Orchestration

/// Established connections and listening ports, from `/proc`, without asking any program.
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

    /// The sockets that anything in the process's network namespace listens on. Those of a
    /// container's process are the container's.
    package func listeners(ofProcess pid: Int) throws -> [Listener] {
        try tables("/proc/\(pid)").flatMap(\.listeners)
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

/// The kernel's table of TCP sockets in one network namespace, as `/proc/net/tcp` shows it.
struct TCPTable: Hashable, Sendable {
    enum State: Hashable, Sendable {
        case established
        case listening
        case other
    }

    struct Socket: Hashable, Sendable {
        /// `10.213.5.10:8080`; nil for an IPv6 address.
        let remote: String?
        /// `127.0.0.1`; nil for an IPv6 address.
        let localAddress: String?
        let localReach: Listener.Reach
        let localPort: Int
        let state: State
    }

    private(set) var sockets: [Socket] = []

    /// Takes the text of `/proc/net/tcp` or `/proc/net/tcp6`; lines of another shape, as the
    /// heading, are passed over.
    init(_ text: String) {
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " ")).map { String($0) ?? "" }
            guard fields.count >= 4, let local = Endpoint(fields[1]),
                let remote = Endpoint(fields[2])
            else { continue }
            sockets.append(
                Socket(
                    remote: remote.addressText.map { "\($0):\(remote.port)" },
                    localAddress: local.addressText, localReach: local.reach, localPort: local.port,
                    state: state(fields[3])))
        }
    }

    /// Docker's own name server in each container listens there, on a port by chance.
    private static let dockerNameServer = "127.0.0.11"

    /// Of the programs in this namespace.
    var listeners: [Listener] {
        sockets
            .filter { $0.state == .listening && $0.localAddress != Self.dockerNameServer }
            .map { Listener($0.localReach, $0.localPort) }
    }

    /// Whether a listener has the address, or all of them. One whose address is not IPv4 may have
    /// all as well.
    func isTaken(host: String, port: Int) -> Bool {
        let all = "0.0.0.0"
        return sockets.contains { socket in
            socket.state == .listening && socket.localPort == port
                && (host == all || [host, all, nil].contains(socket.localAddress))
        }
    }

    func established(to addresses: Set<String>) -> Int {
        sockets.count { socket in
            guard socket.state == .established, let remote = socket.remote else { return false }
            return addresses.contains(remote)
        }
    }

    private func state(_ code: String) -> State {
        switch code {
        case "01": .established
        case "0A": .listening
        default: .other
        }
    }

    /// `0A05D50A:1F90`: the address as one or four 32-bit numbers in the host's own byte order, and
    /// the port in plain hexadecimal.
    private struct Endpoint {
        let address: UInt32?
        let port: Int
        /// As the kernel writes it.
        private let field: Substring

        init?(_ field: String) {
            let parts = field.split(separator: ":")
            guard parts.count == 2, parts[0].allSatisfy(\.isHexDigit),
                let port = Int(parts[1], radix: 16)
            else { return nil }
            self.port = port
            self.field = parts[0]
            address = Self.mappedAddress(parts[0]).flatMap { UInt32($0, radix: 16) }
        }

        /// nginx may listen on an IPv6 socket for IPv4 too; then the address stands behind a
        /// prefix.
        private static func mappedAddress(_ text: Substring) -> Substring? {
            if text.count == 8 { return text }
            let prefix = "0000000000000000FFFF0000"
            return text.count == 32 && text.hasPrefix(prefix) ? text.suffix(8) : nil
        }

        var reach: Listener.Reach {
            if let addressText {
                return switch addressText {
                case "0.0.0.0": .everywhere
                case let text where text.hasPrefix("127."): .loopback
                case let text: .address(text)
                }
            }
            if field.allSatisfy({ $0 == "0" }) { return .everywhereByIPv6 }
            return field == Self.loopbackByIPv6 ? .loopback : .address("an IPv6 address")
        }

        /// `::1`, in the host's own byte order.
        private static let loopbackByIPv6 =
            String(repeating: "0", count: 24) + (1.bigEndian == 1 ? "00000001" : "01000000")

        var addressText: String? {
            guard let address else { return nil }
            return withUnsafeBytes(of: address) { bytes in
                bytes.map(String.init).joined(separator: ".")
            }
        }
    }
}
