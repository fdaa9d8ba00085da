import BlueGreen
import Yams

extension ConfigurationReader {
    static let canarySection = Section<CanaryEntry>(
        "canary", showing: ["steps", "every"],
        [
            Key("steps", "[10%, 50%]", \.canary.steps, Reading { $0.steps($1, example: $2) }),
            Key(
                "every", "60s", \.canary.every,
                .duration(atLeast: .seconds(1), atMost: .seconds(3600))),
            Key(stickySection) { reader, field, _, entry in
                if let stickiness = reader.stickiness(field) { entry.stickiness = stickiness }
            },
        ])

    private static let stickySection = Section<StickyEntry>(
        "sticky", showing: ["cookie"],
        [
            Key("cookie", "session", \.cookie, .strict(.cookieName)),
            Key("header", "X-Client-Id", \.header, .strict(.headerName)),
        ])

    struct CanaryEntry {
        var canary = Canary()
        var stickiness = Stickiness.client
    }

    private struct StickyEntry {
        var cookie: String?
        var header: String?
    }

    private static let mostSteps = 10

    mutating func canary(_ field: Field, _ configuration: inout AppConfiguration) {
        var entry = CanaryEntry()
        guard let entries = read(field, Self.canarySection, into: &entry) else { return }
        if configuration.trafficSwitch == .reload {
            note(
                "canary needs `switch: live`: with `switch: reload` nginx sends all requests to "
                    + "one group of servers, which cannot be divided; remove one of the two",
                at: field)
        }
        if entries["steps"] == nil {
            note(
                "\(field.path) must say its steps, as in `\(Self.canarySection.example)`", at: field
            )
        }
        configuration.deployment.canary = entry.canary
        configuration.stickiness = entry.stickiness
    }

    // MARK: Steps

    private mutating func steps(_ field: Field, example: String) -> [Share]? {
        guard case .sequence(let nodes) = field.node, !nodes.isEmpty else {
            expected("a list of shares", example: example, at: field)
            return nil
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
        var entry = StickyEntry()
        guard let entries = read(field, Self.stickySection, into: &entry) else { return nil }
        // A misspelt key is a mistake of its own.
        if entries.isEmpty, field.node.mapping?.isEmpty == false { return nil }
        switch (entries["cookie"], entries["header"]) {
        case (.some, nil): return entry.cookie.map { .cookie($0) }
        case (nil, .some): return entry.header.map { .header($0) }
        case (nil, nil), (.some, .some):
            note(
                "\(field.path) must have exactly one of cookie and header, as in "
                    + "`\(Self.stickySection.example)`; without the key "
                    + "clients are known by address and agent", at: field)
            return nil
        }
    }
}
