import NIOCore
package import NIOHTTP1
import NIOPosix
package import NIOSSL
import Synchronization

/// A web server on loopback that keeps its requests and answers by a script. It has one entry a
/// request, the last one for all further requests.
package struct Receiver: Sendable {
    package enum Answer: Sendable {
        case status(Int, fields: [String: String] = [:], body: String = "")
        case silence
        case close
    }

    package struct Request: Sendable {
        package var method: HTTPMethod
        package var path: String
        package var fields: HTTPHeaders
        package var body: [UInt8] = []
    }

    package let port: Int
    /// As they come.
    package let requests: AsyncStream<Request>
    private let channel: any Channel
    private let script: Script

    /// - Parameter path: a socket of the file system instead of a port.
    package static func start(
        _ answers: Answer..., behind encryption: NIOSSLContext? = nil, at path: String? = nil
    ) async throws -> Receiver {
        try await start(answers, behind: encryption, at: path)
    }

    package static func start(
        _ answers: [Answer], behind encryption: NIOSSLContext? = nil, at path: String? = nil
    ) async throws -> Receiver {
        let taken = Mutex(0)
        return try await start(behind: encryption, at: path) { _ in
            taken.withLock { taken in
                taken += 1
                return answers.isEmpty ? .close : answers[min(taken, answers.count) - 1]
            }
        }
    }

    /// One that answers by what it is asked.
    package static func start(
        behind encryption: NIOSSLContext? = nil, at path: String? = nil,
        answering answer: @escaping @Sendable (Request) -> Answer
    ) async throws -> Receiver {
        let (requests, continuation) = AsyncStream.makeStream(of: Request.self)
        let script = Script(answer, continuation)
        let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    let pipeline = child.pipeline.syncOperations
                    if let encryption {
                        try pipeline.addHandler(NIOSSLServerHandler(context: encryption))
                    }
                    try pipeline.configureHTTPServerPipeline()
                    try pipeline.addHandler(ReceiverHandler(script))
                }
            }
        let binding =
            path.map { bootstrap.bind(unixDomainSocketPath: $0) }
            ?? bootstrap.bind(host: "127.0.0.1", port: 0)
        let channel = try await binding.get()
        return Receiver(
            port: channel.localAddress?.port ?? 0, requests: requests, channel: channel,
            script: script)
    }

    /// A port of loopback on which nobody listens.
    package static func deafPort() async throws -> Int {
        let receiver = try await start()
        try await receiver.stop()
        // A program that another test starts just then holds the socket too, until it is itself.
        let group = MultiThreadedEventLoopGroup.singleton
        while let held = try? await ClientBootstrap(group: group)
            .connect(host: "127.0.0.1", port: receiver.port).get()
        {
            try? await held.close()
        }
        return receiver.port
    }

    /// How many requests came.
    package var count: Int { script.count }

    package func stop() async throws {
        try await channel.close()
        script.continuation.finish()
    }

    fileprivate final class Script: Sendable {
        private let answer: @Sendable (Request) -> Answer
        private let taken = Mutex(0)
        let continuation: AsyncStream<Request>.Continuation

        init(
            _ answer: @escaping @Sendable (Request) -> Answer,
            _ continuation: AsyncStream<Request>.Continuation
        ) {
            self.answer = answer
            self.continuation = continuation
        }

        var count: Int { taken.withLock(\.self) }

        func answer(to request: Request) -> Answer {
            taken.withLock { $0 += 1 }
            return answer(request)
        }
    }
}

private final class ReceiverHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let script: Receiver.Script
    private var request: Receiver.Request?

    init(_ script: Receiver.Script) {
        self.script = script
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            request = Receiver.Request(method: head.method, path: head.uri, fields: head.headers)
        case .body(let part):
            request?.body += part.readableBytesView
        case .end:
            guard let request else { return }
            let answer = script.answer(to: request)
            script.continuation.yield(request)
            play(answer, context: context)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func play(_ answer: Receiver.Answer, context: ChannelHandlerContext) {
        switch answer {
        case .status(let code, let fields, let body):
            var headers = HTTPHeaders(fields.map { ($0.key, $0.value) })
            headers.replaceOrAdd(name: "Content-Length", value: "\(body.utf8.count)")
            let head = HTTPResponseHead(
                version: .http1_1, status: .init(statusCode: code), headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(
                wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: body)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        case .silence: break
        case .close: context.close(promise: nil)
        }
    }
}
