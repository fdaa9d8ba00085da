import BlueGreen
import NIOCore
import NIOHTTP1

/// Sends one request and judges the head of its answer.
final class RequestHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private let expected: [ClosedRange<Int>]
    private let beginning: AnswerBeginning
    private let answer: EventLoopPromise<ProbeResult>

    init(
        head: HTTPRequestHead, expected: [ClosedRange<Int>], beginning: AnswerBeginning,
        answer: EventLoopPromise<ProbeResult>
    ) {
        self.head = head
        self.expected = expected
        self.beginning = beginning
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil))).cascadeFailure(to: answer)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let response):
            answer.succeed(judged(Int(response.status.code)))
        case .body, .end:
            break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(.failed(beginning.failure))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case HTTPParserError.headerOverflow: answer.fail(error)
        case is HTTPParserError: answer.succeed(.failed(beginning.failure))
        default: answer.fail(error)
        }
    }

    private func judged(_ status: Int) -> ProbeResult {
        guard expected.contains(where: { $0.contains(status) }) else {
            return .failed(
                status == 400 && beginning.speaksOfTLS ? .notHTTP(.tls) : .status(status))
        }
        return (200..<300).contains(status) ? .passed : .accepted(status: status)
    }
}
