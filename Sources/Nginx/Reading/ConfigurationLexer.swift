/// Cuts the text of an nginx configuration file into words and signs, as nginx does.
struct ConfigurationLexer {
    enum Token: Hashable {
        case word(String)
        case semicolon
        case open
        case close
    }

    private let bytes: [UInt8]
    private var position = 0
    private(set) var line = 1

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    /// nil at the end.
    mutating func next() -> Token? {
        skipBlanksAndComments()
        guard let byte = peek else { return nil }
        switch byte {
        case UInt8(ascii: ";"): return sign(.semicolon)
        case UInt8(ascii: "{"): return sign(.open)
        case UInt8(ascii: "}"): return sign(.close)
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .word(quoted(by: byte))
        default: return .word(plain())
        }
    }

    private var peek: UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func advance() {
        if bytes[position] == UInt8(ascii: "\n") { line += 1 }
        position += 1
    }

    private mutating func sign(_ token: Token) -> Token {
        advance()
        return token
    }

    private mutating func skipBlanksAndComments() {
        while let byte = peek {
            if byte == UInt8(ascii: "#") {
                while let inside = peek, inside != UInt8(ascii: "\n") { advance() }
            } else if Self.isBlank(byte) {
                advance()
            } else {
                return
            }
        }
    }

    private mutating func quoted(by quote: UInt8) -> String {
        advance()
        var word: [UInt8] = []
        while let byte = peek, byte != quote {
            if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
                word.append(byte)
                advance()
            }
            word.append(bytes[position])
            advance()
        }
        if peek != nil { advance() }
        return String(decoding: word, as: UTF8.self)
    }

    private mutating func plain() -> String {
        var word: [UInt8] = []
        while let byte = peek, !Self.isBlank(byte), byte != UInt8(ascii: ";") {
            // `${name}` is part of a word, another brace ends it.
            if byte == UInt8(ascii: "{"), word.last != UInt8(ascii: "$") { break }
            if byte == UInt8(ascii: "\\"), position + 1 < bytes.count {
                word.append(byte)
                advance()
            }
            word.append(bytes[position])
            advance()
        }
        return String(decoding: word, as: UTF8.self)
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == 0x20 || (0x09...0x0d).contains(byte)
    }
}
