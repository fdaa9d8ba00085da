/// Text from elsewhere, such as an application's log line, made safe to print on one line. It has
/// no terminal escapes, no control characters and no broken UTF-8.
package struct PrintableText: Hashable, Sendable, CustomStringConvertible {
    package let text: String

    package init(_ text: String) {
        self.text = Self.stripped(text)
    }

    /// Invalid UTF-8 is repaired.
    package init(bytes: some Sequence<UInt8>) {
        self.init(String(decoding: Array(bytes), as: UTF8.self))
    }

    package var description: String { text }

    /// At most so many bytes of UTF-8, cut between characters, with `...` in place of the rest.
    package func cut(toBytes limit: Int) -> String {
        if text.utf8.count <= limit { return text }
        let mark = limit >= 3 ? "..." : ""
        var kept = text.startIndex
        var bytes = mark.utf8.count
        for index in text.indices {
            bytes += text[index].utf8.count
            if bytes > limit { break }
            kept = text.index(after: index)
        }
        return text[..<kept] + mark
    }

    private static func stripped(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var escape = EscapeSequence.none
        for scalar in text.unicodeScalars {
            if escape.swallows(scalar) { continue }
            if scalar == "\t" {
                kept.append(" ")
            } else if !isControl(scalar) {
                kept.append(scalar)
            }
        }
        return String(kept)
    }

    /// Beside C0 and C1 the marks that turn the direction of text, and the separators of lines. The
    /// former can make a line read as something else; a viewer may show the latter as a new line.
    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00...0x1F, 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF:
            true
        default: false
        }
    }
}

/// Where in a terminal's escape sequence (ECMA-48) a text stands.
private enum EscapeSequence {
    case none
    case escape
    /// After `ESC [`, until a letter or its like.
    case control
    /// After `ESC ]` and its kin, until BEL or `ESC \`.
    case string

    mutating func swallows(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .none:
            return begin(scalar)
        case .escape:
            self = next(afterEscape: scalar)
            return true
        case .control:
            if (0x40...0x7E).contains(scalar.value) { self = .none }
            return true
        case .string:
            if scalar.value == 0x07 || scalar.value == 0x9C { self = .none }
            if scalar.value == 0x1B { self = .escape }
            return true
        }
    }

    private mutating func begin(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x1B: self = .escape
        case 0x9B: self = .control
        case 0x90, 0x98, 0x9D, 0x9E, 0x9F: self = .string
        default: return false
        }
        return true
    }

    private func next(afterEscape scalar: Unicode.Scalar) -> EscapeSequence {
        switch scalar.value {
        case 0x5B: .control
        case 0x50, 0x58, 0x5D, 0x5E, 0x5F: .string
        // Intermediates such as the `(` of `ESC ( B`: the final byte follows.
        case 0x20...0x2F, 0x1B: .escape
        default: .none
        }
    }
}
