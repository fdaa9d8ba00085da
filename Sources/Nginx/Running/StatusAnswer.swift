/// The status server's answer about the worker that gave it: which files it runs, and where it
/// sends the requests of each service.
struct StatusAnswer: Hashable, Sendable, CustomStringConvertible {
    let app: String
    let fingerprint: String
    /// The flags of the state that the worker sees, `canary-10` and `watched`.
    let state: Set<String>
    /// The value of `$APP_SERVICE` by service.
    let values: [String: String]

    static let path = "/.teal"
    private static let state = "state"

    init(
        app: String, fingerprint: String, state: Set<String> = [], values: [String: String]
    ) {
        self.app = app
        self.fingerprint = fingerprint
        self.state = state
        self.values = values
    }

    /// Takes the body of an answer; nil where another server gave it.
    init?(body: String) {
        var fields: [[Substring]] = body.split(separator: "\n").map { $0.split(separator: " ") }
        guard fields.count >= 4, fields[0] == ["teal", "1"], fields[1].count == 2,
            fields[1][0] == "app", fields[2].count == 2, fields[2][0] == "fingerprint",
            fields[3].first == Self.state[...]
        else { return nil }
        app = String(fields[1][1])
        fingerprint = String(fields[2][1])
        fields.removeFirst(3)
        state = Set(fields.removeFirst().dropFirst().map(String.init))
        var values: [String: String] = [:]
        for field in fields {
            // A variable may be empty where another file sets it.
            guard field.count >= 2, field[0] == "service" else { return nil }
            values[String(field[1])] = field.count > 2 ? String(field[2]) : ""
        }
        self.values = values
    }

    /// The lines of the body with nginx's variables and escapes in them.
    static func template(of blueprint: Blueprint, fingerprint: String) -> [String] {
        let services = blueprint.services.sorted().map {
            "service \($0) $\(blueprint.names.variable(of: $0))"
        }
        let head = [
            "teal 1", "app \(blueprint.app)", "fingerprint \(fingerprint)",
            // Each of its words brings its own space.
            "\(state)$\(blueprint.names.state)",
        ]
        return (head + services).map { $0 + #"\n"# }
    }

    var description: String {
        let routes = values.sorted { $0.key < $1.key }.map { "\($0.key) to \($0.value)" }
        let words = state.isEmpty ? "" : " (\(state.sorted().joined(separator: " ")))"
        return "\(fingerprint) with \(routes.joined(separator: ", "))\(words)"
    }
}
