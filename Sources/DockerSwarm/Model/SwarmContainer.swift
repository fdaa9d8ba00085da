import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// A service of the compose file as the container of a task.
struct SwarmContainer: Sendable {
    private let plan: SwarmPlan
    private let service: PlannedService
    private let own: ComposeService

    init(_ plan: SwarmPlan, _ service: PlannedService, _ own: ComposeService) {
        self.plan = plan
        self.service = service
        self.own = own
    }

    /// Keys that the engine calls by another name and takes as they are.
    private static let plain = [
        "hostname": "Hostname", "working_dir": "Dir", "user": "User", "stop_signal": "StopSignal",
        "tty": "TTY", "stdin_open": "OpenStdin", "read_only": "ReadOnly", "init": "Init",
        "entrypoint": "Command", "command": "Args", "labels": "Labels", "cap_add": "CapabilityAdd",
        "cap_drop": "CapabilityDrop",
    ]

    var spec: JSONValue {
        let model = own.model
        var spec: JSONValue = [
            "Image": .string(plan.images[service.name] ?? plan.imageName(of: service)),
            "StopGracePeriod": plan.grace(of: service).swarmNanoseconds,
        ]
        for (key, name) in Self.plain { spec[name] = model[key]?.unescaped }
        let environment = (model["environment"]?.object ?? [:]).sorted { $0.key < $1.key }
        spec["Env"] = .array(
            environment.map { name, value in
                .string(value.string.map { "\(name)=\($0.unescapingDollars)" } ?? name)
            })
        let mounts = own.mounts.map(mount)
        if !mounts.isEmpty { spec["Mounts"] = .array(mounts) }
        spec["Healthcheck"] = check
        let files = Dictionary(grouping: plan.files(of: service), by: \.kind)
        for (kind, own) in files {
            spec["\(kind.word)s"] = .array(
                own.map { $0.spec(id: plan.objectIDs[kind]?[$0.name] ?? "") })
        }
        return spec
    }

    private func mount(_ mount: ServiceOutline.Mount) -> JSONValue {
        let isNamed = mount.type == "volume"
        return [
            "Type": .string(mount.type),
            "Source": .string(isNamed ? volumeName(mount.source) : mount.source),
            "Target": .string(mount.target), "ReadOnly": .bool(!mount.isWritable),
        ]
    }

    private func volumeName(_ key: String) -> String {
        plan.project.model["volumes"]?[key]?["name"]?.string ?? "\(plan.app)_\(key)"
    }

    private var check: JSONValue? {
        guard let check = own.model["healthcheck"] else { return nil }
        if own.switchesHealthCheckOff { return ["Test": ["NONE"]] }
        var spec: JSONValue = [:]
        if let test = check["test"]?.unescaped {
            spec["Test"] = test.string.map { ["CMD-SHELL", .string($0)] } ?? test
        }
        for (key, name) in [
            ("interval", "Interval"), ("timeout", "Timeout"), ("start_period", "StartPeriod"),
        ] {
            spec[name] = check[key]?.string.flatMap(Duration.init(composeText:))?.swarmNanoseconds
        }
        spec["Retries"] = check["retries"]
        return spec
    }
}

/// `deploy.resources` and the older keys for the same.
struct SwarmResources: Sendable {
    private let own: ComposeService

    init(_ own: ComposeService) {
        self.own = own
    }

    var spec: JSONValue {
        let resources = own.model["deploy"]?["resources"]
        var limits = amounts(resources?["limits"])
        if let memory = own.memoryLimit { limits["MemoryBytes"] = .integer(memory.bytes) }
        if limits["NanoCPUs"] == nil { limits["NanoCPUs"] = processors(own.model["cpus"]) }
        var spec: JSONValue = [:]
        if limits != [:] { spec["Limits"] = limits }
        let reservations = amounts(resources?["reservations"])
        if reservations != [:] { spec["Reservations"] = reservations }
        return spec
    }

    private func amounts(_ part: JSONValue?) -> JSONValue {
        var amounts: JSONValue = [:]
        amounts["NanoCPUs"] = processors(part?["cpus"])
        amounts["MemoryBytes"] = part?["memory"]?.integer.map { .integer(Int64($0)) }
        amounts["Pids"] = part?["pids"]?.integer.map { .integer(Int64($0)) }
        return amounts
    }

    /// Compose writes `0.5` as a number or as text.
    private func processors(_ value: JSONValue?) -> JSONValue? {
        let count: Double? =
            switch value {
            case .number(let number): number
            case .integer(let number): Double(number)
            case .string(let text): Double(text)
            case .null, .bool, .array, .object, nil: nil
            }
        return count.map { .integer(Int64(($0 * 1e9).rounded())) }
    }
}

/// `restart` and `deploy.restart_policy`, which Compose prefers.
struct SwarmRestart: Sendable {
    private let own: ComposeService
    private let isJob: Bool

    init(_ own: ComposeService, isJob: Bool) {
        self.own = own
        self.isJob = isJob
    }

    /// Without a word of the user's a task that ends is started again after so long.
    private static let usualDelay = Duration.seconds(2)

    var spec: JSONValue {
        let policy = own.model["deploy"]?["restart_policy"]
        let usual = isJob ? "no" : "unless-stopped"
        let parts = (own.restart ?? usual).split(separator: ":")
        var spec: JSONValue = ["Delay": Self.usualDelay.swarmNanoseconds]
        switch parts.first {
        case "no": spec["Condition"] = "none"
        case "on-failure": spec["Condition"] = "on-failure"
        // A job that has ended well is never run again, and the swarm refuses one that would be.
        case .some where isJob: spec["Condition"] = "on-failure"
        default: spec["Condition"] = "any"
        }
        if parts.count == 2, let attempts = Int64(parts[1]) {
            spec["MaxAttempts"] = .integer(attempts)
        }
        if let attempts = policy?["max_attempts"] { spec["MaxAttempts"] = attempts }
        for (key, name) in [("delay", "Delay"), ("window", "Window")] {
            if let time = policy?[key]?.string.flatMap(Duration.init(composeText:)) {
                spec[name] = time.swarmNanoseconds
            }
        }
        return spec
    }
}

extension Duration {
    var swarmNanoseconds: JSONValue { .integer(wholeMilliseconds * 1_000_000) }
}

/// Compose writes each `$` of a value as `$$`, which only Compose reads back.
extension JSONValue {
    var unescaped: JSONValue {
        switch self {
        case .string(let text): .string(text.unescapingDollars)
        case .array(let values): .array(values.map(\.unescaped))
        case .object(let members): .object(members.mapValues(\.unescaped))
        case .null, .bool, .integer, .number: self
        }
    }
}
