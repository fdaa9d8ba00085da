/// A size in bytes; `1M` in `teal.yml` is 1,048,576 of them.
///
/// Sums end at the greatest size there is. Kernels and compose files write "no limit" as a number
/// just below it.
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
        let sum = left.bytes.addingReportingOverflow(right.bytes)
        return sum.overflow
            ? greatest(negative: left.bytes < 0) : ByteCount(bytes: sum.partialValue)
    }

    package static func - (left: ByteCount, right: ByteCount) -> ByteCount {
        let rest = left.bytes.subtractingReportingOverflow(right.bytes)
        return rest.overflow
            ? greatest(negative: left.bytes < 0) : ByteCount(bytes: rest.partialValue)
    }

    package static func * (size: ByteCount, count: Int) -> ByteCount {
        let product = size.bytes.multipliedReportingOverflow(by: Int64(count))
        return product.overflow
            ? greatest(negative: (size.bytes < 0) != (count < 0))
            : ByteCount(bytes: product.partialValue)
    }

    private static func greatest(negative isNegative: Bool) -> ByteCount {
        ByteCount(bytes: isNegative ? .min : .max)
    }

    /// In units of 1,048,576 bytes, rounded to the nearest.
    package var wholeMebibytes: Int64 {
        let (whole, rest) = bytes.quotientAndRemainder(dividingBy: 1_048_576)
        return whole + (rest >= 524_288 ? 1 : rest <= -524_288 ? -1 : 0)
    }

    /// As people read it: `512K`, `71M`, and from a gibibyte on `1.5G`, with a decimal below 10.
    /// An exact number of gibibytes has none, so that a bound reads as it was written.
    package var text: String {
        if bytes.magnitude < 1_048_576 { return "\(bytes / 1024)K" }
        if wholeMebibytes.magnitude < 1024 { return "\(wholeMebibytes)M" }
        let (whole, rest) = bytes.quotientAndRemainder(dividingBy: 1_073_741_824)
        if rest == 0 { return "\(whole)G" }
        let tenths = Int64((Double(bytes) / 107_374_182.4).rounded())
        if tenths.magnitude >= 100 {
            return "\(Int64((Double(bytes) / 1_073_741_824).rounded()))G"
        }
        return "\(bytes < 0 ? "-" : "")\(tenths.magnitude / 10).\(tenths.magnitude % 10)G"
    }
}

extension Sequence<ByteCount> {
    package var total: ByteCount { reduce(.zero, +) }
}
