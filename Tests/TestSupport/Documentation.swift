import HostSystem

/// The Markdown files that users read: the README and the pages of the documentation.
package struct Documentation: Sendable {
    /// A page's name, as `Watching.md`, and its text.
    package let pages: [(name: String, text: String)]

    private static let folder = "Sources/Commands/Teal.docc"

    /// - Parameter root: the top level of this repository.
    package init(root: String) throws {
        let files = FileSystem()
        pages =
            try files.list("\(root)/\(Self.folder)").filter { $0.hasSuffix(".md") }.sorted()
            .map { ($0, try files.readText("\(root)/\(Self.folder)/\($0)")) }
            + [("README.md", try files.readText("\(root)/README.md"))]
    }

    package var blocks: [DocumentedBlock] { pages.flatMap(DocumentedBlock.all) }

    /// Those in blocks and those between backticks.
    package var commands: [DocumentedCommand] {
        pages.flatMap { page in
            DocumentedBlock.all(in: page).flatMap(\.commands)
                + DocumentedCommand.betweenBackticks(of: page)
        }
    }
}

/// A fenced block, without the indentation that it has in a list.
package struct DocumentedBlock: Hashable, Sendable, CustomStringConvertible {
    package let page: String
    package let language: String
    package let lines: [String]

    package var description: String { "\(page): \(lines.first ?? "")" }

    package var text: String { lines.map { $0 + "\n" }.joined() }

    /// The program's command lines in it.
    package var commands: [DocumentedCommand] {
        language == "json"
            ? [] : lines.compactMap { DocumentedCommand(inBlock: $0, of: page) }
    }

    static func all(in page: (name: String, text: String)) -> [DocumentedBlock] {
        var blocks: [DocumentedBlock] = []
        var open: (language: String, indentation: Int, lines: [String])?
        for line in page.text.split(separator: "\n", omittingEmptySubsequences: false) {
            let indentation = line.prefix { $0 == " " }.count
            if line.dropFirst(indentation).hasPrefix("```") {
                if let block = open {
                    blocks.append(
                        DocumentedBlock(
                            page: page.name, language: block.language, lines: block.lines))
                    open = nil
                } else {
                    open = (String(line.dropFirst(indentation + 3)), indentation, [])
                }
            } else if let outer = open?.indentation {
                open?.lines.append(String(line.dropFirst(min(indentation, outer))))
            }
        }
        return blocks
    }
}

/// A command line of Teal's as a page has it, without the program's name.
package struct DocumentedCommand: Hashable, Sendable, CustomStringConvertible {
    package let page: String
    package let description: String

    private init(page: String, description: String) {
        self.page = page
        self.description = description
    }

    /// The names that pages write in capitals.
    private static let placeholders = [
        "SERVICE": "web", "NAME": "web", "COLOUR": "blue", "ARGS...": "logs", "LABEL": "1.4.0",
        "FILE": "file", "F": "file", "N": "1", "VERB": "status",
        "CALLER": "git",
    ]

    /// An alternative is given by its first word, a variable of the shell by a label. Words that
    /// stand elsewhere are left out: in other lines, in `"$@"`.
    package var words: [String] {
        description.split(separator: " ").filter { $0 != "\\" && $0 != "\"$@\"" }.map { word in
            let first = word.split(separator: "\\|", omittingEmptySubsequences: false)[0].filter {
                $0 != "\"" && $0 != "'"
            }
            return first.hasPrefix("$") ? "1.4.0" : Self.placeholders[first] ?? first
        }
    }

    /// nil for a line in which `teal` is not the program that a shell starts.
    init?(inBlock line: String, of page: String) {
        guard !line.contains("`"), let range = line.firstRange(of: "teal ") else { return nil }
        let before = line[..<range.lowerBound]
        let start = before.split(separator: " ").last ?? ""
        let isProgram =
            start.isEmpty || ["$", "sudo", "exec", "run:", "-", "&&", "if", "!"].contains(start)
            || start.contains("=") || before.hasSuffix("/bin/")
        guard isProgram else { return nil }
        let rest = line[range.upperBound...]
            .split(separator: " #", omittingEmptySubsequences: false)[0]
        let end = rest.firstIndex { "|;&<>)".contains($0) } ?? rest.endIndex
        self.init(page: page, description: String(rest[..<end]))
    }

    static func betweenBackticks(of page: (name: String, text: String)) -> [DocumentedCommand] {
        var isBlock = false
        var commands: [DocumentedCommand] = []
        for line in page.text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isBlock.toggle()
                continue
            }
            guard !isBlock else { continue }
            let spans = line.split(separator: "`", omittingEmptySubsequences: false)
            for (index, span) in spans.enumerated() where index % 2 == 1 {
                let words = span.split(separator: " ").drop { $0 == "sudo" || $0.contains("=") }
                guard words.first == "teal", words.count > 1 else { continue }
                commands.append(
                    DocumentedCommand(
                        page: page.name, description: words.dropFirst().joined(separator: " ")))
            }
        }
        return commands
    }
}
