import NIOCore
import NIOPosix

/// Asks over TCP, as HTTP/1.0, so that nginx closes the connection behind its answer.
struct StatusClient: StatusSource {
    private let loop: any EventLoop

    init(group: any EventLoopGroup = NIOSingletons.posixEventLoopGroup) {
        loop = group.next()
    }

    func status(of app: String, at address: StatusAddress) async throws -> StatusAnswer? {
        let request =
            "GET \(StatusAnswer.path) HTTP/1.0\r\nHost: \(AppNames(app: app).statusHost)\r\n\r\n"
        let text: String
        do {
            let target = try SocketAddress(ipAddress: address.host, port: address.port)
            text = try await exchange(request, with: target, limit: Self.limit)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw NginxError.unreachable(address, reason: Self.reason(error))
        }
        guard text.hasPrefix("HTTP/1.1 200 "), let end = text.firstRange(of: "\r\n\r\n"),
            let answer = StatusAnswer(body: String(text[end.upperBound...])), answer.app == app
        else { return nil }
        return answer
    }

    /// A worker on a busy small host may be slow; one that does not answer in this time counts as
    /// one that does not.
    private static let limit = TimeAmount.seconds(2)

    private struct NoAnswerInTime: Error {}

    private func exchange(
        _ request: String, with target: SocketAddress, limit: TimeAmount,
        reading part: AnswerPart = .all
    ) async throws -> String {
        let answer = loop.makePromise(of: String.self)
        let deadline = loop.scheduleTask(in: limit) { answer.fail(NoAnswerInTime()) }
        answer.futureResult.whenComplete { _ in deadline.cancel() }
        return try await withTaskCancellationHandler {
            ClientBootstrap(group: loop)
                .channelInitializer { channel in
                    answer.futureResult.whenComplete { _ in channel.close(promise: nil) }
                    return channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(
                            StatusExchange(request: request, part: part, answer: answer))
                    }
                }
                .connect(to: target)
                .whenFailure { answer.fail($0) }
            return try await answer.futureResult.get()
        } onCancel: {
            answer.fail(CancellationError())
        }
    }

    func answer(to request: EdgeRequest, at address: StatusAddress) async throws -> EdgeAnswer? {
        do {
            let target = try SocketAddress(ipAddress: address.host, port: address.port)
            let text = try await exchange(
                request.text, with: target, limit: TimeAmount(request.limit), reading: .head)
            if let answer = EdgeAnswer(head: text) { return answer }
        } catch let error as CancellationError {
            throw error
        } catch is NoAnswerInTime {
            return nil
        } catch {
            throw NginxError.unreachable(address, reason: Self.reason(error))
        }
        throw NginxError.unreachable(address, reason: "what it answered is no HTTP")
    }

    private static func reason(_ error: any Error) -> String {
        switch error {
        case is NoAnswerInTime: "it gave no answer within 2 s"
        default: "\(error)"
        }
    }
}

/// How much of an answer is waited for.
private enum AnswerPart {
    case head
    /// Until the far side closes.
    case all
}

/// Sends one request and gathers what comes.
private final class StatusExchange: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private static let longest = 64 * 1024
    private let request: String
    private let part: AnswerPart
    private let answer: EventLoopPromise<String>
    private var received = ""

    init(request: String, part: AnswerPart, answer: EventLoopPromise<String>) {
        self.request = request
        self.part = part
        self.answer = answer
    }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: request)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        let isWhole = part == .head && received.contains("\r\n\r\n")
        if isWhole || received.utf8.count > Self.longest { answer.succeed(received) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        answer.succeed(received)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        answer.fail(error)
    }
}

/// Asks nginx's workers what they run; a port of its own so that tests need no nginx.
protocol StatusSource: Sendable {
    /// The answer of one worker over a fresh TCP connection; nil where a server answered that is
    /// not this app's status server.
    ///
    /// - Throws: `NginxError.unreachable` where nothing answered in time.
    func status(of app: String, at address: StatusAddress) async throws -> StatusAnswer?

    /// The head of the answer to a request that nginx passes on; nil where none came in time.
    ///
    /// - Throws: `NginxError.unreachable` where nobody took the request.
    func answer(to request: EdgeRequest, at address: StatusAddress) async throws -> EdgeAnswer?
}
