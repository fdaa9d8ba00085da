import NIOCore
import NIOHTTP1

/// Sends the one request of a `Fetch` and collects its answer.
final class FetchHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let fetch: Fetch
    private let promise: EventLoopPromise<Fetch.Response>
    private var status = 0
    private var body = ByteBuffer()

    init(fetch: Fetch, promise: EventLoopPromise<Fetch.Response>) {
        self.fetch = fetch
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(
            version: .http1_1, method: fetch.method, uri: fetch.address.path)
        head.headers.add(name: "Host", value: "\(fetch.address.host):\(fetch.address.port)")
        head.headers.add(name: "Connection", value: "close")
        if fetch.method == .POST { head.headers.add(name: "Content-Length", value: "0") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(var bytes): body.writeBuffer(&bytes)
        case .end: promise.succeed(Fetch.Response(status: status, body: body))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(Fetch.Failure.closed(fetch.address))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(Fetch.Failure.unreachable(fetch.address, cause: "\(error)"))
        context.close(promise: nil)
    }
}
