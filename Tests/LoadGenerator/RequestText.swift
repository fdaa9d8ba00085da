import NIOCore

/// The bytes of the one request that is sent again and again.
struct RequestText: Sendable {
    let bytes: ByteBuffer

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
        bytes = ByteBuffer(string: text)
    }
}
