/// A size in bytes; `1M` in `teal.yml` is 1,048,576 of them.
package struct ByteCount: Hashable, Comparable, Codable, Sendable {
    package static let zero = ByteCount(bytes: 0)

    package let bytes: Int64

    package init(bytes: Int64) {
        self.bytes = bytes
    }

    package static func kibibytes(_ count: Int64) -> ByteCount {
        ByteCount(bytes: count * 1024)
    }

    package static func mebibytes(_ count: Int64) -> ByteCount {
        ByteCount(bytes: count * 1_048_576)
    }

    package static func < (left: ByteCount, right: ByteCount) -> Bool {
        left.bytes < right.bytes
    }

    package static func + (left: ByteCount, right: ByteCount) -> ByteCount {
        ByteCount(bytes: left.bytes + right.bytes)
    }

    package static func - (left: ByteCount, right: ByteCount) -> ByteCount {
        ByteCount(bytes: left.bytes - right.bytes)
    }

    package static func * (size: ByteCount, count: Int) -> ByteCount {
        ByteCount(bytes: size.bytes * Int64(count))
    }

    /// In units of 1,048,576 bytes, rounded to the nearest.
    package var wholeMebibytes: Int64 {
        let half: Int64 = bytes < 0 ? -524_288 : 524_288
        return (bytes + half) / 1_048_576
    }

    /// As `teal.yml` writes it, `71M`; below one mebibyte in `K`.
    package var text: String {
        abs(bytes) < 1_048_576 ? "\(bytes / 1024)K" : "\(wholeMebibytes)M"
    }
}

extension Sequence<ByteCount> {
    package var total: ByteCount { reduce(.zero, +) }
}
