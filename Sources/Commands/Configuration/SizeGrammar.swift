import BlueGreen

/// How sizes and shares are written in `teal.yml`: `64M`, `1G`; `10%`, `2.5%`.
enum SizeGrammar {
    /// No host that Teal is for has more, and sums of it stay far from overflowing.
    static let limit = ByteCount.mebibytes(1024 * 1024)

    /// K, M and G are powers of 1,024.
    static func size(_ text: String) -> ByteCount? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.count <= 9, let count = Int64(digits) else { return nil }
        let unit: Int64? =
            switch text.dropFirst(digits.count) {
            case "K": 1024
            case "M": 1_048_576
            case "G": 1_073_741_824
            default: nil
            }
        return unit.map { ByteCount(bytes: count * $0) }
    }

    static func share(_ text: String) -> Share? {
        guard text.hasSuffix("%") else { return nil }
        let number = text.dropLast()
        let isPlain = number.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
        guard isPlain, number.first?.isNumber == true, number.last?.isNumber == true,
            let percent = Double(number), percent <= 100
        else { return nil }
        return Share(percent: percent)
    }
}
