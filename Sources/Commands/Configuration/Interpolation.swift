/// Puts variables of the environment into a text: `${NAME}`, `${NAME:-default}`, `$$` for a dollar.
struct Interpolation {
    struct Mistake: Error, Hashable {
        let text: String
    }

    let environment: [String: String]

    /// Those of all variables in a text, comments included.
    static func names(in text: String) -> Set<String> {
        Set(text.split(separator: "${").dropFirst().map { name(atStartOf: $0) })
    }

    private static func name(atStartOf text: Substring) -> String {
        String(text.prefix { $0 == "_" || ($0.isASCII && ($0.isLetter || $0.isNumber)) })
    }

    func apply(to text: String) throws(Mistake) -> String {
        guard text.contains("$") else { return text }
        var result = ""
        var rest = text[...]
        while let dollar = rest.firstIndex(of: "$") {
            result += rest[..<dollar]
            rest = rest[rest.index(after: dollar)...]
            switch rest.first {
            case "$":
                result.append("$")
                rest = rest.dropFirst()
            case "{":
                guard let end = rest.firstIndex(of: "}") else {
                    throw Mistake(text: "a variable is not closed: write ${NAME}")
                }
                result += try value(of: rest[rest.index(after: rest.startIndex)..<end])
                rest = rest[rest.index(after: end)...]
            default:
                throw Mistake(
                    text: "a lone $: write ${NAME} for a variable, or $$ for the character")
            }
        }
        return result + rest
    }

    private func value(of reference: Substring) throws(Mistake) -> String {
        let name = Self.name(atStartOf: reference)
        let tail = reference.dropFirst(name.count)
        guard let first = name.first, !first.isNumber, tail.isEmpty || tail.hasPrefix(":-") else {
            // The rest may be a default that was meant to stay secret, `${HOOK:https://...}`.
            let shown = tail.isEmpty ? "\(name)" : "\(name)..."
            throw Mistake(
                text: "${\(shown)} is no variable that Teal knows: "
                    + "write ${NAME} or ${NAME:-default}")
        }
        if tail.isEmpty {
            guard let value = environment[name] else {
                throw Mistake(
                    text: "the environment variable \(name) is not set: "
                        + "export it, or write ${\(name):-default}")
            }
            return value
        }
        let value = environment[name] ?? ""
        return value.isEmpty ? String(tail.dropFirst(2)) : value
    }
}
