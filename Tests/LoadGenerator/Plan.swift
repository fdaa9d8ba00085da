import ArgumentParser
import NIOCore

/// The work of every connection.
struct Plan: Sendable {
    let request: RequestText
    let address: SocketAddress
    /// Whether sending the request twice is harmless.
    let isRepeatable: Bool
    let client: Client
    let versionHeader: String
    let timeout: Duration
    /// How many clients take turns; nil where all requests are alike.
    let clients: Int?
}

/// The one request that is sent again and again; only the client's number differs.
struct RequestText: Sendable {
    private let text: String
    private let common: ByteBuffer

    /// - Parameter client: whose turn it is; nil where all requests are alike.
    func bytes(of client: Int?) -> ByteBuffer {
        client.map { ByteBuffer(string: text.replacing("{client}", with: "\($0)")) } ?? common
    }

    init(target: Target, method: Method, headers: [String], bodyBytes: Int) {
        var text = "\(method.rawValue) \(target.path) HTTP/1.1\r\n"
        if !headers.contains(where: { $0.lowercased().hasPrefix("host:") }) {
            text += "Host: \(target.host):\(target.port)\r\n"
        }
        for header in headers { text += "\(header)\r\n" }
        switch method {
        case .get: text += "\r\n"
        case .post:
            text += "Content-Type: text/plain\r\nContent-Length: \(bodyBytes)\r\n\r\n"
            text += String(repeating: "x", count: bodyBytes)
        }
        self.text = text
        common = ByteBuffer(string: text)
    }
}

/// The methods that are told apart by whether a client may send them twice.
enum Method: String, ExpressibleByArgument, CaseIterable, Codable {
    case get = "GET"
    case post = "POST"
}

/// How a client takes the loss of a connection that it has used before.
enum Client: String, ExpressibleByArgument, CaseIterable, Codable {
    /// As browsers and Go do: a GET is sent once more on a fresh connection, if the reused one was
    /// closed before any byte of the response.
    case careful
    /// Never sends anything twice.
    case blind
}

/// The URL that the load goes to.
struct Target: ExpressibleByArgument, Sendable {
    let url: String
    let host: String
    let port: Int
    let path: String

    init?(argument: String) {
        guard argument.hasPrefix("http://") else { return nil }
        let rest = argument.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" && $0 != "?" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        guard let port = parts.count == 2 ? Int(parts[1]) : 80, (1...65535).contains(port) else {
            return nil
        }
        let path = rest.dropFirst(authority.count)
        self.url = argument
        self.host = String(host)
        self.port = port
        self.path = path.hasPrefix("/") ? String(path) : "/\(path)"
    }

    /// Looked up once, so that no request waits for a name.
    func resolved() throws -> SocketAddress {
        try SocketAddress.makeAddressResolvingHost(host, port: port)
    }
}
