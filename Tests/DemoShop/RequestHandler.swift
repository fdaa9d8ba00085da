import NIOCore
import NIOHTTP1

/// Reads one request at a time and carries out its `Answer`.
final class RequestHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let shop: Shop
    private let upgrade: WebSocketUpgrade
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private var ticking: Scheduled<Void>?

    /// Larger bodies are refused rather than held.
    private let bodyLimit = 64 << 20

    init(shop: Shop, upgrade: WebSocketUpgrade) {
        self.shop = shop
        self.upgrade = upgrade
    }

    func handlerAdded(context: ChannelHandlerContext) { shop.drain.connectionOpened() }

    func handlerRemoved(context: ChannelHandlerContext) {
        ticking?.cancel()
        endRequest()
        shop.drain.connectionClosed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
            shop.drain.requestBegan()
        case .body(var bytes):
            if body.readableBytes <= bodyLimit { body.writeBuffer(&bytes) }
        case .end:
            guard let head else { return }
            if body.readableBytes > bodyLimit {
                return send(Reply(413, "more than 64 MB\n"), context)
            }
            let request = Request(head: head, body: body)
            carryOut(shop.answer(request, at: .now()), head, context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func carryOut(
        _ answer: Answer, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
    ) {
        switch answer {
        case .reply(let reply): send(reply, context)
        case .after(let delay, let answer):
            ticking = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
                self.carryOut(answer, head, context)
            }
        case .eventually(let reply):
            reply.assumeIsolated().whenSuccess {
                if context.channel.isActive { self.send($0, context) }
            }
        case .stream(let chunks):
            var streamed = responseHead(200)
            streamed.headers.add(name: "Transfer-Encoding", value: "chunked")
            context.writeAndFlush(wrapOutboundOut(.head(streamed)), promise: nil)
            tick(chunk: 1, of: chunks, context)
        case .webSocket:
            guard upgrade.isAsked(by: head) else {
                return send(Reply(426, "only for websockets\n"), context)
            }
            upgrade.perform(head, context, self)
        case .never: break
        case .crash: Listener.crash(shop.journal)
        }
    }

    private func tick(chunk: Int, of chunks: Int, _ context: ChannelHandlerContext) {
        guard chunk <= chunks else { return finish(context) }
        let line = ByteBuffer(string: "\(shop.settings.version) chunk \(chunk) of \(chunks)\n")
        context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(line))), promise: nil)
        ticking = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(100)) {
            self.tick(chunk: chunk + 1, of: chunks, context)
        }
    }

    private func send(_ reply: Reply, _ context: ChannelHandlerContext) {
        var response = responseHead(reply.status)
        response.headers.add(name: "Content-Length", value: String(reply.body.readableBytes))
        context.write(wrapOutboundOut(.head(response)), promise: nil)
        if head?.method != .HEAD {
            context.write(wrapOutboundOut(.body(.byteBuffer(reply.body))), promise: nil)
        }
        finish(context)
    }

    private func responseHead(_ status: Int) -> HTTPResponseHead {
        var response = HTTPResponseHead(
            version: .http1_1, status: HTTPResponseStatus(statusCode: status))
        response.headers.reserveCapacity(5)
        response.headers.add(name: "X-Shop-Version", value: shop.settings.version)
        response.headers.add(name: "Content-Type", value: "text/plain; charset=utf-8")
        if !keepsAlive { response.headers.add(name: "Connection", value: "close") }
        return response
    }

    private var keepsAlive: Bool {
        guard let head, head.version == .http1_1 else { return false }
        return head.isKeepAlive && !shop.drain.isDraining
    }

    private func finish(_ context: ChannelHandlerContext) {
        let closes = !keepsAlive
        endRequest()
        ticking = nil
        guard closes else {
            return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil))).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }

    private func endRequest() {
        guard head != nil else { return }
        head = nil
        shop.drain.requestEnded()
    }
}
