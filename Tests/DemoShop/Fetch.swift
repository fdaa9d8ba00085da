import NIOCore
import NIOHTTP1
import NIOPosix

/// One HTTP request on a connection of its own, with one deadline for all of it.
///
/// The name is resolved by `getaddrinfo`, which from glibc 2.34 on needs no plug-in and so works
/// in a static program without a root file system around it.
struct Fetch: Sendable {
    let method: HTTPMethod
    let address: Address

    struct Response: Sendable {
        let status: Int
        let body: ByteBuffer
    }

    enum Failure: Error, CustomStringConvertible {
        case unreachable(Address, cause: String)
        case closed(Address)
        case late(Address)

        var description: String {
            switch self {
            case .unreachable(let address, let cause):
                "\(address.host):\(address.port) cannot be reached: \(cause)"
            case .closed(let address):
                "\(address.host):\(address.port) closed the connection without an answer"
            case .late(let address):
                "\(address.host):\(address.port) did not answer in time"
            }
        }
    }

    /// `loop` must be the caller's own.
    func run(on loop: any EventLoop, within limit: TimeAmount) -> EventLoopFuture<Response> {
        let promise = loop.makePromise(of: Response.self)
        let late = loop.scheduleTask(in: limit) { promise.fail(Failure.late(address)) }
        ClientBootstrap(group: loop)
            .connectTimeout(limit)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(
                        FetchHandler(fetch: self, promise: promise))
                    promise.futureResult.whenComplete { _ in channel.close(promise: nil) }
                }
            }
            .connect(host: address.host, port: address.port)
            .whenFailure { error in
                promise.fail(Failure.unreachable(address, cause: "\(error)"))
            }
        promise.futureResult.whenComplete { _ in late.cancel() }
        return promise.futureResult
    }
}

/// Sends the one request of a `Fetch` and collects its answer.
final class FetchHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let fetch: Fetch
    private let promise: EventLoopPromise<Fetch.Response>
    private var status = 0
    private var body = ByteBuffer()

    init(fetch: Fetch, promise: EventLoopPromise<Fetch.Response>) {
        self.fetch = fetch
        self.promise = promise
    }

    func channelActive(context: ChannelHandlerContext) {
        var head = HTTPRequestHead(
            version: .http1_1, method: fetch.method, uri: fetch.address.path)
        head.headers.add(name: "Host", value: "\(fetch.address.host):\(fetch.address.port)")
        head.headers.add(name: "Connection", value: "close")
        if fetch.method == .POST { head.headers.add(name: "Content-Length", value: "0") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): status = Int(head.status.code)
        case .body(var bytes): body.writeBuffer(&bytes)
        case .end: promise.succeed(Fetch.Response(status: status, body: body))
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.fail(Fetch.Failure.closed(fetch.address))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(Fetch.Failure.unreachable(fetch.address, cause: "\(error)"))
        context.close(promise: nil)
    }
}

/// An `http://` URL taken apart: enough to fetch from a neighbour, and no more.
struct Address: Equatable, Sendable {
    let host: String
    let port: Int
    let path: String

    /// Nothing when it is no `http://host[:port][/path]`. Bracketed IPv6 hosts are not known.
    init?(url: String) {
        guard url.hasPrefix("http://") else { return nil }
        let rest = url.dropFirst("http://".count)
        let authority = rest.prefix { $0 != "/" }
        let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
        guard let host = parts.first, !host.isEmpty, parts.count <= 2 else { return nil }
        guard let port = parts.count == 2 ? Int(parts[1]) : 80, (1...65535).contains(port) else {
            return nil
        }
        let path = rest.dropFirst(authority.count)
        self.host = String(host)
        self.port = port
        self.path = path.isEmpty ? "/" : String(path)
    }

    /// The same server, another path.
    func at(_ path: String) -> Address { Address(host: host, port: port, path: path) }

    private init(host: String, port: Int, path: String) {
        self.host = host
        self.port = port
        self.path = path
    }
}

/// Another service, reached by its name. Lives on the event loop.
final class Neighbour {
    private let address: Address
    private let loop: any EventLoop
    private var latest: (answer: Fetch.Response, until: NIODeadline)?
    private var pending: EventLoopFuture<Fetch.Response>?

    /// How long an answer is handed out again. Under load each fetch would be a connection of its
    /// own, and after 28,000 of them within a minute the container has no local port left.
    private let freshness = TimeAmount.milliseconds(100)

    init(address: Address, loop: any EventLoop) {
        self.address = address
        self.loop = loop
    }

    /// Its answer to GET, at most 100 ms old; callers at the same time share one request.
    func recent() -> EventLoopFuture<Fetch.Response> {
        if let latest, NIODeadline.now() < latest.until {
            return loop.makeSucceededFuture(latest.answer)
        }
        if let pending { return pending }
        let request = ask(.GET, path: address.path)
        pending = request
        request.assumeIsolated().whenComplete { result in
            self.pending = nil
            if case .success(let answer) = result {
                self.latest = (answer, .now() + self.freshness)
            }
        }
        return request
    }

    func ask(_ method: HTTPMethod, path: String) -> EventLoopFuture<Fetch.Response> {
        Fetch(method: method, address: address.at(path)).run(on: loop, within: .seconds(2))
    }
}
