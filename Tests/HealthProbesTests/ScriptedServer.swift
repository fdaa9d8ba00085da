import NIOCore
import NIOPosix

/// A TCP server on loopback that answers each connection as its script says, byte for byte.
struct ScriptedServer {
    enum Script: Sendable {
        case answer(String)
        /// Each byte in a packet of its own.
        case byteByByte(String)
        /// The start of an answer, then a byte every millisecond, for as long as anyone listens.
        case endless(String)
        case silence
        case close
    }

    let port: Int
    /// The head of the first request.
    let request: EventLoopFuture<String>
    /// Completes when the first client has gone.
    let clientGone: EventLoopFuture<Void>
    private let channel: any Channel
    private let watch: Watch

    static func start(_ script: Script, on host: String = "127.0.0.1") async throws -> Self {
        let group = MultiThreadedEventLoopGroup.singleton
        let loop = group.next()
        let watch = Watch(
            accepted: loop.makePromise(), request: loop.makePromise(), gone: loop.makePromise())
        let channel = try await ServerBootstrap(group: loop)
            .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { child in
                child.eventLoop.makeCompletedFuture {
                    let handler = ScriptHandler(script: script, watch: watch)
                    try child.pipeline.syncOperations.addHandler(handler)
                }
            }
            .bind(host: host, port: 0).get()
        return ScriptedServer(
            port: channel.localAddress?.port ?? 0, request: watch.request.futureResult,
            clientGone: watch.gone.futureResult, channel: channel, watch: watch)
    }

    /// Completes when the first client is connected.
    var clientArrived: EventLoopFuture<Void> { watch.accepted.futureResult }

    func stop() async throws {
        try await channel.close()
        watch.accepted.succeed(())
        watch.request.succeed("")
        watch.gone.succeed(())
    }

    struct Watch: Sendable {
        let accepted: EventLoopPromise<Void>
        let request: EventLoopPromise<String>
        let gone: EventLoopPromise<Void>
    }
}

private final class ScriptHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let script: ScriptedServer.Script
    private let watch: ScriptedServer.Watch
    private var received = ""
    private var dripping: RepeatedTask?

    init(script: ScriptedServer.Script, watch: ScriptedServer.Watch) {
        self.script = script
        self.watch = watch
    }

    func channelActive(context: ChannelHandlerContext) {
        watch.accepted.succeed(())
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        guard received.hasSuffix("\r\n\r\n") else { return }
        watch.request.succeed(received)
        play(context: context)
    }

    func channelInactive(context: ChannelHandlerContext) {
        dripping?.cancel()
        watch.gone.succeed(())
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func play(context: ChannelHandlerContext) {
        switch script {
        case .answer(let text):
            send(text, context: context)
        case .byteByByte(let text):
            for byte in text { send(String(byte), context: context) }
        case .endless(let text):
            send(text, context: context)
            let channel = context.channel
            dripping = context.eventLoop.scheduleRepeatedTask(
                initialDelay: .milliseconds(1), delay: .milliseconds(1)
            ) { _ in
                channel.writeAndFlush(ByteBuffer(string: "x"), promise: nil)
            }
        case .silence:
            break
        case .close:
            context.close(promise: nil)
        }
    }

    private func send(_ text: String, context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
    }
}
