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
        walk.read(mainFile, context: [], block: 0, depth: 0)
        return walk.found
    }

    private struct Walk {
        let dump: ConfigurationDump
        var found: [Directive] = []
        var blocks = 0

        /// - Parameter depth: of includes; nginx itself stops before it runs out of files.
        mutating func read(_ file: String, context: [String], block: Int, depth: Int) {
            guard depth < 20, let text = dump.files[file] else { return }
            var lexer = ConfigurationLexer(text)
            var stack = [(context: context, block: block)]
            var words: [String] = []
            var line = 1
            while let token = lexer.next() {
                switch token {
                case .word(let word):
                    if words.isEmpty { line = lexer.line }
                    words.append(word)
                case .semicolon, .open:
                    let here = stack[stack.count - 1]
                    let directive = Directive(
                        words: words, context: here.context, file: file, line: line,
                        block: here.block)
                    words = []
                    found.append(directive)
                    if token == .open {
                        blocks += 1
                        stack.append((here.context + [directive.name], blocks))
                    } else if directive.name == "include", directive.words.count == 2 {
                        follow(directive, depth: depth)
                    }
                case .close:
                    words = []
                    if stack.count > 1 { stack.removeLast() }
                }
            }
        }

        private mutating func follow(_ include: Directive, depth: Int) {
            for file in dump.filesIncluded(by: include) {
                read(file, context: include.context, block: include.block, depth: depth + 1)
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

/// One directive of a running nginx's configuration, and where it stands.
struct Directive: Hashable, Sendable {
    /// Its name and its arguments, without quotes.
    let words: [String]
    /// The names of the blocks around it, outermost first: `["http", "server"]`.
    let context: [String]
    let file: String
    let line: Int
    /// Tells the block that it stands in apart from its neighbours.
    let block: Int

    var name: String { words.first ?? "" }

    var place: String { "\(file):\(line)" }
}
