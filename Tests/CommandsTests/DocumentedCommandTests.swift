import ArgumentParser
import FoundationEssentials
import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("Commands in the documentation")
struct DocumentedCommandTests {
    @Test("Each command of the README and the pages is one that the program takes")
    func parse() throws {
        let commands = try Documentation(root: Repository.path("")).commands
        for command in commands {
            #expect(throws: Never.self, "`\(command)` in \(command.page)") {
                _ = try Teal.parseAsRoot(command.words)
            }
        }
        #expect(commands.count > 60)
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
