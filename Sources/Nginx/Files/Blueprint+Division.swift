import BlueGreen

/// How requests are divided between the colours in a canary.
///
/// The steps cut the clients into groups, the first step's first: a canary's folder has the marker
/// of each group that belongs to its share. So one test serves all steps, and who belongs to a
/// share belongs to every greater one.
extension Blueprint {
    var divisionTest: StateTest {
        StateTest(
            word: "share",
            path: paths.live(shareMarker("$\(names.asker)$\(names.clients)")),
            lines: ["set $\(names.colour) $\(names.other);"])
    }

    /// In the folder of a canary that has come to this step.
    func shareMarkers(upTo step: CanaryStep) -> [String] {
        steps.indices.filter { steps[$0] <= step }.map { shareMarker("\($0 + 1)") }
    }

    func shareMarker(_ clients: String) -> String { "share-\(clients)" }

    /// nginx looks at these only in a special state.
    var divisionParts: [String] {
        if steps.isEmpty { return [] }
        let other = map(of: "$\(names.colour)", to: names.other, ["blue green", "green blue"])
        return ["# Who gets what in a canary.\n" + clientMap, split, other]
    }

    private var anybody: String { "\"\(clientAddress) $http_user_agent\"" }

    private var clientMap: String {
        let known: String
        switch stickiness {
        case .client: return map(of: "\"\"", to: names.client, ["default \(anybody)"])
        case .cookie(let name): known = "$cookie_\(name)"
        case .header(let name): known = "$http_" + name.replacing("-", with: "_")
        }
        return map(
            of: known, to: names.client, ["\"\" \(anybody)", "default \(known)"])
    }

    private var split: String {
        var lines: [String] = []
        var previous: CanaryStep?
        for (index, step) in steps.enumerated() {
            lines.append("    \(step.percentage(above: previous)) \(index + 1);\n")
            previous = step
        }
        return "split_clients $\(names.client) $\(names.clients) {\n" + lines.joined()
            + "    * rest;\n}\n"
    }

    func map(of source: String, to variable: String, _ lines: [String]) -> String {
        "map \(source) $\(variable) {\n" + lines.map { "    \($0);\n" }.joined() + "}\n"
    }

    /// A map whose keys are addresses, which stand in a tree: in the hash of a map a whole address
    /// is too long for an nginx with cache lines of 32 bytes.
    func geo(of source: String, to variable: String, _ lines: [String]) -> String {
        "geo \(source) $\(variable) {\n    default \"\";\n"
            + lines.map { "    \($0);\n" }.joined() + "}\n"
    }

    /// The value of a variable in requests that set none: without it nginx would complain of each.
    func emptyMap(_ variable: String) -> String {
        map(of: "\"\"", to: variable, ["default \"\""])
    }
}
