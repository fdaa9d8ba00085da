import NIOCore
import NIOHTTP1

/// A request with its body read to the end and its query taken apart.
struct Request {
    let method: HTTPMethod
    let path: String
    let host: String?
    let body: ByteBuffer
    private let query: [Substring]

    init(head: HTTPRequestHead, body: ByteBuffer) {
        let parts = head.uri.split(separator: "?", maxSplits: 1)
        method = head.method
        path = parts.first.map(String.init) ?? "/"
        query = parts.count > 1 ? parts[1].split(separator: "&") : []
        host = head.headers.first(name: "Host")
        self.body = body
    }

    /// The number given as `?name=number`, brought into the range; `standard` when there is none.
    func number(_ name: String, in range: ClosedRange<Int>, standard: Int) -> Int {
        for pair in query {
            let parts = pair.split(separator: "=", maxSplits: 1)
            guard parts.count == 2, parts[0] == name, let number = Int(parts[1]) else { continue }
            return min(max(number, range.lowerBound), range.upperBound)
        }
        return standard
    }
}
