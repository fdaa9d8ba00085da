import BlueGreen
import Orchestration

/// The form of names, paths and addresses. None of them needs quoting in nginx.
enum NginxGrammar {
    static func check(app: String) throws {
        guard app.utf8.count <= 40, let first = app.utf8.first, isLower(first),
            app.utf8.allSatisfy({ isLower($0) || isDigit($0) || $0 == dash })
        else {
            throw NginxError.invalid(
                "the app's name", app, "a-z first, then a-z, 0-9 and -, at most 40 in all")
        }
    }

    static func check(service: String) throws {
        guard service.utf8.count <= 63, let first = service.utf8.first,
            isLower(first | 0x20) || isDigit(first),
            service.utf8.allSatisfy({
                isLower($0 | 0x20) || isDigit($0) || Array("._-".utf8).contains($0)
            })
        else {
            throw NginxError.invalid(
                "the service's name", service,
                "a letter or a digit first, then letters, digits and . _ -, at most 63 in all")
        }
    }

    /// Services whose names become the same nginx variable, or the same file.
    static func checkDistinct(_ services: [String], app: String) throws {
        let names = AppNames(app: app)
        var seen: [String: String] = [:]
        for service in services {
            for name in ["$" + names.variable(of: service), AppPaths.snippetName(of: service)] {
                guard let other = seen.updateValue(service, forKey: name) else { continue }
                throw NginxError.invalid(
                    "the service's name", service,
                    "one that nginx can tell from \(other) (both are \(name) there)")
            }
        }
    }

    /// - Parameter others: of the same nginx, with their exposed services.
    static func checkDistinct(
        _ services: [String], app: String, from others: [String: Set<String>]
    ) throws {
        let names = AppNames(app: app)
        for (other, theirs) in others.sorted(by: { $0.key < $1.key }) {
            let otherNames = AppNames(app: other)
            let variables = Set(theirs.map(otherNames.variable))
            let shared = services.map(names.variable).first(where: variables.contains)
            guard let clash = names.stem == otherNames.stem ? "_\(names.stem)" : shared else {
                continue
            }
            throw NginxError.invalid(
                "the app's name", app,
                "one that nginx can tell from the app \(other) (both have $\(clash) there)")
        }
    }

    static func check(path: String, of key: String) throws {
        let parts = path.split(separator: "/")
        guard path.hasPrefix("/"), !path.hasSuffix("/"), !parts.contains(".."),
            path.utf8.allSatisfy({
                isLower($0 | 0x20) || isDigit($0) || Array("/._-+@".utf8).contains($0)
            })
        else {
            throw NginxError.invalid(
                key, path, "an absolute path of letters, digits and . _ - + @")
        }
    }

    static func check(container: String) throws {
        guard let first = container.utf8.first, isLower(first | 0x20) || isDigit(first),
            container.utf8.allSatisfy({
                isLower($0 | 0x20) || isDigit($0) || Array("._-".utf8).contains($0)
            })
        else {
            throw NginxError.invalid(
                "nginx.container", container, "a container's name: letters, digits and . _ -")
        }
    }

    static func check(_ rollout: NginxSettings.Rollout, _ mode: SwitchMode) throws {
        for step in rollout.steps where CanaryStep(step) == nil {
            throw NginxError.invalid(
                "a step of canary.steps", "\(step.fraction * 100)%",
                "above 0% and below 100%, with at most two decimals")
        }
        if mode == .reload, let step = rollout.steps.first {
            throw NginxError.invalid(
                "the first of canary.steps", "\(step.fraction * 100)%",
                "no step at all with switch: reload, where nginx cannot divide requests")
        }
        switch rollout.stickiness {
        case .client: break
        case .cookie(let name):
            try check(name, of: "canary.sticky.cookie", plus: underscore, "_")
        case .header(let name):
            try check(name, of: "canary.sticky.header", plus: dash, "-")
        }
    }

    /// The characters that nginx can have in the name of a variable, `$cookie_NAME` or
    /// `$http_NAME`.
    private static func check(
        _ name: String, of key: String, plus other: UInt8, _ sign: String
    ) throws {
        guard (1...64).contains(name.utf8.count),
            name.utf8.allSatisfy({ isLower($0 | 0x20) || isDigit($0) || $0 == other })
        else {
            throw NginxError.invalid(key, name, "letters, digits and \(sign), at most 64 in all")
        }
    }

    static func check(_ table: RoutingTable) throws {
        for route in table.blue + table.green {
            try check(service: route.service)
            for endpoint in route.endpoints where Endpoint(endpoint) == nil {
                throw NginxError.invalid(
                    "an address of \(route.service)", endpoint, "an IP address and a port")
            }
        }
    }

    private static let dash = UInt8(ascii: "-")
    private static let underscore = UInt8(ascii: "_")

    private static func isLower(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
    }
}
