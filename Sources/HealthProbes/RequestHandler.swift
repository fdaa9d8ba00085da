import BlueGreen
import NIOCore
import NIOHTTP1

/// Sends one request and judges the head of its answer.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let expected: [ClosedRange<Int>]
    private let answer: EventLoopPromise<ProbeResult>

    init(
        head: HTTPRequestHead, expected: [ClosedRange<Int>], answer: EventLoopPromise<ProbeResult>
    ) {
        self.head = head
        self.expected = expected
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).cascadeFailure(to: answer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let response):
            let status = Int(response.status.code)
            let passed = expected.contains { $0.contains(status) }
            answer.succeed(passed ? .passed : .failed(.status(status)))
        case .body, .end:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(.failed(.noAnswer))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
    }
}
