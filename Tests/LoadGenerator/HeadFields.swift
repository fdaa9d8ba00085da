/// The few fields of a response head that are looked at.
struct HeadFields {
    private(set) var status = 0
    private(set) var contentLength: Int?
    private(set) var isChunked = false
    private(set) var closes = false
    private(set) var version: [UInt8]?
    private let versionHeader: [UInt8]

    init(versionHeader: [UInt8]) {
        self.versionHeader = versionHeader
    }

    /// `bytes` are the head with its empty line. False when it is no HTTP/1 response.
    mutating func read(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let prefix = "HTTP/1.".utf8
        guard bytes.count >= 14, bytes.starts(with: prefix) else { return false }
        closes = bytes[7] == UInt8(ascii: "0")
        guard let status = Self.number(bytes[9..<12]) else { return false }
        self.status = status
        var start = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "\n") {
            let line = bytes[start..<index]
            if start > 0, let colon = line.firstIndex(of: UInt8(ascii: ":")) {
                let value = Self.trimmed(bytes[(colon + 1)..<index])
                guard readField(bytes[start..<colon], value) else { return false }
            }
            start = index + 1
        }
        return true
    }

    private mutating func readField(
        _ name: Slice<UnsafeRawBufferPointer>, _ value: Slice<UnsafeRawBufferPointer>
    ) -> Bool {
        if Self.equal(name, "content-length".utf8) {
            contentLength = Self.number(value)
            return contentLength != nil
        }
        if Self.equal(name, "transfer-encoding".utf8) {
            isChunked = Self.equal(value, "chunked".utf8)
        } else if Self.equal(name, "connection".utf8) {
            closes = Self.equal(value, "close".utf8)
        } else if Self.equal(name, versionHeader) {
            version = Array(value)
        }
        return true
    }

    /// `lowercase` against any case; ASCII only.
    private static func equal(
        _ bytes: Slice<UnsafeRawBufferPointer>, _ lowercase: some Collection<UInt8>
    ) -> Bool {
        guard bytes.count == lowercase.count else { return false }
        return zip(bytes, lowercase).allSatisfy { byte, wanted in
            byte == wanted || (byte | 0x20 == wanted && (0x41...0x5A).contains(byte))
        }
    }

    private static func trimmed(
        _ bytes: Slice<UnsafeRawBufferPointer>
    ) -> Slice<UnsafeRawBufferPointer> {
        var bytes = bytes
        while let first = bytes.first, first <= UInt8(ascii: " ") { bytes.removeFirst() }
        while let last = bytes.last, last <= UInt8(ascii: " ") { bytes.removeLast() }
        return bytes
    }

    private static func number(_ bytes: Slice<UnsafeRawBufferPointer>) -> Int? {
        guard !bytes.isEmpty, bytes.count <= 15 else { return nil }
        var number = 0
        for byte in bytes {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            number = number * 10 + Int(byte - UInt8(ascii: "0"))
        }
        return number
    }
}
