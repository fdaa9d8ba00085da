import BlueGreen

/// How durations are written in `teal.yml` and on the command line: `500ms`, `2s`, `5m`, `1h`,
/// `90d`.
enum DurationGrammar {
    /// Of a duration that has no bound of its own.
    static let limit = Duration.seconds(86_400)

    static func duration(_ text: String) -> Duration? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard digits.count <= 8, let count = Int64(digits) else { return nil }
        return switch text.dropFirst(digits.count) {
        case "ms": .milliseconds(count)
        case "s": .seconds(count)
        case "m": .seconds(count * 60)
        case "h": .seconds(count * 3600)
        case "d": .seconds(count * 86_400)
        default: nil
        }
    }
}

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

/// How often something fits into something else, as `teal.yml` writes it: `3x`, `2.5x`.
enum FactorGrammar {
    /// A greater factor would be no bound.
    static let limits = 1.0...1000

    static func factor(_ text: String) -> Double? {
        guard text.hasSuffix("x") else { return nil }
        let number = text.dropLast()
        let isPlain = number.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2e }
        guard isPlain, number.first?.isNumber == true, number.last?.isNumber == true else {
            return nil
        }
        return Double(number)
    }

    /// `3x`, `2.5x`
    static func text(_ factor: Double) -> String {
        let isWhole = factor == factor.rounded()
        return (isWhole ? "\(Int(factor))" : "\(factor)") + "x"
    }
}

/// The texts that may become part of an nginx file, a container's name or a path: nothing in them
/// can end a word or a line there.
struct StrictGrammar: Sendable {
    /// As an error says it: "must be NAME".
    let name: String
    private let limit: Int
    private let first: @Sendable (UInt8) -> Bool
    private let rest: @Sendable (UInt8) -> Bool
    private let refused: @Sendable (String) -> Bool

    private init(
        name: String, limit: Int, first: @escaping @Sendable (UInt8) -> Bool,
        rest: @escaping @Sendable (UInt8) -> Bool,
        refused: @escaping @Sendable (String) -> Bool = { _ in false }
    ) {
        self.name = name
        self.limit = limit
        self.first = first
        self.rest = rest
        self.refused = refused
    }

    func accepts(_ text: String) -> Bool {
        guard let head = text.utf8.first, text.utf8.count <= limit else { return false }
        return first(head) && text.utf8.dropFirst().allSatisfy(rest) && !refused(text)
    }

    /// Teal's own endings would make the compose projects of two apps one: `sales-blue` is where
    /// the app `sales` has its blue containers.
    static let appName = StrictGrammar(
        name: "a name of at most 40 characters out of a-z, 0-9 and -, with a letter first, and "
            + "none of Teal's own endings (\(ownEndings.joined(separator: ", ")))",
        limit: 40, first: isLower, rest: { isLower($0) || isDigit($0) || $0 == dash },
        refused: { name in ownEndings.contains { name.hasSuffix($0) } })

    /// Of the compose projects that an app has.
    static let ownEndings = ["-blue", "-green", "-shared", "-blue-hook", "-green-hook"]

    /// As Compose has it, and no longer than a DNS label, since it is a host name in its network.
    static let serviceName = StrictGrammar(
        name: "a service's name: letters, digits, _ . and -, at most 63", limit: 63,
        first: isAlphanumeric, rest: isNameByte)

    /// As of any other: nginx's files and variables take another name where this one does not do.
    static let exposedName = StrictGrammar(
        name: "an exposed service's name: letters, digits, _ . and -, at most 63", limit: 63,
        first: isAlphanumeric, rest: isNameByte)

    /// A tag, a version or a commit, as a user calls a release.
    static let label = StrictGrammar(
        name: "a label of at most 128 characters: letters, digits and . _ - + / @", limit: 128,
        first: isAlphanumeric,
        rest: { isNameByte($0) || $0 == slash || $0 == 0x2b || $0 == 0x40 })

