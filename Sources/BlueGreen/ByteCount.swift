/// A size in bytes; `1M` in `teal.yml` is 1,048,576 of them.
package struct ByteCount: Hashable, Comparable, Codable, Sendable {
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
}
