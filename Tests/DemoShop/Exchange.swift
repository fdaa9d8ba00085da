import NIOCore
import NIOHTTP1

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
