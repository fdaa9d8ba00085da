import BlueGreen
import Yams

/// A YAML text that is read in a bounded time.
///
/// An alias may stand for a list of aliases, and so on: a few lines stand for more values than
/// can be counted. As values they cost nothing until they are looked at. As a key they are compared
/// at once.
///
/// Nobody asks which type a plain word has. Yams tells it by regular expressions, which bring
/// ICU's tables into memory at each start.
enum YAMLText {
    /// A `teal.yml` that sets every key has 8 KiB.
    static let largestFile = ByteCount.kibibytes(256)
    static let mostValues = 100_000

    /// More than a text may stand for, and where that shows.
    struct Excess: Error, Hashable {
        let text: String
        let line: Int
        let column: Int
    }

    /// - Returns: nil for an empty text.
    /// - Throws: `YamlError`, or `Excess`.
    static func compose(_ text: String) throws -> Node? {
        try measure(text)
        return try Parser(yaml: text, resolver: .basic).singleRoot()
    }

    /// Reads the text with words in the place of its aliases, which changes nothing else of it, and
    /// counts what each would stand for.
    private static func measure(_ text: String) throws {
        guard text.contains("*") else { return }
        let parser = try Parser(
            yaml: text.replacing("*", with: "\(Weights.sign)"), resolver: .basic)
        // The parser keeps the anchors, which its nodes refer to weakly.
        try withExtendedLifetime(parser) {
            var weights = Weights()
            if let root = try parser.singleRoot() { _ = try weights.weigh(root) }
        }
    }

    private struct Weights {
        /// Of private use, so that no plain word begins with it by itself.
        static let sign: Character = "\u{e000}"

        private var anchors: [String: Int] = [:]

        /// - Returns: the number of values in the node, with those that its aliases stand for.
        mutating func weigh(_ node: Node) throws -> Int {
            let weight =
                switch node {
                case .scalar(let scalar): weigh(scalar)
                case .sequence(let sequence): try sequence.reduce(1) { try $0 + weigh($1) }
                case .mapping(let mapping):
                    try mapping.reduce(1) { try $0 + weigh(key: $1.key) + weigh($1.value) }
                case .alias: 1
                }
            guard weight <= mostValues else {
                throw Excess(
                    "aliases make more than \(mostValues) values of this: write out what is meant",
                    at: node)
            }
            if let anchor = node.anchor { anchors[anchor.rawValue] = weight }
            return weight
        }

        private mutating func weigh(key: Node) throws -> Int {
            guard try weigh(key) == 1 else { throw Excess("a key must be a word", at: key) }
            return 1
        }

        private func weigh(_ scalar: Node.Scalar) -> Int {
            guard scalar.style == .plain, scalar.string.first == Self.sign else { return 1 }
            return anchors[String(scalar.string.dropFirst())] ?? 1
        }
    }
}

extension YAMLText.Excess {
    fileprivate init(_ text: String, at node: Node) {
        self.init(text: text, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1)
    }
}
