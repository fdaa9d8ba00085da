import BlueGreen
import Yams

extension ConfigurationReader {
    static let healthKeys = Keys(
        known: HealthKind.allCases.map(\.rawValue)
            + ["port", "host", "expect", "interval", "timeout", "rise", "fall", "deadline"])

    /// - Parameters:
    ///   - servicePort: what is probed where `health` names no port of its own.
    ///   - hasPort: whether the service names one at all, so that a wrong one is one mistake.
    mutating func health(_ field: Field, servicePort: Int?, hasPort: Bool) -> HealthCheck? {
        guard
            let entries = entries(
                of: field, Self.healthKeys, example: "health: {http: /healthz}")
        else { return nil }
        let kind = healthKind(entries, in: field)
        let own = integer(entries["port"], in: 1...65_535, "a port", example: "port: 8080")
        // A wrong port is a mistake that was told; one that is missing is told where it matters.
        let isMissing = entries["port"] == nil && !hasPort
        let port = HealthPort(own: own, service: servicePort, isMissing: isMissing)
        let method = kind.flatMap { healthMethod($0, entries, port, in: field) }
        let interval = duration(
            entries["interval"], atLeast: .milliseconds(10), example: "interval: 1s")
        let timeout = duration(
            entries["timeout"], atLeast: .milliseconds(1), example: "timeout: 2s")
        let rise = integer(entries["rise"], in: 1...100, "a number", example: "rise: 2")
        let fall = integer(entries["fall"], in: 1...100, "a number", example: "fall: 3")
        let deadline = duration(
            entries["deadline"], atLeast: .milliseconds(100), example: "deadline: 120s")
        if let kind { refuseStrangers(to: kind, entries) }
        guard let method else { return nil }
        let defaults = HealthCheck(method: method)
        return HealthCheck(
            method: method, interval: interval ?? defaults.interval,
            timeout: timeout ?? defaults.timeout, rise: rise ?? defaults.rise,
            fall: fall ?? defaults.fall, deadline: deadline ?? defaults.deadline)
    }

    private mutating func healthKind(_ entries: [String: Field], in field: Field) -> HealthKind? {
        let given = HealthKind.allCases.filter { entries[$0.rawValue] != nil }
        guard given.count == 1 else {
            note(
                "\(field.path) must have exactly one of http, tcp, command and docker, as in "
                    + "`health: {http: /healthz}`; it has "
                    + (given.isEmpty ? "none" : given.map(\.rawValue).joined(separator: " and ")),
                at: field)
            return nil
        }
        return given[0]
    }

    private mutating func healthMethod(
        _ kind: HealthKind, _ entries: [String: Field], _ port: HealthPort, in field: Field
    ) -> HealthCheck.Method? {
        guard let value = entries[kind.rawValue] else { return nil }
        switch kind {
        case .http:
            let path = strictText(value, .urlPath, example: "http: /healthz")
            let host = strictText(entries["host"], .host, example: "host: shop.example")
            let expected = statuses(entries["expect"]) ?? [200...399]
            guard let path, let port = probed(port, in: field) else { return nil }
            return .http(port: port, path: path, host: host, expected: expected)
        case .tcp:
            return tcp(value, port, in: field)
        case .command:
            return command(value)
        case .docker:
            return isTrue(value, example: "health: {docker: true}") ? .docker : nil
        }
    }

    /// `true` for the service's own port, or a port.
    private mutating func tcp(
        _ value: Field, _ port: HealthPort, in field: Field
    ) -> HealthCheck.Method? {
        let what = "true or a port from 1 to 65535"
        let example = "health: {tcp: 5432}"
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
                    + "`health: {tcp: 5432}`", at: field)
        }
        return port.own ?? port.service
    }

    /// A list only: Teal runs no shell, and a string would have to be split by the rules of one.
    private mutating func command(_ field: Field) -> HealthCheck.Method? {
        let example = "command: [pg_isready, --username, shop]"
        guard case .sequence = field.node else {
            expected("a list, the program first", example: example, at: field)
            return nil
        }
        return texts(field, "a word", example: example).map { .command($0) }
    }

    private mutating func isTrue(_ field: Field, example: String) -> Bool {
        guard text(of: field, "true", example: example) == "true" else {
            expected("true", example: example, at: field)
            return false
        }
        return true
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

    /// What it takes beside the keys that every kind takes.
    var keys: [String] {
        switch self {
        case .http: ["host", "expect", "port"]
        case .tcp: ["port"]
        case .command, .docker: []
        }
    }

    static let special = ["host", "expect", "port"]
}

/// What is known of the port that a check probes.
private struct HealthPort {
    /// The check's own.
    let own: Int?
    let service: Int?
    /// Neither the check nor the service names one, be it a wrong one.
    let isMissing: Bool
}
