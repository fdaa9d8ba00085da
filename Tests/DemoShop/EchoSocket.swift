import NIOCore
import NIOWebSocket

/// A websocket that sends back what it gets, until it is closed or the shop leaves.
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
