import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The listening socket and the pipeline of each accepted connection.
final class Listener: Sendable {
    private let shop: NIOLoopBound<Shop>
    private let loop: any EventLoop
    private let channel = Mutex<(any Channel)?>(nil)

    init(shop: NIOLoopBound<Shop>, loop: any EventLoop) {
        self.shop = shop
        self.loop = loop
    }

    /// Opens the port once the start has used its processor time and memory. Must be called on the event loop.
    func warmUp() {
        WarmUp(shop: shop.value).run(on: loop) { self.open() }
    }

    /// A port that cannot be had ends the process with 1.
    private func open() {
        let (shop, loop) = (shop, loop)
        let settings = shop.value.settings
        let journal = shop.value.journal
        ServerBootstrap(group: loop)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(Exchange.handlers(shop.value))
                }
            }
            .bind(host: "0.0.0.0", port: settings.port)
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    self.channel.withLock { $0 = channel }
                    journal.note("listening on port \(settings.port)")
                    shop.value.begin()
                    if let crashAfter = settings.crashAfter {
                        loop.scheduleTask(in: crashAfter) { Self.crash(journal) }
                    }
                case .failure(let error):
                    journal.note("cannot listen on port \(settings.port): \(error)")
                    exit(1)
                }
            }
    }

    /// Stops accepting, ends the shop's own work and resolves as `Drain.begin` says.
    func drain(within grace: TimeAmount) -> EventLoopFuture<Int> {
        channel.withLock { $0?.close(promise: nil) }
        return loop.flatSubmit {
            let served = self.shop.value.drain.begin(within: grace)
            let worked = self.shop.value.end(within: grace)
            return worked.and(served).map(\.1)
        }
    }

    static func crash(_ journal: Journal) {
        journal.note("crashing as asked")
        exit(1)
    }
}

/// The HTTP pipeline of one connection.
///
/// It is put together by hand because NIO's own set-up offers the websocket upgrade to the first
/// request of a connection only, and a proxy may send the handshake on one it has used before.
enum Exchange {
    static func handlers(_ shop: Shop) -> [any ChannelHandler] {
        let decoder = ByteToMessageHandler(
            HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes))
        let encoder = HTTPResponseEncoder()
        let pipelining = HTTPServerPipelineHandler()
        let upgrade = WebSocketUpgrade(
            decoder: decoder, encoder: encoder, pipelining: pipelining, shop: shop)
        return [decoder, encoder, pipelining, RequestHandler(shop: shop, upgrade: upgrade)]
    }
}
