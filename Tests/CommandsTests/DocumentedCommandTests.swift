import ArgumentParser
import FoundationEssentials
import HostSystem
import Testing

@testable import Commands

@Suite("Commands in the documentation")
struct DocumentedCommandTests {
    @Test("Each command of the README and the pages is one that the program takes")
    func parse() throws {
        var count = 0
        for page in try DocumentationPages.all {
            for command in try DocumentedCommand.all(in: page) {
                count += 1
                #expect(throws: Never.self, "`\(command)` in \(page)") {
                    _ = try Teal.parseAsRoot(command.words)
                }
            }
        }
        #expect(count > 60)
    }

    @Test("Each verb is in the README's table, with options that it has")
    func table() throws {
        let rows = try FileSystem().readText(Repository.path("README.md"))
            .components(separatedBy: "\n").filter { $0.hasPrefix("| `teal ") }
        var verbs: Set<String> = []
        for row in rows {
            let cells = row.replacing("\\|", with: "/").split(separator: "|")
            let named = cells[0].components(separatedBy: "`teal ").dropFirst()
                .map { String($0.prefix { $0.isLetter }) }
            verbs.formUnion(named)
            let options = cells[1].components(separatedBy: "`--").dropFirst()
                .map { "--" + $0.prefix { $0.isLetter || $0 == "-" } }
            let help = named.map { Teal.helpMessage(for: Self.command($0)) }.joined()
            for option in options {
                #expect(help.contains(option), "\(option) of \(named)")
            }
        }
        let all = Teal.configuration.subcommands.map { $0._commandName }
        #expect(Set(all).isSubset(of: verbs), "\(Set(all).subtracting(verbs))")
    }

    private static func command(_ verb: String) -> any ParsableCommand.Type {
        Teal.configuration.subcommands.first { $0._commandName == verb } ?? Teal.self
    }
}

/// The Markdown files that users read, named from the top level of the repository.
private enum DocumentationPages {
    static var all: [String] {
        get throws {
            let folder = "Sources/Commands/Teal.docc"
            return try FileSystem().list(Repository.path(folder)).filter { $0.hasSuffix(".md") }
                .map { "\(folder)/\($0)" }.sorted() + ["README.md"]
        }
    }
}

/// A command line of Teal's as a page has it, in a block or between backticks.
private struct DocumentedCommand: CustomStringConvertible {
    let description: String

    /// The names that pages write in capitals.
    private static let placeholders = [
        "SERVICE": "web", "NAME": "web", "COLOUR": "blue", "ARGS...": "logs", "LABEL": "1.4.0",
        "FILE": "file", "F": "file", "N": "1", "VERB": "status",
        "CALLER": "git",
    ]

    /// Without the program's name; an alternative is given by its first word, a variable of the
    /// shell by a label. Words that stand elsewhere are left out: in other lines, in `"$@"`.
    var words: [String] {
        description.split(separator: " ").filter { $0 != "\\" && $0 != "\"$@\"" }.map { word in
            let first = word.components(separatedBy: "\\|")[0].filter { $0 != "\"" && $0 != "'" }
            return first.hasPrefix("$") ? "1.4.0" : Self.placeholders[first] ?? first
        }
    }

    static func all(in page: String) throws -> [DocumentedCommand] {
        var isBlock = false
        var commands: [DocumentedCommand] = []
        for line in try FileSystem().readText(Repository.path(page)).components(separatedBy: "\n") {
            if line.drop(while: { $0 == " " }).hasPrefix("```") {
                isBlock.toggle()
            } else if isBlock, !line.contains("`"), let command = inBlock(line) {
                commands.append(command)
            } else if !isBlock {
                commands += betweenBackticks(line)
            }
        }
        return commands
    }

    /// - Returns: nil for a line in which `teal` is not the program that a shell starts.
    private static func inBlock(_ line: String) -> DocumentedCommand? {
        guard let range = line.firstRange(of: "teal ") else { return nil }
        let before = line[..<range.lowerBound]
        let start = before.split(separator: " ").last ?? ""
        let isProgram =
            start.isEmpty || ["$", "sudo", "exec", "run:", "-", "&&", "if", "!"].contains(start)
            || start.contains("=") || before.hasSuffix("/bin/")
        guard isProgram else { return nil }
        let rest = line[range.upperBound...].components(separatedBy: " #")[0]
        let end = rest.firstIndex { "|;&<>)".contains($0) } ?? rest.endIndex
        return DocumentedCommand(description: String(rest[..<end]))
    }

    private static func betweenBackticks(_ line: String) -> [DocumentedCommand] {
        line.components(separatedBy: "`").enumerated().compactMap { index, span in
            guard index % 2 == 1 else { return nil }
            let words = span.split(separator: " ").drop { $0 == "sudo" || $0.contains("=") }
            guard words.first == "teal", words.count > 1 else { return nil }
            return DocumentedCommand(description: words.dropFirst().joined(separator: " "))
        }
    }
}
