import BlueGreen
import Yams

extension ConfigurationReader {
    private static let methods = ["http", "tcp", "command", "docker"]
    static let healthKeys = Keys(
        known: methods + [
            "port", "host", "expect", "interval", "timeout", "rise", "fall", "deadline",
        ])

    /// - Parameters:
    ///   - servicePort: what is probed where `health` names no port of its own.
    ///   - hasPort: whether the service names one at all, so that a wrong one is one mistake.
    mutating func health(_ field: Field, servicePort: Int?, hasPort: Bool) -> HealthCheck? {
        guard
            let entries = entries(
                of: field, Self.healthKeys, example: "health: {http: /healthz}")
        else { return nil }
        var port = integer(entries["port"], in: 1...65_535, "a port", example: "port: 8080")
        let method = method(entries, port: &port, in: field)
        let interval = duration(
            entries["interval"], atLeast: .milliseconds(10), example: "interval: 1s")
        let timeout = duration(
            entries["timeout"], atLeast: .milliseconds(1), example: "timeout: 2s")
        let rise = integer(entries["rise"], in: 1...100, "a number", example: "rise: 2")
        let fall = integer(entries["fall"], in: 1...100, "a number", example: "fall: 3")
        let deadline = duration(
            entries["deadline"], atLeast: .milliseconds(100), example: "deadline: 120s")
        guard let method else { return nil }
        refuseStrangers(to: method, entries)
        let probed = port ?? servicePort
        if method.needsPort, probed == nil, entries["port"] == nil, !hasPort {
            note(
                "\(field.path): which port is probed? Write it, as in "
                    + "`health: {tcp: 5432}`", at: field)
        }
        let defaults = HealthCheck(method: method, port: nil)
        return HealthCheck(
            method: method, port: method.needsPort ? probed : nil,
            interval: interval ?? defaults.interval, timeout: timeout ?? defaults.timeout,
            rise: rise ?? defaults.rise, fall: fall ?? defaults.fall,
            deadline: deadline ?? defaults.deadline)
    }

    private mutating func method(
        _ entries: [String: Field], port: inout Int?, in field: Field
    ) -> HealthCheck.Method? {
        let given = Self.methods.filter { entries[$0] != nil }
        guard given.count == 1 else {
            note(
                "\(field.path) must have exactly one of http, tcp, command and docker, as in "
                    + "`health: {http: /healthz}`; it has "
                    + (given.isEmpty ? "none" : given.joined(separator: " and ")), at: field)
            return nil
        }
        if let http = entries["http"] {
            let path = strictText(http, .urlPath, example: "http: /healthz")
            let host = strictText(entries["host"], .host, example: "host: shop.example")
            let expected = statuses(entries["expect"])
            return path.map { .http(path: $0, host: host, expected: expected ?? [200...399]) }
        }
        if let tcp = entries["tcp"] {
            return self.tcp(tcp, port: &port)
        }
        if let docker = entries["docker"] {
            return isTrue(docker, example: "health: {docker: true}") ? .docker : nil
        }
        return entries["command"].flatMap { command($0) }
    }

    /// `true` for the service's own port, or a port.
    private mutating func tcp(_ field: Field, port: inout Int?) -> HealthCheck.Method? {
        let what = "true or a port from 1 to 65535"
        let example = "health: {tcp: 5432}"
        guard let text = text(of: field, what, example: example) else { return nil }
        if text == "true" { return .tcp }
        guard let number = Int(text), (1...65_535).contains(number) else {
            expected(what, example: example, at: field)
            return nil
        }
        if port != nil {
            note("\(field.path) names a port, and so does `port`: remove one", at: field)
        }
        port = number
        return .tcp
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

    private mutating func refuseStrangers(
        to method: HealthCheck.Method, _ entries: [String: Field]
    ) {
        let strangers =
            switch method {
            case .http: [String]()
            case .tcp: ["host", "expect"]
            case .command, .docker: ["host", "expect", "port"]
            }
        for key in strangers {
            guard let field = entries[key] else { continue }
            note("\(field.path) has no meaning for this kind of check: remove it", at: field)
        }
    }
}

extension HealthCheck.Method {
    fileprivate var needsPort: Bool {
        switch self {
        case .http, .tcp: true
        case .command, .docker: false
        }
    }
}
