import NIOCore
import NIOHTTP1

/// A request with its body read to the end and its query taken apart.
struct Request {
    let method: HTTPMethod
    let path: String
    let host: String?
    /// As they came: `x-forwarded-proto: https`, one per line, names in small letters.
    let headers: String
    let body: ByteBuffer
    private let query: [Substring]

    init(head: HTTPRequestHead, body: ByteBuffer) {
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        method = head.method
        path = parts.first.map(String.init) ?? "/"
        query = parts.count > 1 ? parts[1].split(separator: "&") : []
        host = head.headers.first(name: "Host")
        headers = head.headers.map { "\($0.name.lowercased()): \($0.value)\n" }.joined()
        self.body = body
    }

    /// The number given as `?name=number`, brought into the range; `standard` when there is none.
    func number(_ name: String, in range: ClosedRange<Int>, standard: Int) -> Int {
        guard let number = text(name).flatMap({ Int($0) }) else { return standard }
        return min(max(number, range.lowerBound), range.upperBound)
    }

    /// The text of `?name=text` as it stands: nothing is unescaped.
    func text(_ name: String) -> String? {
        for pair in query {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2, parts[0] == name { return String(parts[1]) }
        }
        return nil
    }
}

/// A whole answer.
struct Reply: Sendable {
    let status: Int
    let body: ByteBuffer

    init(_ status: Int, _ text: String) {
        self.init(status, ByteBuffer(string: text))
    }

    init(_ status: Int, _ body: ByteBuffer) {
        self.status = status
        self.body = body
    }
}

/// How a request is to be answered: decided in `Shop`, carried out in `RequestHandler`.
indirect enum Answer {
    case reply(Reply)
    case after(TimeAmount, Answer)
    case eventually(EventLoopFuture<Reply>)
    /// A chunked body, one chunk each 100 ms.
    case stream(chunks: Int)
    case webSocket
    case never
    case crash
}
