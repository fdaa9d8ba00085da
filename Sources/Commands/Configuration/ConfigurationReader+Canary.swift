import BlueGreen
import Yams

extension ConfigurationReader {
    static let canaryKeys = Keys(known: ["steps", "every", "sticky"])
    static let stickyKeys = Keys(known: ["cookie", "header"])

    private static let mostSteps = 10
    private static let canaryExample = "canary: {steps: [10%, 50%], every: 60s}"

    mutating func canary(
        _ field: Field?, _ mode: SwitchMode?
    ) -> (canary: Canary, stickiness: Stickiness) {
        guard let field,
            let entries = entries(of: field, Self.canaryKeys, example: Self.canaryExample)
        else { return (Canary(), .client) }
        if mode == .reload {
            note(
                "canary needs `switch: live`: with `switch: reload` nginx sends all requests to "
                    + "one group of servers, which cannot be divided; remove one of the two",
                at: field)
        }
        let steps = steps(entries["steps"], in: field)
        let every = duration(
            entries["every"], atLeast: .seconds(1), atMost: .seconds(3600), example: "every: 60s")
        let stickiness = entries["sticky"].flatMap { self.stickiness($0) }
        let canary = every.map { Canary(steps: steps, every: $0) } ?? Canary(steps: steps)
        return (canary, stickiness ?? .client)
    }

    // MARK: Steps

    private mutating func steps(_ field: Field?, in canary: Field) -> [Share] {
        let example = "steps: [10%, 50%]"
        guard let field else {
            note("\(canary.path) must say its steps, as in `\(Self.canaryExample)`", at: canary)
            return []
        }
        guard case .sequence(let nodes) = field.node, !nodes.isEmpty else {
            expected("a list of shares", example: example, at: field)
            return []
        }
        if nodes.count > Self.mostSteps {
            note(
                "\(field.path) has \(nodes.count) steps: at most \(Self.mostSteps) are possible",
                at: field)
        }
        let steps = nodes.enumerated().map { index, node in
            step(Field(path: "\(field.path)[\(index)]", node: node), example: example)
        }
        for index in steps.indices.dropFirst() {
            guard let step = steps[index], let last = steps[index - 1], step <= last else {
                continue
            }
            note(
                "\(field.path)[\(index)] must be more than the step before it: each gives the "
                    + "candidate more of the traffic, as in `\(example)`", at: nodes[index])
        }
        return steps.compactMap { $0 }
    }

    /// nginx divides requests in hundredths of a percent.
    /// https://nginx.org/en/docs/http/ngx_http_split_clients_module.html
    private mutating func step(_ field: Field, example: String) -> Share? {
        guard let share = share(field, example: example) else { return nil }
        let hundredths = share.fraction * 10_000
        guard hundredths >= 1, share.fraction < 1,
            abs(hundredths - hundredths.rounded()) < 0.000_001
        else {
            expected(
                "above 0% and below 100%, with at most two decimals", example: example, at: field)
            return nil
        }
        return share
    }

    // MARK: Stickiness

    private mutating func stickiness(_ field: Field) -> Stickiness? {
        let example = "sticky: {cookie: session}"
        guard let entries = entries(of: field, Self.stickyKeys, example: example) else {
            return nil
        }
        // A misspelt key is a mistake of its own.
        if entries.isEmpty, field.node.mapping?.isEmpty == false { return nil }
        let cookie = strictText(entries["cookie"], .cookieName, example: "cookie: session")
        let header = strictText(entries["header"], .headerName, example: "header: X-Client-Id")
        switch (entries["cookie"], entries["header"]) {
        case (.some, nil): return cookie.map { .cookie($0) }
        case (nil, .some): return header.map { .header($0) }
        case (nil, nil), (.some, .some):
            note(
                "\(field.path) must have exactly one of cookie and header, as in `\(example)`; "
                    + "without the key clients are known by address and agent", at: field)
            return nil
        }
    }
}
