import BlueGreen
import Yams

extension ConfigurationReader {
    static let healthSection = Section<HealthEntry>(
        "health", showing: ["http"],
        HealthKind.allCases.map { Key($0.rawValue, $0.exampleValue) } + [
            Key("port", "8080", \.port, .integer(1...65_535, "a port")),
            Key("host", "shop.example", \.host, .strict(.host)),
            Key("expect", "200-399", \.expected, Reading { $0.statuses($1, example: $2) }),
            Key("interval", "1s", \.check.interval, .duration(atLeast: .milliseconds(10))),
            Key("timeout", "2s", \.check.timeout, .duration(atLeast: .milliseconds(1))),
            Key("rise", "2", \.check.rise, .integer(1...100)),
            Key("fall", "3", \.check.fall, .integer(1...100)),
            Key("deadline", "120s", \.check.deadline, .duration(atLeast: .milliseconds(100))),
        ])

    struct HealthEntry {
        fileprivate var port: Int?
        fileprivate var host: String?
        fileprivate var expected = HealthCheck.usualStatuses
        /// Its method is read last, since it needs the other keys.
        fileprivate var check = HealthCheck(method: .docker)
    }

    /// - Parameters:
    ///   - servicePort: the port to probe where `health` names none of its own.
    ///   - hasPort: whether the service names one at all, so that a wrong one is one mistake.
    mutating func health(_ field: Field, servicePort: Int?, hasPort: Bool) -> HealthCheck? {
        var entry = HealthEntry()
        guard let entries = read(field, Self.healthSection, into: &entry),
            let kind = healthKind(entries, in: field)
        else { return nil }
        refuseStrangers(to: kind, entries)
        // A wrong port was noted before; a missing one is noted where it matters.
        let port = HealthPort(
            own: entry.port, service: servicePort,
            isMissing: entries["port"] == nil && !hasPort)
        guard let value = entries[kind.rawValue],
            let method = healthMethod(kind, value, entry, port, in: field)
        else { return nil }
        entry.check.method = method
        return entry.check
    }

    private mutating func healthKind(_ entries: [String: Field], in field: Field) -> HealthKind? {
        let given = HealthKind.allCases.filter { entries[$0.rawValue] != nil }
        guard given.count == 1 else {
            note(
                "\(field.path) must have exactly one of http, tcp, command and docker, as in "
                    + "`\(Self.healthSection.example)`; it has "
                    + (given.isEmpty
                        ? "none: `tcp: true` asks whether the service's port opens, `docker: true` "
                            + "is the compose file's healthcheck"
                        : given.map(\.rawValue).joined(separator: " and ")),
                at: field)
            return nil
        }
        return given[0]
    }

    private mutating func healthMethod(
        _ kind: HealthKind, _ value: Field, _ entry: HealthEntry, _ port: HealthPort,
        in field: Field
    ) -> HealthCheck.Method? {
        switch kind {
        case .http:
            guard let path = strictText(value, .urlPath, example: kind.example),
                let port = probed(port, in: field)
            else { return nil }
            return .http(port: port, path: path, host: entry.host, expected: entry.expected)
        case .tcp:
            return tcp(value, port, in: field)
        case .command:
            return command(value)
        case .docker:
            return self.value(value, "true", example: kind.sectionExample) {
                $0 == "true" ? .docker : nil
            }
        }
    }

    /// `true` for the service's own port, or a port.
    private mutating func tcp(
        _ value: Field, _ port: HealthPort, in field: Field
    ) -> HealthCheck.Method? {
        let what = "true or a port from 1 to 65535"
        let example = HealthKind.tcp.sectionExample
        guard let text = text(of: value, what, example: example) else { return nil }
        if text == "true" { return probed(port, in: field).map { .tcp(port: $0) } }
        guard let number = Int(text), (1...65_535).contains(number) else {
            expected(what, example: example, at: value)
            return nil
        }
        if port.own != nil {
            note("\(value.path) names a port, and so does `port`: remove one", at: value)
        }
        return .tcp(port: number)
    }

    private mutating func probed(_ port: HealthPort, in field: Field) -> Int? {
        if port.isMissing {
            note(
                "\(field.path): which port is probed? Write it, as in "
                    + "`\(HealthKind.tcp.sectionExample)`", at: field)
        }
        return port.own ?? port.service
    }

    /// A list only: Teal runs no shell, and a string would have to be split by the rules of one.
    private mutating func command(_ field: Field) -> HealthCheck.Method? {
        let example = HealthKind.command.example
        guard case .sequence = field.node else {
            expected("a list, the program first", example: example, at: field)
            return nil
        }
        return texts(field, "a word", example: example).map { .command($0) }
    }

    private mutating func refuseStrangers(to kind: HealthKind, _ entries: [String: Field]) {
        for key in HealthKind.special where !kind.keys.contains(key) {
            guard let field = entries[key] else { continue }
            note("\(field.path) has no meaning for this kind of check: remove it", at: field)
        }
    }
}

/// The kinds of check, by the key that chooses one.
private enum HealthKind: String, CaseIterable {
    case http
    case tcp
    case command
    case docker

    var exampleValue: String {
        switch self {
        case .http: "/healthz"
        case .tcp: "5432"
        case .command: "[pg_isready, --username, shop]"
        case .docker: "true"
        }
    }

    var example: String { "\(rawValue): \(exampleValue)" }
    var sectionExample: String { "health: {\(example)}" }

    /// The keys that it takes beside the keys that every kind takes.
    var keys: [String] {
        switch self {
        case .http: ["host", "expect", "port"]
        case .tcp: ["port"]
        case .command, .docker: []
        }
    }

    static let special = ["host", "expect", "port"]
}

/// The port that a check probes, as far as the file tells.
private struct HealthPort {
    /// The check's own.
    let own: Int?
    let service: Int?
    /// Neither the check nor the service names one, be it a wrong one.
    let isMissing: Bool
}
