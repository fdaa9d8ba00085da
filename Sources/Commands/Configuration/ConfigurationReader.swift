import Yams

/// Reads the YAML tree of a `teal.yml` and notes every mistake on the way instead of stopping at
/// the first. Its extensions read each kind of value and each section.
struct ConfigurationReader {
    /// A value with the path of keys that leads to it, `services.web.port`.
    struct Field {
        let path: String
        let node: Node
    }

    private(set) var mistakes: [ConfigurationMistake] = []
    private(set) var places: ConfigurationPlaces
    /// Found beyond those that are told; the first of them with its place.
    private var untold: (first: ConfigurationMistake, count: Int)?
    private let file: String
    private let interpolation: Interpolation

    /// The entry of a service, for errors.
    let example: () -> String

    init(
        file: String, environment: [String: String],
        example: @escaping () -> String = { ExampleService.usual }
    ) {
        self.file = file
        self.example = example
        places = ConfigurationPlaces(file: file)
        interpolation = Interpolation(environment: environment)
    }

    /// Nobody reads more of them at once.
    static let mostMistakes = 100

    mutating func note(_ text: String, at node: Node) {
        let mistake = ConfigurationMistake(
            file: file, line: node.mark?.line ?? 1, column: node.mark?.column ?? 1, text: text)
        if mistakes.count < Self.mostMistakes {
            mistakes.append(mistake)
        } else {
            untold = (untold?.first ?? mistake, (untold?.count ?? 0) + 1)
        }
    }

    /// In the order of the file, and how many more there are.
    var toldMistakes: [ConfigurationMistake] {
        let told = mistakes.sorted { ($0.line, $0.column) < ($1.line, $1.column) }
        return told
            + (untold.map { first, count in
                [
                    ConfigurationMistake(
                        file: file, line: first.line, column: first.column,
                        text: "here and elsewhere are \(count) more mistakes, which are not shown")
                ]
            } ?? [])
    }

    mutating func note(_ text: String, at field: Field) {
        note(text, at: field.node)
    }

    /// Notes a value of the wrong kind. The value is shown as it was written, so that what a
    /// variable holds never reaches an error.
    mutating func expected(_ what: String, example: String, at field: Field) {
        let found =
            switch field.node {
            case .scalar(let scalar): isEmpty(scalar) ? "empty" : "\"\(shown(scalar.string))\""
            case .mapping: "a mapping"
            case .sequence: "a list"
            case .alias: "an alias"
            }
        note("\(field.path) must be \(what), as in `\(example)`; it is \(found)", at: field)
    }

    /// The values of a mapping by key. Unknown keys are noted.
    mutating func entries(
        of field: Field, _ known: [String], example: String
    ) -> [String: Field]? {
        guard let pairs = pairs(of: field, example: example) else { return nil }
        var entries: [String: Field] = [:]
        for (key, value, keyNode) in pairs {
            if known.contains(key) {
                entries[key] = value
            } else {
                noteUnknown(key, in: field, known, at: keyNode)
            }
        }
        return entries
    }

    /// The pairs of a mapping whose keys are names that the user chose.
    mutating func pairs(
        of field: Field, example: String
    ) -> [(key: String, value: Field, keyNode: Node)]? {
        guard case .mapping(let mapping) = field.node else {
            expected("a mapping", example: example, at: field)
            return nil
        }
        var pairs: [(key: String, value: Field, keyNode: Node)] = []
        for (keyNode, value) in mapping {
            guard case .scalar(let key) = keyNode else {
                note("a key must be a word", at: keyNode)
                continue
            }
            let path = field.path.isEmpty ? key.string : "\(field.path).\(key.string)"
            remember(value.scalar == nil ? keyNode : value, at: path)
            pairs.append((key.string, Field(path: path, node: value), keyNode))
        }
        return pairs
    }

    mutating func remember(_ node: Node, at path: String) {
        places[path] = node.mark.map { .init(line: $0.line, column: $0.column) }
    }

    /// The text of a scalar with its variables put in; nil, and noted, where that fails.
    mutating func text(of field: Field, _ what: String, example: String) -> String? {
        guard case .scalar(let scalar) = field.node, !isEmpty(scalar) else {
            expected(what, example: example, at: field)
            return nil
        }
        do throws(Interpolation.Mistake) {
            let text = try interpolation.apply(to: scalar.string)
            if text.isEmpty { expected(what, example: example, at: field) }
            return text.isEmpty ? nil : text
        } catch {
            note(error.text, at: field)
            return nil
        }
    }

    /// As `text`, for what may be secret: no mistake quotes it. It may come out empty.
    mutating func secretText(of field: Field, _ what: String, example: String) -> String? {
        guard case .scalar(let scalar) = field.node, !isEmpty(scalar) else {
            note("\(field.path) must be \(what), as in `\(example)`", at: field)
            return nil
        }
        do throws(Interpolation.Mistake) {
            return try interpolation.apply(to: scalar.string)
        } catch {
            note(error.text, at: field)
            return nil
        }
    }

    /// Whether the value was left out, `web:` and nothing more.
    func isEmpty(_ field: Field) -> Bool {
        if case .scalar(let scalar) = field.node { isEmpty(scalar) } else { false }
    }

    private func isEmpty(_ scalar: Node.Scalar) -> Bool {
        scalar.style == .plain && ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    private mutating func noteUnknown(
        _ key: String, in field: Field, _ known: [String], at keyNode: Node
    ) {
        let advice =
            if mistakes.count >= Self.mostMistakes {
                ""
            } else if let nearest = known.nearest(to: key.lowercased()) {
                ", did you mean \"\(nearest)\"?"
            } else {
                "; \(field.path.isEmpty ? "the file" : field.path) knows "
                    + known.joined(separator: ", ")
            }
        note("unknown key \"\(shown(key))\"\(advice)", at: keyNode)
    }

    func shown(_ text: String) -> String {
        let cleaned = String(
            String.UnicodeScalarView(
                text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }))
        return cleaned.count > 60 ? cleaned.prefix(57) + "..." : cleaned
    }
}

/// One thing that is wrong with a `teal.yml`, and where.
struct ConfigurationMistake: Hashable, Sendable, CustomStringConvertible {
    /// As the user would name it, `teal.yml`.
    let file: String
    /// Both count from 1; a column counts Unicode scalars.
    let line: Int
    let column: Int
    let text: String

    var description: String { "\(file):\(line):\(column): \(text)" }
}
