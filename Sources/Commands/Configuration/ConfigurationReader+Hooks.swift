import BlueGreen
import Yams

extension ConfigurationReader {
    static let hooksKeys = Keys(known: HookPoint.allCases.map(\.rawValue))
    static let hookKeys = Keys(known: ["run", "in", "timeout"])

    private static let hookExample = "before_switch: [{run: [./migrate, --all], in: web}]"

    mutating func hooks(_ field: Field?) -> Hooks {
        var hooks = Hooks()
        guard let field, !isEmpty(field),
            let entries = entries(
                of: field, Self.hooksKeys, example: "hooks: {\(Self.hookExample)}")
        else { return hooks }
        for point in HookPoint.allCases {
            if let list = entries[point.rawValue] { hooks[point] = self.hooks(in: list) }
        }
        return hooks
    }

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
            hook(Field(path: "\(field.path)[\(index)]", node: node))
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
        let example = "{run: [./migrate, --all], in: web, timeout: 2m}"
        guard let entries = entries(of: field, Self.hookKeys, example: example) else { return nil }
        let service = strictText(entries["in"], .serviceName, example: "in: web")
        let timeout = duration(
            entries["timeout"], atLeast: .milliseconds(100), example: "timeout: 2m")
        guard let run = entries["run"] else {
            note("\(field.path) must say what to run, as in `\(example)`", at: field)
            return nil
        }
        return words(run, example: "run: [./migrate, --all]").map {
            Hook(
                $0, in: service.map { .service($0) } ?? .host, timeout: timeout ?? Hook.usualTimeout
            )
        }
    }

    private mutating func words(_ field: Field, example: String) -> [String]? {
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
