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