    /// `registry:5000/shop/web:2`, `shop/web@sha256:...`.
    static let image = StrictGrammar(
        name: "an image's name: letters, digits and . _ - : / @, at most 512", limit: 512,
        first: isAlphanumeric,
        rest: { isNameByte($0) || $0 == slash || $0 == 0x3a || $0 == 0x40 })

    /// `registry.example:5000/shop`: a host, and a path in it. A single word would be a name at
    /// Docker's own registry.
    static let registry = StrictGrammar(
        name: "a registry with a path in it or without: a host with a dot or a port, then names of "
            + "lower-case letters, digits and . _ - behind slashes, at most 160",
        limit: 160, first: isAlphanumeric,
        rest: { isNameByte($0) || $0 == slash || $0 == 0x3a }, refused: { !isRegistry($0) })

    @Sendable private static func isRegistry(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let host = parts[0].split(separator: ":", omittingEmptySubsequences: false)
        guard host.count <= 2, host[0].utf8.last.map(isAlphanumeric) ?? false,
            host.count == 2 || host[0].contains(".") || host[0] == "localhost"
        else { return false }
        if host.count == 2, Int(host[1]).map({ (1...65_535).contains($0) }) != true {
            return false
        }
        return parts.dropFirst().allSatisfy { part in
            part.utf8.allSatisfy { isLower($0) || isDigit($0) || [dash, 0x2e, 0x5f].contains($0) }
                && [part.utf8.first, part.utf8.last].allSatisfy { end in
                    end.map { isLower($0) || isDigit($0) } ?? false
                }
        }
    }

    static let containerName = StrictGrammar(
        name: "a container's name", limit: 128, first: isAlphanumeric, rest: isNameByte)

    static let absolutePath = StrictGrammar(
        name: "an absolute path of letters, digits and / . _ -, without .. and a last /",
        limit: 400, first: { $0 == slash }, rest: { isNameByte($0) || $0 == slash },
        refused: { $0.hasSuffix("/") || $0.split(separator: "/").contains("..") })

    static let urlPath = StrictGrammar(
        name: "a path that begins with /", limit: 1000, first: { $0 == slash },
        rest: { (0x21...0x7e).contains($0) })

    static let host = StrictGrammar(
        name: "a host name, with a port or without", limit: 255, first: isAlphanumeric,
        rest: { isNameByte($0) || $0 == 0x3a })

    /// A numeric address with a port, since nginx resolves names only when it starts.
    static let address = StrictGrammar(
        name: "an IPv4 address with a port", limit: 21, first: isDigit,
        rest: { isDigit($0) || $0 == 0x2e || $0 == 0x3a })

    /// The tail of an nginx variable, `$cookie_NAME`.
    static let cookieName = StrictGrammar(
        name: "a cookie's name of letters, digits and _, at most 63", limit: 63,
        first: { isAlphanumeric($0) || $0 == 0x5f }, rest: { isAlphanumeric($0) || $0 == 0x5f })

    /// The tail of an nginx variable, `$http_NAME`, once its dashes are underscores. nginx drops
    /// fields with an underscore in their names unless it is told otherwise.
    static let headerName = StrictGrammar(
        name: "a header field's name of letters, digits and -, with a letter first, at most 63",
        limit: 63, first: { isAlphanumeric($0) && !isDigit($0) },
        rest: { isAlphanumeric($0) || $0 == dash })

    private static let dash: UInt8 = 0x2d
    private static let slash: UInt8 = 0x2f

    @Sendable private static func isLower(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte)
    }

    @Sendable private static func isDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte)
    }

    @Sendable private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        isLower(byte) || isDigit(byte) || (0x41...0x5a).contains(byte)
    }

    @Sendable private static func isNameByte(_ byte: UInt8) -> Bool {
        isAlphanumeric(byte) || byte == dash || byte == 0x2e || byte == 0x5f
    }
}
