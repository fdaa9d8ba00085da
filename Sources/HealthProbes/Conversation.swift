import BlueGreen
import NIOCore
import NIOHTTP1

/// What is said over a probe's connection once it is open.
enum Conversation: Sendable {
    /// Nothing: that it opens is the answer.
    case none
    case request(HTTPRequestHead, expected: [ClosedRange<Int>])

    struct Refusal: Error {
        let reason: String
    }

    static func make(
        for method: HealthCheck.Method, with target: SocketAddress
    ) -> Result<Conversation, Refusal> {
        switch method {
        case .http(let path, let host, let expected):
            guard path.hasPrefix("/"), path.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
                return .failure(Refusal(reason: "\(path) is not a path of a URL"))
            }
            let head = HTTPRequestHead(
                version: .http1_1, method: .GET, uri: path,
                headers: [
                    "Host": host ?? target.hostHeader, "User-Agent": "teal", "Accept": "*/*",
                    "Connection": "close",
                ])
            return .success(.request(head, expected: expected))
        case .tcp, .command, .docker:
            return .success(.none)
        }
    }

    func install(in channel: any Channel, answer: EventLoopPromise<ProbeResult>) throws {
        let pipeline = channel.pipeline.syncOperations
        switch self {
        case .none:
            try pipeline.addHandler(OpenHandler(answer: answer))
        case .request(let head, let expected):
            try pipeline.addHTTPClientHandlers()
            try pipeline.addHandler(
                RequestHandler(head: head, expected: expected, answer: answer))
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
