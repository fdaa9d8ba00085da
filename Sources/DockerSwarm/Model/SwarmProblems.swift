import BlueGreen
import DockerEngine
import Orchestration

/// All of a compose file that a swarm would drop without a word, or that Teal does not map yet.
struct SwarmProblems: Sendable {
    private let plan: SwarmPlan

    init(_ plan: SwarmPlan) {
        self.plan = plan
    }

    /// Service keys that reach the tasks, and those that Teal itself decides.
    private static let known: Set<String> = [
        "cap_add", "cap_drop", "command", "configs", "container_name", "cpus", "depends_on",
        "deploy", "entrypoint", "environment", "expose", "healthcheck", "hostname", "image", "init",
        "labels", "mem_limit", "networks", "ports", "profiles", "pull_policy", "read_only",
        "restart", "scale", "secrets", "stdin_open", "stop_grace_period", "stop_signal", "tty",
        "user", "volumes", "working_dir",
    ]

    /// Keys with a reason of their own.
    private static let reasons = [
        "build": "each node needs the image: name a registry that every node reaches, `registry:` "
            + "in teal.yml, or build it elsewhere and name it by `image:` alone",
        "devices": "the swarm takes it and drops it without a word",
        "ipc": "a task has a namespace of its own",
        "links": "a task may run on another node: others reach it by its service name",
        "network_mode": "a task is in the network of its colour",
        "pid": "a task has a namespace of its own",
        "post_start": "hooks of the compose file do not run in tasks",
        "pre_start": "hooks of the compose file do not run in tasks",
        "pre_stop": "hooks of the compose file do not run in tasks",
        "privileged": "the swarm takes it and drops it without a word",
        "security_opt": "the swarm takes it and drops it without a word",
        "userns_mode": "a task has the namespace of its node's daemon",
        "volumes_from": "a task may run on another node than its lender",
    ]

    private static let deployKeys: Set<String> = [
        "endpoint_mode", "labels", "mode", "placement", "replicas", "resources", "restart_policy",
    ]

    var all: [ServiceProblem] {
        get throws {
            var problems: [ServiceProblem] = []
            for service in try plan.services {
                for predicate in predicates(of: service) {
                    problems.append(ServiceProblem(service.name, "\(service.name) \(predicate)"))
                }
            }
            return try problems + objects + networks + sections
        }
    }

    /// Each as a predicate to the service's name.
    private func predicates(of service: PlannedService) -> [String] {
        let own = plan.model(of: service)
        var predicates = keys(own)
        predicates += deploy(own)
        predicates += roles(service, own)
        predicates += mounts(service, own)
        predicates += files(service)
        predicates += Self.networkPredicates(of: own)
        predicates += checks(service)
        predicates += ports(service)
        return predicates
    }

    private func keys(_ own: ComposeService) -> [String] {
        (own.model.object ?? [:]).sorted { $0.key < $1.key }
            .filter { !Self.known.contains($0.key) && !$0.value.isNothing }
            .filter { $0.key != "build" || plan.choices.registry == nil }
            .map { key, _ in
                let reason = Self.reasons[key] ?? "it is not mapped to the swarm yet"
                return "has `\(key):`, which `engine: swarm` refuses: \(reason)."
            }
    }

    private func deploy(_ own: ComposeService) -> [String] {
        let deploy = own.model["deploy"]
        var messages = (deploy?.object ?? [:]).sorted { $0.key < $1.key }
            .filter { !Self.deployKeys.contains($0.key) && !$0.value.isNothing }
            .map { key, _ in
                "has `deploy.\(key)`, which `engine: swarm` refuses: Teal itself decides how one "
                    + "release takes the place of another."
            }
        if let mode = deploy?["mode"]?.string, mode != "replicated" {
            messages.append("has `deploy.mode: \(mode)`, and Teal maps `replicated` only.")
        }
        if let mode = deploy?["endpoint_mode"]?.string, mode != "dnsrr" {
            messages.append("has `deploy.endpoint_mode: \(mode)`, and Teal uses `dnsrr` only.")
        }
        let placement = (deploy?["placement"]?.object ?? [:]).sorted { $0.key < $1.key }
            .filter { $0.key != "constraints" && !$0.value.isNothing }
        messages += placement.map {
            "has `deploy.placement.\($0.key)`, which `engine: swarm` does not map yet."
        }
        let resources = ["limits", "reservations"].flatMap { part in
            (deploy?["resources"]?[part]?.object ?? [:]).keys.sorted()
                .filter { !["cpus", "memory", "pids"].contains($0) }
                .map { "has `deploy.resources.\(part).\($0)`, which is not mapped yet." }
        }
        return messages + resources
    }

    private func roles(_ service: PlannedService, _ own: ComposeService) -> [String] {
        var messages: [String] = []
        if service.isOneShot, service.replicas > 1 {
            messages.append(
                "is waited for until it ends, and has \(service.replicas) replicas. The swarm "
                    + "would begin all of them anew for each: set `deploy.replicas` to 1.")
        }
        if own.model["image"]?.string == nil, !plan.isBuilt(service) {
            messages.append("has no `image:`, which every node would need.")
        }
        return messages
    }

