import BlueGreen
import NIOCore
import NIOHTTP1

/// Where a probe connects to, and what it says there once the connection is open.
struct Conversation: Sendable {
    enum Words: Sendable {
        /// None: an open connection is the answer.
        case none
        case request(HTTPRequestHead, expected: [ClosedRange<Int>])
    }

    /// Why a probe cannot be made.
    struct Refusal: Error {
        let reason: String
    }

    let target: SocketAddress
    let port: Int
    private let words: Words

    init(for check: HealthCheck, at address: String) throws(Refusal) {
        switch check.method {
        case .http(let port, let path, let host, let expected):
            guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                throw Refusal(reason: "\(path) is not a path of a URL")
            }
            self.port = port
            target = try Self.target(address, port)
            let head = HTTPRequestHead(
                version: .http1_1, method: .GET, uri: path,
                headers: [
                    "Host": host ?? target.hostHeader, "User-Agent": "teal", "Accept": "*/*",
                    "Connection": "close",
                ])
            words = .request(head, expected: expected)
        case .tcp(let port):
            self.port = port
            target = try Self.target(address, port)
            words = .none
        case .command, .docker:
            throw Refusal(reason: "only the container engine can make this check")
        }
    }

    private static func target(_ address: String, _ port: Int) throws(Refusal) -> SocketAddress {
        // A published port stands for the container's own.
        let parts = address.split(separator: ":")
        let published = parts.count == 2 ? Int(parts[1]) : nil
        do {
            return try SocketAddress(
                ipAddress: published == nil ? address : String(parts[0]), port: published ?? port)
        } catch {
            throw Refusal(reason: "\(address) is not an IP address")
        }
    }

    func install(in channel: any Channel, answer: EventLoopPromise<ProbeResult>) throws {
        let pipeline = channel.pipeline.syncOperations
        switch words {
        case .none:
            try pipeline.addHandler(OpenHandler(answer: answer))
        case .request(let head, let expected):
            let beginning = AnswerBeginning()
            try pipeline.addHandler(beginning)
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(
                RequestHandler(
                    head: head, expected: expected, beginning: beginning, answer: answer))
        }
    }
}

extension SocketAddress {
    /// An IPv6 address stands in brackets in a Host header.
    fileprivate var hostHeader: String {
        let port = port ?? 0
        let address = ipAddress ?? ""
        return self.protocol == .inet6 ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
