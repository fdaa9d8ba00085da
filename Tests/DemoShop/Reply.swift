import NIOCore

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
