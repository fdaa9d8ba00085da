import NIOCore
import NIOHTTP1
import NIOWebSocket

/// Turns an HTTP connection into a websocket that echoes.
final class WebSocketUpgrade {
    private let decoder: ByteToMessageHandler<HTTPRequestDecoder>
    private let encoder: HTTPResponseEncoder
    private let pipelining: HTTPServerPipelineHandler
    private let drain: Drain
    private let version: String
    private let frameLimit = 1 << 20

    init(
        decoder: ByteToMessageHandler<HTTPRequestDecoder>, encoder: HTTPResponseEncoder,
        pipelining: HTTPServerPipelineHandler, shop: Shop
    ) {
        self.decoder = decoder
        self.encoder = encoder
        self.pipelining = pipelining
        drain = shop.drain
        version = shop.settings.version
    }

    func isAsked(by head: HTTPRequestHead) -> Bool {
        head.headers[canonicalForm: "upgrade"].contains { $0.lowercased() == "websocket" }
    }

    /// Answers 101 and exchanges the handlers; a handshake that is wrong closes the connection.
    func perform(
        _ head: HTTPRequestHead, _ context: ChannelHandlerContext, _ http: RequestHandler
    ) {
        let echo = NIOLoopBound(EchoSocket(drain: drain), eventLoop: context.eventLoop)
        let upgrader = NIOWebSocketServerUpgrader(
            maxFrameSize: frameLimit,
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(echo.value)
                }
            })
        upgrader.buildUpgradeResponse(
            channel: context.channel, upgradeRequest: head,
            initialResponseHeaders: ["X-Shop-Version": version]
        ).assumeIsolated().whenComplete { result in
            switch result {
            case .success(let headers): self.exchange(head, headers, upgrader, context, http)
            case .failure: context.close(promise: nil)
            }
        }
    }

    private func exchange(
        _ head: HTTPRequestHead, _ headers: HTTPHeaders, _ upgrader: NIOWebSocketServerUpgrader,
        _ context: ChannelHandlerContext, _ http: RequestHandler
    ) {
        let response = HTTPResponseHead(
            version: .http1_1, status: .switchingProtocols, headers: headers)
        context.writeAndFlush(NIOAny(HTTPServerResponsePart.head(response)), promise: nil)
        let pipeline = context.pipeline.syncOperations
        pipeline.removeHandler(pipelining, promise: nil)
        pipeline.removeHandler(encoder, promise: nil)
        upgrader.upgrade(context: context, upgradeRequest: head).assumeIsolated().whenComplete {
            _ in
            pipeline.removeHandler(http, promise: nil)
            // Last, since it hands on the bytes that came behind the handshake.
            pipeline.removeHandler(self.decoder, promise: nil)
        }
    }
}

/// A websocket that echoes its messages, until it is closed or the shop leaves.
final class EchoSocket: ChannelInboundHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundOut = WebSocketFrame

    private let drain: Drain

    init(drain: Drain) {
        self.drain = drain
    }

    func handlerAdded(context: ChannelHandlerContext) {
        drain.connectionOpened()
        drain.webSocketOpened(context.channel)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        drain.webSocketClosed(context.channel)
        drain.connectionClosed()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .text, .binary, .continuation:
            send(frame.opcode, frame.unmaskedData, fin: frame.fin, context)
        case .ping: send(.pong, frame.unmaskedData, fin: true, context)
        case .connectionClose: close(frame.unmaskedData, context)
        case .pong: break
        default: context.close(promise: nil)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is Drain.GoingAway else { return context.fireUserInboundEventTriggered(event) }
        var reason = ByteBuffer()
        reason.write(webSocketErrorCode: .goingAway)
        close(reason, context)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func send(
        _ opcode: WebSocketOpcode, _ data: ByteBuffer, fin: Bool, _ context: ChannelHandlerContext
    ) {
        let frame = WebSocketFrame(fin: fin, opcode: opcode, data: data)
        context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    }

    private func close(_ reason: ByteBuffer, _ context: ChannelHandlerContext) {
        let frame = WebSocketFrame(fin: true, opcode: .connectionClose, data: reason)
        context.writeAndFlush(wrapOutboundOut(frame)).assumeIsolated().whenComplete { _ in
            context.close(promise: nil)
        }
    }
}
