import NIOCore

/// One open connection: hands its visitor whole responses.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let visitor: Visitor
    private let channel: any Channel
    private var reader: ResponseReader
    private var rest = ByteBuffer()
    /// Responses read so far.
    private(set) var served = 0

    init(visitor: Visitor, channel: any Channel, plan: Plan) {
        self.visitor = visitor
        self.channel = channel
        reader = ResponseReader(versionHeader: plan.versionHeader)
    }

    func send(_ request: ByteBuffer) { channel.writeAndFlush(request, promise: nil) }

    func close() { channel.close(promise: nil) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        visitor.sawBytes(on: self)
        if rest.readableBytes > 0 {
            rest.writeBuffer(&bytes)
            read(&rest)
        } else {
            read(&bytes)
            rest = bytes
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        switch reader.readClose() {
        case .complete: answer()
        case .incomplete, .malformed: visitor.lostConnection(self)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func read(_ bytes: inout ByteBuffer) {
        switch reader.read(&bytes) {
        case .incomplete: break
        case .malformed: visitor.lostConnection(self)
        case .complete:
            // More bytes than asked for would be taken for the next answer.
            bytes.readableBytes == 0 ? answer() : visitor.lostConnection(self)
        }
    }

    private func answer() {
        served += 1
        visitor.answered(reader.status, version: reader.version, closes: reader.closes, by: self)
    }
}
