import BlueGreen
import Yams

extension ConfigurationReader {
    static let hooksSection = Section<Hooks>(
        "hooks", showing: [HookPoint.beforeSwitch.rawValue],
        HookPoint.allCases.map { point in
            Key(
                point.rawValue, "[{run: [./migrate, --all], in: web}]",
                holding: hookSection.allNames,
                \.[point], Reading { reader, field, _ in reader.hooks(in: field) })
        })

    private static let hookSection = Section<HookEntry>(
        "", showing: ["run", "in", "timeout"],
        [
            Key("run", "[./migrate, --all]", \.run, .words),
            Key("in", "web", \.service, .strict(.serviceName)),
            Key("timeout", "2m", \.timeout, .duration(atLeast: .milliseconds(100))),
        ])

    private struct HookEntry {
        var run: [String]?
        var service: String?
        var timeout = Hook.usualTimeout
    }

    private static let hookExample = "before_switch: [{run: [./migrate, --all], in: web}]"

    private mutating func hooks(in field: Field) -> [Hook] {
        guard case .sequence(let nodes) = field.node else {
            if !isEmpty(field) { expected("a list of hooks", example: Self.hookExample, at: field) }
            return []
        }
        // The words of one hook where a list of hooks belongs would be one mistake for each word.
        if nodes.count > 1, nodes.allSatisfy({ $0.scalar != nil }) {
            note(
                "\(field.path) must be a list of hooks, each a list of words, as in "
                    + "`\(Self.hookExample)`; it is a list of words alone: write [[...]]",
                at: field)
            return []
        }
        return nodes.enumerated().compactMap { index, node in
            hook(entry(index, node, of: field))
        }
    }

    private mutating func hook(_ field: Field) -> Hook? {
        switch field.node {
        case .sequence:
            return words(field, example: "[./migrate, --all]").map { Hook($0) }
        case .mapping:
            return hookEntries(field)
        case .scalar, .alias:
            expected(
                "a list of words, the program first (no shell reads them)",
                example: "[./migrate, --all]", at: field)
            return nil
        }
    }

    private mutating func hookEntries(_ field: Field) -> Hook? {
        var entry = HookEntry()
        guard let entries = read(field, Self.hookSection, into: &entry) else { return nil }
        if entries["run"] == nil {
            note(
                "\(field.path) must say what to run, as in `\(Self.hookSection.example)`", at: field
            )
        }
        return entry.run.map {
            Hook($0, in: entry.service.map { .service($0) } ?? .host, timeout: entry.timeout)
        }
    }

    mutating func words(_ field: Field, example: String) -> [String]? {
        let what = "a list of words, the program first (no shell reads them)"
        guard case .sequence = field.node else {
            expected(what, example: example, at: field)
            return nil
        }
        let words = texts(field, what, example: example)
        if let words, words.contains(where: { $0.unicodeScalars.contains("\0") }) {
            note("\(field.path) holds a NUL character, which no program can be given", at: field)
            return nil
        }
        return words
    }
}
