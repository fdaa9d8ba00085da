import NIOCore

/// The one request that is sent again and again, but for what tells its clients apart.
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
