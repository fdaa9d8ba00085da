import BlueGreen
import HostSystem
import NIOCore

/// Keeps the first bytes of an answer, for an answer that turns out not to be HTTP.
final class AnswerBeginning: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private static let kept = 512
    private static let shown = 60
    /// The first bytes of a TLS record: an alert or a handshake, version 3.
    private static let recordKinds: Set<UInt8> = [21, 22]

    private var bytes: [UInt8] = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        bytes += unwrapInboundIn(data).readableBytesView.prefix(Self.kept - bytes.count)
        context.fireChannelRead(data)
    }

    /// Why the answer was not understood.
    var failure: ProbeFailure {
        if bytes.isEmpty { return .noAnswer }
        if bytes.count > 1, Self.recordKinds.contains(bytes[0]), bytes[1] == 3 {
            return .notHTTP(.tls)
        }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard !line.isEmpty, line.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            return .notHTTP(.bytes)
        }
        return .notHTTP(
            .words(PrintableText(String(decoding: line, as: UTF8.self)).cut(toBytes: Self.shown)))
    }

    /// Servers that speak TLS answer a plain request with 400 and say so: Go's "Client sent an HTTP
    /// request to an HTTPS server", nginx's "The plain HTTP request was sent to HTTPS port".
    var speaksOfTLS: Bool {
        String(decoding: bytes, as: UTF8.self).contains("HTTPS ")
    }
}
