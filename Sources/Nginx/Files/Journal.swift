/// The files that a change replaced, as one file: it is written atomically, so it is whole or not
/// there.
struct Journal: Hashable, Sendable {
    /// By path; nil where there was no file.
    let texts: [String: String?]

    private static let heading = "teal journal 1"

    /// Those that there were.
    var kept: [String: String] { texts.compactMapValues(\.self) }

    init(of paths: [String], in files: GeneratedFiles) {
        texts = Dictionary(uniqueKeysWithValues: paths.map { ($0, files.texts[$0]) })
    }

    /// nil where the text is not a journal.
    init?(text: String) {
        var rest = Substring(text)
        guard let first = Self.line(from: &rest), first == Self.heading else { return nil }
        var texts: [String: String?] = [:]
        while !rest.isEmpty {
            let words = Self.line(from: &rest)?.split(separator: " ") ?? []
            if words.count == 2, words[0] == "absent" {
                texts.updateValue(nil, forKey: String(words[1]))
            } else if words.count == 3, words[0] == "file", let length = Int(words[2]),
                let content = Self.bytes(length, from: &rest)
            {
                texts.updateValue(content, forKey: String(words[1]))
            } else {
                return nil
            }
        }
        self.texts = texts
    }

    var text: String {
        let entries = texts.sorted { $0.key < $1.key }.map { path, text in
            text.map { "file \(path) \($0.utf8.count)\n\($0)\n" } ?? "absent \(path)\n"
        }
        return Self.heading + "\n" + entries.joined()
    }

    private static func line(from rest: inout Substring) -> Substring? {
        guard let end = rest.firstIndex(of: "\n") else { return nil }
        let line = rest[..<end]
        rest = rest[rest.index(after: end)...]
        return line
    }

    private static func bytes(_ length: Int, from rest: inout Substring) -> String? {
        let utf8 = rest.utf8
        guard length >= 0,
            let end = utf8.index(utf8.startIndex, offsetBy: length, limitedBy: utf8.endIndex),
            end < utf8.endIndex, utf8[end] == UInt8(ascii: "\n")
        else { return nil }
        let content = String(rest[..<end])
        rest = rest[utf8.index(after: end)...]
        return content
    }
}
