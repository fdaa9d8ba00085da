import HostSystem
import TestSupport
import Testing

/// Reads the documentation and types what it says, with a story's places in place of a host's. What
/// it has not typed yet is left.
struct DocumentationReader {
    let story: Story
    /// Where a reader's shell is.
    let folder: String
    private(set) var blocks: [DocumentedBlock]
    /// All that the pages have, between backticks or in a block.
    private let commands: Set<String>
    private var typed: Set<String> = []
    private let places: [(there: String, here: String)]
    private let variables: [String: String]

    init(_ story: Story, places: [(there: String, here: String)]) async throws {
        self.story = story
        folder = story.project
        let documentation = try Documentation(root: story.path(ofSource: ""))
        blocks = documentation.blocks
        commands = Set(documentation.commands.map(\.description))
        self.places = places
        variables = try await story.callerVariables()
            .merging(["GIT_CONFIG_GLOBAL": "/dev/null", "HOME": story.folder]) { $1 }
    }

    /// The commands that nobody has typed.
    var commandsLeft: [String] { commands.subtracting(typed).sorted() }

    // MARK: Blocks

    /// The one block of the page that is left and has this line.
    mutating func take(_ page: String, _ line: String) throws -> DocumentedBlock {
        let found = blocks.filter { $0.page == page && $0.lines.contains(line) }
        #expect(found.count == 1, "\(found.count) blocks of \(page) are left with: \(line)")
        let block = try #require(found.first)
        leave([block])
        return block
    }

    /// Counts blocks as typed.
    mutating func leave(_ left: [DocumentedBlock]) {
        blocks.removeAll { left.contains($0) }
        typed.formUnion(left.flatMap(\.commands).map(\.description))
    }

    /// Counts a command as typed, which is a part of a longer script.
    mutating func take(_ command: String) {
        #expect(commands.contains(command), "no page has the command \(command)")
        typed.insert(command)
    }

    /// The block's text with the story's places.
    mutating func text(
        _ page: String, _ line: String, replacing own: [(String, String)] = []
    ) throws -> String {
        here(try take(page, line).text, own)
    }

    private func here(_ text: String, _ own: [(String, String)]) -> String {
        (own + places.map { ($0.there, $0.here) })
            .reduce(text) { $0.replacing($1.0, with: $1.1) }
    }

    // MARK: Typing

    /// Types a block. In one with a prompt the other lines are what a reader sees.
    @discardableResult
    mutating func type(
        _ page: String, _ line: String, replacing own: [(String, String)] = [],
        in directory: String? = nil, _ more: [String: String] = [:]
    ) async throws -> CommandResult {
        let lines = try take(page, line).lines
        let typed = lines.filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) }
        let script = (typed.isEmpty ? lines : typed).joined(separator: "\n")
        return try await run(here(script, own), in: directory, more)
    }

    /// Types a command that stands between backticks, with other words for its placeholders.
    @discardableResult
    mutating func type(
        _ command: String, as words: String? = nil, in directory: String? = nil,
        exit: Int = 0, _ more: [String: String] = [:]
    ) async throws -> CommandResult {
        take(command)
        return try await run(
            "teal \(words ?? here(command, []))", in: directory, exit: exit, more)
    }

    /// Runs a script of a reader's own. One that fails is an issue, and the story goes on.
    @discardableResult
    func run(
        _ script: String, in directory: String? = nil, exit: Int = 0,
        _ more: [String: String] = [:]
    ) async throws -> CommandResult {
        let result = try await story.called(
            script, in: directory ?? folder, variables.merging(more) { $1 })
        #expect(
            result.ending == .exited(exit), "\(StoryError.unexpected(script, result))")
        return result
    }

    // MARK: teal.yml

    /// Puts a block's keys into the story's `teal.yml`, in place of those that are there.
    mutating func configure(
        _ page: String, _ line: String, replacing own: [(String, String)] = []
    ) throws {
        let block = ConfigurationLines(try text(page, line, replacing: own))
        try story.write(
            ConfigurationLines(try story.read("teal.yml")).merged(with: block).text,
            to: "teal.yml")
    }
}

/// A `teal.yml` as lines below its keys.
private struct ConfigurationLines {
    private var keys: [(head: String, lines: [String])] = []

    init(_ text: String) {
        for line in text.split(separator: "\n").map(String.init) where !Self.isRemark(line) {
            if line.hasPrefix(" ") {
                keys[keys.count - 1].lines.append(line)
            } else {
                keys.append((line, []))
            }
        }
    }

    private static func isRemark(_ line: String) -> Bool {
        line.drop { $0 == " " }.hasPrefix("#")
    }

    private static func name(_ line: String) -> Substring { line.prefix { $0 != ":" } }

    /// A mapping in block style keeps the keys that the other one has not.
    func merged(with other: Self) -> Self {
        var result = self
        for (head, lines) in other.keys {
            let index = result.keys.firstIndex { Self.name($0.head) == Self.name(head) }
            guard let index else {
                result.keys.append((head, lines))
                continue
            }
            let kept = head.hasSuffix(":") && result.keys[index].head == head
            let names = Set(lines.map(Self.name))
            result.keys[index] = (
                head,
                (kept ? result.keys[index].lines : []).filter { !names.contains(Self.name($0)) }
                    + lines
            )
        }
        return result
    }

    var text: String {
        keys.flatMap { [$0.head] + $0.lines }.map { $0 + "\n" }.joined()
    }
}
