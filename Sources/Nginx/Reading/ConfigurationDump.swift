import Glibc

/// The output of `nginx -T`: every file that nginx reads from disk, the main one first.
struct ConfigurationDump: Hashable, Sendable {
    private(set) var mainFile = ""
    private(set) var files: [String: String] = [:]

    init(_ output: String) {
        let mark = "# configuration file "
        var current: String?
        var lines: [Substring] = []
        func close(_ dump: inout ConfigurationDump) {
            guard let current else { return }
            dump.files[current] = lines.joined(separator: "\n")
        }
        for line in output.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix(mark), line.hasSuffix(":") {
                close(&self)
                let file = String(line.dropFirst(mark.count).dropLast())
                if mainFile.isEmpty { mainFile = file }
                current = file
                lines = []
            } else {
                lines.append(line)
            }
        }
        // nginx ends each file with one more line break; the last one has no file behind it.
        if lines.last == "" { lines.removeLast() }
        close(&self)
    }

    func contains(_ file: String) -> Bool { files[file] != nil }

    /// All directives in the order in which nginx reads them, includes followed.
    var directives: [Directive] {
        var walk = Walk(dump: self)
        walk.read(mainFile, blocks: [], includes: [])
        return walk.found
    }

    private struct Walk {
        let dump: ConfigurationDump
        var found: [Directive] = []
        var count = 0

        /// nginx itself stops before it runs out of files.
        private static let deepest = 20

        mutating func read(_ file: String, blocks: [Directive.Block], includes: [Directive.Place]) {
            guard includes.count < Self.deepest, let text = dump.files[file] else { return }
            var lexer = ConfigurationLexer(text)
            var stack = [blocks]
            var words: [String] = []
            var line = 1
            while let token = lexer.next() {
                switch token {
                case .word(let word):
                    if words.isEmpty { line = lexer.line }
                    words.append(word)
                case .semicolon, .open:
                    let directive = Directive(
                        words: words, blocks: stack[stack.count - 1],
                        origin: Directive.Place(file: file, line: line), includes: includes)
                    words = []
                    found.append(directive)
                    if token == .open {
                        count += 1
                        let block = Directive.Block(
                            number: count, words: directive.words, origin: directive.origin)
                        stack.append(directive.blocks + [block])
                    } else if directive.name == "include", directive.words.count == 2 {
                        follow(directive)
                    }
                case .close:
                    words = []
                    if stack.count > 1 { stack.removeLast() }
                }
            }
        }

        private mutating func follow(_ include: Directive) {
            for file in dump.filesIncluded(by: include) {
                read(
                    file, blocks: include.blocks, includes: include.includes + [include.origin])
            }
        }
    }

    /// The files of this dump that an `include` reads, in nginx's order.
    func filesIncluded(by include: Directive) -> [String] {
        guard let pattern = pattern(of: include) else { return [] }
        if contains(pattern) { return [pattern] }
        return files.keys.filter { Self.matches(pattern, $0) }.sorted()
    }

    /// Whether an `include` would read the file, if it were there.
    func wouldRead(_ file: String, by include: Directive) -> Bool {
        pattern(of: include).map { $0 == file || Self.matches($0, file) } ?? false
    }

    private func pattern(of include: Directive) -> String? {
        guard include.words.count == 2 else { return nil }
        let pattern = include.words[1]
        if pattern.hasPrefix("/") { return pattern }
        let folder = mainFile.split(separator: "/").dropLast().joined(separator: "/")
        return "/\(folder)/\(pattern)"
    }

    private static func matches(_ pattern: String, _ file: String) -> Bool {
        fnmatch(pattern, file, FNM_PATHNAME | FNM_PERIOD) == 0
    }
}

/// One directive of nginx's configuration, and where it stands.
struct Directive: Hashable, Sendable {
    /// A line of a file, `/etc/nginx/nginx.conf:12`.
    struct Place: Hashable, Sendable, CustomStringConvertible {
        let file: String
        let line: Int

        var description: String { "\(file):\(line)" }
    }

    /// A pair of braces, and the words before it.
    struct Block: Hashable, Sendable {
        /// Tells it apart from its neighbours.
        let number: Int
        let words: [String]
        let origin: Place

        var name: String { words.first ?? "" }
    }

    /// Its name and its arguments, without quotes.
    let words: [String]
    /// Around it, outermost first, also those of the files that include its own.
    let blocks: [Block]
    let origin: Place
    /// The lines by which nginx came to its file, the main file's first.
    let includes: [Place]

    var name: String { words.first ?? "" }

    /// The names of the blocks around it: `["http", "server"]`.
    var context: [String] { blocks.map(\.name) }

    /// The block that it stands in; 0 outside of all.
    var block: Int { blocks.last?.number ?? 0 }

    var file: String { origin.file }

    var place: String { origin.description }

    func block(named name: String) -> Block? { blocks.last { $0.name == name } }
}
