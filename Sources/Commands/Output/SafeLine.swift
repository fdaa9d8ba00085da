import HostSystem

/// One line of output that holds text from elsewhere and can do nothing but be read.
///
/// A GitHub Actions runner takes a line for a command that begins with `::`, spaces before it
/// aside, and one of the older form with `##[` at any place. Output that comes over ssh passes
/// through such a runner without our knowing, so every line is made safe everywhere.
enum SafeLine {
    /// Marks a line as an application's or another program's own.
    static let foreignPrefix = "  | "

    /// A line that an application or an outside program wrote.
    static func foreign(_ text: String) -> String {
        foreignPrefix + cleaned(text)
    }

    /// A line of Teal's own, which may quote others.
    static func own(_ text: String) -> String {
        let cleaned = cleaned(text)
        let start = cleaned.drop { $0.isWhitespace }
        return start.hasPrefix("::") ? "| " + cleaned : cleaned
    }

    /// The lines of a text that may have several.
    static func lines(_ text: String) -> [String] {
        text.split(omittingEmptySubsequences: true, whereSeparator: \.isNewline)
            .map { own(String($0)) }
    }

    private static func cleaned(_ text: String) -> String {
        var result = ""
        var rest = PrintableText(text).text[...]
        while let mark = rest.firstRange(of: "##[") {
            result += rest[..<mark.lowerBound] + "# #["
            rest = rest[mark.upperBound...]
        }
        return result + rest
    }
}
