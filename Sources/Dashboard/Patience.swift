import Hummingbird
import NIOCore

/// How long a visitor may take, so that nobody holds a connection for nothing.
package struct Patience: Hashable, Sendable {
    /// To send the body of a request.
    package var sending = Duration.seconds(10)
    /// To take something of an answer that waits for it.
    package var receiving = Duration.seconds(30)

    package init() {}
}

extension PageContext {
    /// Cuts the connection off where the body lasts longer.
    func within<Value>(
        _ limit: Duration, _ body: () async throws -> Value
    ) async throws -> Value {
        let channel = channel
        let cut = channel.eventLoop.scheduleTask(in: TimeAmount(limit)) {
            channel.close(promise: nil)
        }
        defer { cut.cancel() }
        return try await body()
    }
}

extension ResponseBody {
    /// The same body, after which the connection is closed: the rest of the request is not read.
    func closing(_ context: PageContext) -> ResponseBody {
        let channel = context.channel
        return ResponseBody(contentLength: contentLength) { [self] writer in
            try await write(writer)
            channel.close(promise: nil)
        }
    }
}

/// Cuts a visitor off who takes nothing of what waits to be sent.
final class ReceivingBound: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let limit: Duration
    private var cut: Scheduled<Void>?

    init(_ limit: Duration) {
        self.limit = limit
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        cut?.cancel()
        cut = nil
        let channel = context.channel
        if !channel.isWritable {
            cut = context.eventLoop.scheduleTask(in: TimeAmount(limit)) {
                channel.close(promise: nil)
            }
        }
        context.fireChannelWritabilityChanged()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        cut?.cancel()
    }
}
