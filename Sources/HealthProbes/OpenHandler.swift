import BlueGreen
import NIOCore

/// Passes a `tcp` probe as soon as the connection is open.
final class OpenHandler: ChannelInboundHandler {
    typealias InboundIn = Any

    private let answer: EventLoopPromise<ProbeResult>

    init(answer: EventLoopPromise<ProbeResult>) {
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        answer.succeed(.passed)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
    }
}
