/// How requests are divided between the colours in a canary.
extension Blueprint {
    func divisionTest(_ step: CanaryStep) -> StateTest {
        StateTest(
            marker: LinkState.marker(of: step), word: step.variable,
            lines: [
                "set $\(names.part) $\(names.part(of: step));",
                "set $\(names.colour) $\(names.divided);",
            ])
    }

    /// nginx looks at these only in a canary. All steps divide by the same number of the client,
    /// so that who belongs to a share belongs to every greater one.
    var divisionParts: [String] {
        if steps.isEmpty { return [] }
        return ["# Who gets what in a canary.\n" + clientMap] + steps.map(split) + [division]
    }

    private static let anybody = "\"$remote_addr $http_user_agent\""
    private static let candidate = "candidate"

    private var clientMap: String {
        let known: String
        switch stickiness {
        case .client: return map(of: "\"\"", to: names.client, ["default \(Self.anybody)"])
        case .cookie(let name): known = "$cookie_\(name)"
        case .header(let name): known = "$http_" + name.replacing("-", with: "_")
        }
        return map(
            of: known, to: names.client, ["\"\" \(Self.anybody)", "default \(known)"])
    }

    private func split(_ step: CanaryStep) -> String {
        """
        split_clients $\(names.client) $\(names.part(of: step)) {
            \(step.name)% \(Self.candidate);
            * "";
        }

        """
    }

    /// Teal itself is told who has the traffic, and belongs to no share.
    private var division: String {
        map(
            of: "\"$\(names.asker)$\(names.colour) $\(names.part)\"", to: names.divided,
            [
                "\"blue \(Self.candidate)\" green", "\"green \(Self.candidate)\" blue",
                "default $\(names.colour)",
            ])
    }

    func map(of source: String, to variable: String, _ lines: [String]) -> String {
        "map \(source) $\(variable) {\n" + lines.map { "    \($0);\n" }.joined() + "}\n"
    }

    /// The value of a variable in requests that set none: without it nginx would complain of each.
    func emptyMap(_ variable: String) -> String {
        map(of: "\"\"", to: variable, ["default \"\""])
    }
}
