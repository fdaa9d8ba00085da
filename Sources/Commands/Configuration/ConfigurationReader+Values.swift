import BlueGreen
import Yams

extension ConfigurationReader {
    /// `500ms`, `2s`, `5m`, `1h`, `90d`; at most a day where nothing else is said.
    mutating func duration(
        _ field: Field?, atLeast least: Duration = .zero,
        atMost most: Duration = DurationGrammar.limit, example: String
    ) -> Duration? {
        bounded(
            value(
                field, "a duration with its unit (ms, s, m, h or d)", example: example,
                DurationGrammar.duration),
            (
                least == .zero
                    ? "at most \(most.compact)" : "between \(least.compact) and \(most.compact)",
                least...most
            ),
            example: example, at: field)
    }

    /// `64M`, `1G`; at most 1024G.
    mutating func size(
        _ field: Field?, atLeast least: ByteCount = .zero, example: String
    ) -> ByteCount? {
        bounded(
            value(field, "a size with its unit (K, M or G)", example: example, SizeGrammar.size),
            (
                least == .zero ? "at most 1024G" : "between \(least.text) and 1024G",
                least...SizeGrammar.limit
            ),
            example: example, at: field)
    }

    /// `10%`.
    mutating func share(_ field: Field?, example: String) -> Share? {
        value(field, "a share from 0% to 100%", example: example, SizeGrammar.share)
    }

    /// `3x`, `2.5x`.
    mutating func factor(_ field: Field?, example: String) -> Double? {
        bounded(
            value(field, "a factor", example: example, FactorGrammar.factor),
            ("between 1x and 1000x", FactorGrammar.limits), example: example, at: field)
    }

    /// The value of a text by a grammar; a mistake if the grammar refuses it.
    mutating func value<Value>(
        _ field: Field?, _ what: String, example: String, _ grammar: (String) -> Value?
    ) -> Value? {
        guard let field, let text = text(of: field, what, example: example) else { return nil }
        guard let value = grammar(text) else {
            expected(what, example: example, at: field)
            return nil
        }
        return value
    }

    private mutating func bounded<Value: Comparable>(
        _ value: Value?, _ bounds: (what: String, range: ClosedRange<Value>), example: String,
        at field: Field?
    ) -> Value? {
        guard let value, let field else { return nil }
        guard bounds.range.contains(value) else {
            expected(bounds.what, example: example, at: field)
            return nil
        }
        return value
    }

    mutating func integer(
        _ field: Field?, in range: ClosedRange<Int>, _ what: String, example: String
    ) -> Int? {
        let what = "\(what) from \(range.lowerBound) to \(range.upperBound)"
        guard let field, let text = text(of: field, what, example: example) else { return nil }
        guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text),
            range.contains(number)
        else {
            expected(what, example: example, at: field)
            return nil
        }
        return number
    }

    /// One word of a fixed choice.
    mutating func word<Word: RawRepresentable & CaseIterable>(
        _ field: Field?, as type: Word.Type, example: String
    ) -> Word? where Word.RawValue == String {
        let what = "one of " + Word.allCases.map(\.rawValue).joined(separator: ", ")
        return value(field, what, example: example, Word.init(rawValue:))
    }

    /// One text or a list of texts; never an empty list.
    mutating func texts(_ field: Field?, _ what: String, example: String) -> [String]? {
        guard let field else { return nil }
        guard case .sequence(let nodes) = field.node else {
            return text(of: field, what, example: example).map { [$0] }
        }
        guard !nodes.isEmpty else {
            expected(what, example: example, at: field)
            return nil
        }
        let texts = nodes.enumerated().map { index, node in
            text(of: entry(index, node, of: field), what, example: example)
        }
        return texts.contains(nil) ? nil : texts.compactMap { $0 }
    }

    /// One of a list.
    mutating func entry(_ index: Int, _ node: Node, of field: Field) -> Field {
        let path = "\(field.path)[\(index)]"
        remember(node, at: path)
        return Field(path: path, node: node)
    }

    /// A text that the grammar accepts.
    mutating func strictText(
        _ field: Field?, _ grammar: StrictGrammar, example: String
    ) -> String? {
        value(field, grammar.name, example: example) { grammar.accepts($0) ? $0 : nil }
    }

    /// `200`, `200-399`, or a list of both.
    mutating func statuses(_ field: Field, example: String) -> [ClosedRange<Int>]? {
        let what = "statuses between 100 and 599"
        guard let texts = texts(field, what, example: example) else { return nil }
        let ranges = texts.map(statusRange)
        guard !ranges.contains(nil) else {
            expected(what, example: example, at: field)
            return nil
        }
        return ranges.compactMap { $0 }
    }

    private func statusRange(_ text: String) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ $0.count == 3 }),
            let low = Int(parts[0]), let high = Int(parts[parts.count - 1]),
            low >= 100, high <= 599, low <= high
        else { return nil }
        return low...high
    }
}

extension ConfigurationReader {
    /// How the value of a key is read. A value that cannot be read is noted as a mistake.
    struct Reading<Value>: Sendable {
        let value: @Sendable (inout ConfigurationReader, Field, _ example: String) -> Value?
    }
}

extension ConfigurationReader.Reading<Duration> {
    static func duration(
        atLeast least: Duration = .zero, atMost most: Duration = DurationGrammar.limit
    ) -> Self {
        Self { $0.duration($1, atLeast: least, atMost: most, example: $2) }
    }
}

extension ConfigurationReader.Reading<ByteCount> {
    static func size(atLeast least: ByteCount = .zero) -> Self {
        Self { $0.size($1, atLeast: least, example: $2) }
    }
}

extension ConfigurationReader.Reading<Share> {
    static var share: Self { Self { $0.share($1, example: $2) } }
}

extension ConfigurationReader.Reading<Double> {
    static var factor: Self { Self { $0.factor($1, example: $2) } }
}

extension ConfigurationReader.Reading<Int> {
    static func integer(_ range: ClosedRange<Int>, _ what: String = "a number") -> Self {
        Self { $0.integer($1, in: range, what, example: $2) }
    }
}

extension ConfigurationReader.Reading
where Value: RawRepresentable<String> & CaseIterable & Sendable {
    static var word: Self { Self { $0.word($1, as: Value.self, example: $2) } }
}

extension ConfigurationReader.Reading<String> {
    static func strict(_ grammar: StrictGrammar) -> Self {
        Self { $0.strictText($1, grammar, example: $2) }
    }

    static var path: Self { Self { $0.path($1, example: $2) } }
}

extension ConfigurationReader.Reading<[String]> {
    static var paths: Self { Self { $0.paths($1, example: $2) } }
    static var words: Self { Self { $0.words($1, example: $2) } }
}
