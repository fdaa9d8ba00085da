/// An IPv4 address that the internet does not reach, with a port: `127.0.0.1:8089`.
struct PrivateAddress: Hashable {
    let text: String
    let port: Int

    /// Takes loopback, the networks of RFC 1918, those that only one link knows (RFC 3927), and
    /// the shared space of RFC 6598, which overlay networks use.
    init?(_ text: String) {
        let halves = text.split(separator: ":", omittingEmptySubsequences: false)
        guard halves.count == 2, let port = Self.number(halves[1], in: 1...65_535) else {
            return nil
        }
        let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { Self.number($0, in: 0...255) }
        guard parts.count == 4, bytes.count == 4, Self.isPrivate(bytes[0], bytes[1]) else {
            return nil
        }
        self.text = text
        self.port = port
    }

    private static func isPrivate(_ first: Int, _ second: Int) -> Bool {
        switch first {
        case 127, 10: true
        case 172: (16...31).contains(second)
        case 192: second == 168
        case 169: second == 254
        case 100: (64...127).contains(second)
        default: false
        }
    }

    /// Without leading zeros, which some programs read as octal.
    private static func number(_ digits: Substring, in range: ClosedRange<Int>) -> Int? {
        guard (1...5).contains(digits.utf8.count), digits == "0" || digits.first != "0",
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(digits)
        else { return nil }
        return range.contains(number) ? number : nil
    }
}
