extension ConfigurationReader {
    /// A mapping of `teal.yml` as a table, with a row for each key.
    struct Section<Settings>: Sendable {
        /// How a mistake shows one of its keys.
        enum Examples: Sendable {
            /// `pause: 3s`
            case alone
            /// `start: {pause: 3s}`
            case inSection
        }

        /// The key that holds it; empty for the file, and for an entry of a list.
        let name: String
        /// How a mistake shows it: `{pause: 3s, at_most: 60s}`.
        let value: String
        let keys: [Key<Settings>]
        private let examples: Examples

        /// - Parameter shown: the keys of its example.
        init(
            _ name: String, showing shown: Set<String>, examples: Examples = .alone,
            _ keys: [Key<Settings>]
        ) {
            self.name = name
            self.keys = keys
            self.examples = examples
            let parts = keys.filter { shown.contains($0.name) }.map { "\($0.name): \($0.value)" }
            value = "{\(parts.joined(separator: ", "))}"
        }

        var example: String { name.isEmpty ? value : "\(name): \(value)" }

        func example(of key: Key<Settings>) -> String {
            let example = "\(key.name): \(key.value)"
            return switch examples {
            case .alone: example
            case .inSection: "\(name): {\(example)}"
            }
        }

        /// The names of its keys and of all keys inside them.
        var allNames: [String] { keys.flatMap { [$0.name] + $0.namesInside } }

        /// Lines that `teal init` writes behind a `#`.
        func offers(_ offer: Key<Settings>.Offer) -> [String] {
            keys.filter { $0.offer == offer }.map(example(of:))
        }
    }

    /// One row of a section: a key, an example of its value, and the setting that gets the value.
    /// The default of a key is the value that its setting begins with.
    struct Key<Settings>: Sendable {
        /// The line that `teal init` writes about a key that a new file does not need.
        enum Offer: Sendable {
            case nothing
            /// Its example, which holds without it.
            case standard
            /// Its example, which goes forward more carefully.
            case careful
        }

        typealias Read =
            @Sendable (inout ConfigurationReader, Field, _ example: String, inout Settings) -> Void

        let name: String
        let value: String
        let namesInside: [String]
        let read: Read
        private(set) var offer = Offer.nothing

        /// - Parameter read: nothing for a key that is read later, since it depends on others.
        init(
            _ name: String, _ value: String, holding namesInside: [String] = [],
            read: @escaping Read = { _, _, _, _ in }
        ) {
            self.name = name
            self.value = value
            self.namesInside = namesInside
            self.read = read
        }

        init<Value>(
            _ name: String, _ value: String, holding namesInside: [String] = [],
            _ setting: any WritableKeyPath<Settings, Value> & Sendable, _ reading: Reading<Value>
        ) {
            self.init(name, value, holding: namesInside) { reader, field, example, settings in
                guard let value = reading.value(&reader, field, example) else { return }
                settings[keyPath: setting] = value
            }
        }

        init<Value>(
            _ name: String, _ value: String, holding namesInside: [String] = [],
            _ setting: any WritableKeyPath<Settings, Value?> & Sendable, _ reading: Reading<Value>
        ) {
            self.init(name, value, holding: namesInside) { reader, field, example, settings in
                settings[keyPath: setting] = reading.value(&reader, field, example)
            }
        }

        /// A key that holds a section of its own.
        init<Inner>(
            _ section: Section<Inner>, _ settings: any WritableKeyPath<Settings, Inner> & Sendable
        ) {
            self.init(section) { reader, field, _, all in
                reader.read(field, section, into: &all[keyPath: settings])
            }
        }

        init<Inner>(
            _ section: Section<Inner>, read: @escaping Read = { _, _, _, _ in }
        ) {
            self.init(section.name, section.value, holding: section.allNames, read: read)
        }

        func offered(_ offer: Offer) -> Self {
            var key = self
            key.offer = offer
            return key
        }
    }

    /// Reads the keys of a section into its settings. A wrong value is noted and changes nothing.
    ///
    /// - Returns: the values by key; nil, and noted, where the field is no mapping.
    @discardableResult
    mutating func read<Settings>(
        _ field: Field, _ section: Section<Settings>, into settings: inout Settings
    ) -> [String: Field]? {
        let known = section.keys.map(\.name)
        guard let entries = entries(of: field, known, example: section.example) else { return nil }
        for key in section.keys {
            guard let value = entries[key.name] else { continue }
            key.read(&self, value, section.example(of: key), &settings)
        }
        return entries
    }
}
