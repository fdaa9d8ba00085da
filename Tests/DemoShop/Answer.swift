import NIOCore

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
