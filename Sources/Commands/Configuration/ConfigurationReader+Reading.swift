import BlueGreen

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