    private func mounts(_ service: PlannedService, _ own: ComposeService) -> [String] {
        let anonymous = (own.model["volumes"]?.array ?? []).filter {
            ($0["source"]?.string ?? "").isEmpty && $0["type"]?.string == "volume"
        }.map {
            "has a volume without a name at \($0["target"]?.string ?? ""), which every node would "
                + "have one of. Give it a name."
        }
        return anonymous
            + own.mounts.compactMap { mount in
                switch mount.type {
                case "tmpfs": return nil
                case "volume" where plan.choices.pins[service.name] == nil:
                    return "mounts the volume \(mount.source), which is its node's own. Name the "
                        + "node that has it: `swarm: {pin: {\(service.name): NODE}}`."
                case "volume" where mount.isWritable && !isOnce(service):
                    return "can write to the volume \(mount.source), and two colours would. Let "
                        + "one of it run at a time: `\(service.name): {role: singleton}`, or, if "
                        + "it is no part of a release, as a database is none, `\(service.name): "
                        + "{role: shared}`."
                case "volume": return nil
                case "bind" where plan.choices.pins[service.name] == nil:
                    return "mounts \(mount.source) of its host, which another node may lack. Put "
                        + "it into the image, or name the node that has it: `swarm: {pin: "
                        + "{\(service.name): NODE}}`."
                case "bind" where mount.isWritable && !isOnce(service):
                    return "can write to \(mount.source) of its host, and two colours would."
                case "bind": return nil
                default: return "has a mount of type \(mount.type), which is not mapped yet."
                }
            }
    }

    /// Whether two colours never run it at a time.
    private func isOnce(_ service: PlannedService) -> Bool {
        switch service.role {
        case .shared, .singleton: true
        case .exposed, .internal: false
        }
    }

    /// The swarm refuses a service with two files at one place.
    private func files(_ service: PlannedService) -> [String] {
        let places = Dictionary(grouping: plan.files(of: service)) { "\($0.kind) \($0.target)" }
        return places.sorted { $0.key < $1.key }.map(\.value).filter { $0.count > 1 }.map { files in
            "has \(files.map(\.key).joined(separator: " and ")) at the same place, "
                + "\(files[0].target). Give one of them another `target:`."
        }
    }

    /// A container on another node is reached at a published port, and only exposed services have
    /// one.
    private func checks(_ service: PlannedService) -> [String] {
        guard let check = service.healthCheck else { return [] }
        switch check.method {
        case .docker: return []
        case .command:
            return [
                "has a check by a command, which only the container's own node could run. Give "
                    + "the service a `healthcheck:` in the compose file and `health: {docker: "
                    + "true}` in teal.yml."
            ]
        case .http(let port, _, _, _), .tcp(let port):
            if service.role == .exposed, port == service.port { return [] }
            return [
                "has a check at its port \(port), which only its colour's network reaches. Give "
                    + "it a `healthcheck:` in the compose file and `health: {docker: true}` in "
                    + "teal.yml."
            ]
        }
    }

    private func ports(_ service: PlannedService) -> [String] {
        let published = plan.model(of: service)
            .publishedPorts(plan.settings[service.name] ?? ServiceSettings())
        switch service.role {
        case .exposed where plan.choices.ports[service.name] == nil:
            return [
                "is exposed and has no ports in teal.yml: every node publishes blue and green, as "
                    + "in `swarm: {ports: {\(service.name): [18081, 18082]}}`."
            ]
        case .exposed: return []
        case .internal, .shared, .singleton:
            return published.isEmpty
                ? []
                : [
                    "publishes ports, which `engine: swarm` does not map yet. Leave them out: "
                        + "`\(service.name): {publish: none}` in teal.yml."
                ]
        }
    }

    private static let objectKeys: Set<String> = [
        "content", "environment", "external", "file", "labels", "name",
    ]

    private var objects: [ServiceProblem] {
        get throws {
            try plan.ownKeys(of: plan.services).flatMap { kind, key in
                (plan.entry(kind, key).object ?? [:]).keys.sorted()
                    .filter { !Self.objectKeys.contains($0) && !$0.hasPrefix("x-") }.map {
                        ServiceProblem(
                            "",
                            "The \(kind.rawValue) \(key) has `\($0):`, which `engine: swarm` "
                                + "refuses: it is not mapped to the swarm yet.")
                    }
            }
        }
    }

    private var networks: [ServiceProblem] {
        get throws {
            plan.networkKeys(of: try plan.services).filter { plan.externalNetwork($0) == nil }
                .flatMap { Self.problems(of: plan.network($0), named: $0) }
        }
    }

    /// The problems that no one service has.
    private var sections: [ServiceProblem] {
        let names = Set(plan.project.serviceNames)
        let choices = Set(plan.choices.ports.keys).union(plan.choices.pins.keys)
        let unknown = choices.subtracting(names).sorted().map {
            ServiceProblem($0, "`swarm:` in teal.yml names \($0), which is no service.")
        }
        let ports = plan.choices.ports.values.flatMap { [$0.blue, $0.green] }
        let doubled = Set(ports.filter { port in ports.count { $0 == port } > 1 }).sorted().map {
            ServiceProblem("", "`swarm.ports` in teal.yml has the port \($0) twice.")
        }
        return unknown + doubled
    }
}

extension JSONValue {
    /// Whether a key with this value says no more than its absence.
    var isNothing: Bool {
        switch self {
        case .null, .bool(false): true
        case .array(let values): values.isEmpty
        case .object(let members): members.isEmpty
        case .bool(true), .integer, .number, .string: false
        }
    }
}
