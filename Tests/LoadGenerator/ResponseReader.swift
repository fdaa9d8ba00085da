import NIOCore

/// Reads responses from the bytes of a connection and keeps of each only what is counted.
///
/// NIOHTTP1's decoder would make strings of all headers, most of this program's CPU time, which
/// it takes from the server that it measures on the same host.
struct ResponseReader {
    enum Progress: Equatable {
        case incomplete
        case complete
        case malformed
    }

    private enum Phase: Equatable {
        case head
        case counted(Int)
        case chunkSize
        case chunk(Int)
        case trailer
        case untilClose
    }

    private(set) var status = 0
    private(set) var version: [UInt8] = []
    /// Whether the connection ends with this response.
    private(set) var closes = false
    private var phase = Phase.head
    private let versionHeader: [UInt8]

    init(versionHeader: String) {
        self.versionHeader = Array(versionHeader.lowercased().utf8)
    }

    /// Takes what it can from the buffer. After `complete` the fields describe that response until
    /// the next call.
    mutating func read(_ buffer: inout ByteBuffer) -> Progress {
        while true {
            switch phase {
            case .head:
                guard let end = buffer.firstEmptyLine else {
                    return buffer.readableBytes > 1 << 16 ? .malformed : .incomplete
                }
                guard readHead(&buffer, length: end) else { return .malformed }
            case .counted(0):
                phase = .head
                return .complete
            case .counted(let rest):
                let taken = min(rest, buffer.readableBytes)
                guard taken > 0 else { return .incomplete }
                buffer.moveReaderIndex(forwardBy: taken)
                phase = .counted(rest - taken)
            case .chunkSize:
                guard let line = buffer.readLine() else { return .incomplete }
                let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
                guard let size = Int(String(decoding: digits, as: UTF8.self), radix: 16), size >= 0
                else { return .malformed }
                // The data of a chunk is followed by a line end.
                phase = size == 0 ? .trailer : .chunk(size + 2)
            case .chunk(0): phase = .chunkSize
            case .chunk(let rest):
                let taken = min(rest, buffer.readableBytes)
                guard taken > 0 else { return .incomplete }
                buffer.moveReaderIndex(forwardBy: taken)
                phase = .chunk(rest - taken)
            case .trailer:
                guard let line = buffer.readLine() else { return .incomplete }
                if line.isEmpty { phase = .counted(0) }
            case .untilClose:
                buffer.moveReaderIndex(forwardBy: buffer.readableBytes)
                return .incomplete
            }
        }
    }

    /// What the end of the connection means for the response that is being read.
    func readClose() -> Progress {
        phase == .untilClose ? .complete : .incomplete
    }

    private mutating func readHead(_ buffer: inout ByteBuffer, length: Int) -> Bool {
        var head = HeadFields(versionHeader: versionHeader)
        let isValid = buffer.readWithUnsafeReadableBytes { bytes in
            (length, head.read(UnsafeRawBufferPointer(rebasing: bytes.prefix(length))))
        }
        guard isValid else { return false }
        // 100 Continue and its like only announce the response.
        if head.status < 200 { return head.status != 101 }
        status = head.status
        closes = head.closes
        if let found = head.version { version = found } else { version.removeAll() }
        if head.status == 204 || head.status == 304 {
            phase = .counted(0)
        } else if head.isChunked {
            phase = .chunkSize
        } else if let length = head.contentLength {
            phase = .counted(length)
        } else {
            phase = .untilClose
            closes = true
        }
        return true
    }
}
