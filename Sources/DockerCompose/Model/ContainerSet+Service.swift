import BlueGreen
import DockerEngine

extension ContainerSet {
    /// Teal decides these keys and never takes them from the user's service.
    static let dropped =
        [
            "build", "container_name", "depends_on", "develop", "links", "networks", "ports",
            "profiles", "pull_policy", "scale",
        ] + ComposeService.lifecycleKeys

    /// The common part of coloured and shared services: the pinned image, no starting order, one
    /// container, the labels.
    func pinnedModel(of service: PlannedService) -> JSONValue {
        var model = model(of: service)
        for key in Self.dropped { model[key] = nil }
        model["image"] = .string(pinnedImage(of: service))
        model["pull_policy"] = "never"
        if model["deploy"] != nil {
            model["deploy"]?["replicas"] = nil
            // Compose would prefer it to `restart`, and `any` of it would start a colour again
            // that was stopped.
            model["deploy"]?["restart_policy"] = nil
            model["restart"] = usersRestart(of: service).map(JSONValue.string)
        }
        model["stop_grace_period"] = ownGrace(of: service) ?? model["stop_grace_period"]
        return model
    }

    /// The grace period of `teal.yml`, in Compose's form.
    func ownGrace(of service: PlannedService) -> JSONValue? {
        settings[service.name]?.stopGrace.map { .string("\($0.wholeMilliseconds)ms") }
    }

    func labels(of service: PlannedService, replica: Int) -> [String: String] {
        [
            ResourceLabel.app: app,
            ResourceLabel.service: service.name,
            ResourceLabel.replica: String(replica),
            ResourceLabel.role: service.role.rawValue,
            ResourceLabel.restart: usersRestart(of: service)
                ?? (service.isOneShot ? "no" : stepwiseRestart(of: service)),
            ResourceLabel.grace: String((grace(of: service).wholeMilliseconds + 999) / 1000),
        ].merging(
            ComposeService(name: service.name, model: model(of: service)).lifecycleLabels
        ) { $1 }
    }

    func addLabels(_ labels: [String: String], to model: inout JSONValue) {
        var all = model["labels"]?.object ?? [:]
        for (key, value) in labels { all[key] = .string(value) }
        model["labels"] = .object(all)
    }

    /// The policy that the user wrote, else the one that brings a service back after a reboot.
    func intendedRestart(of service: PlannedService) -> String {
        usersRestart(of: service) ?? (service.isOneShot ? "no" : "unless-stopped")
    }

    private func stepwiseRestart(of service: PlannedService) -> String {
        let model = model(of: service)
        let isOther = model["command"] != nil || model["entrypoint"] != nil
        let serves =
            service.healthCheck != nil || ["ports", "expose"].contains { model[$0] != nil }
        return isOther && !serves ? ResourceLabel.tentativeRestart : ResourceLabel.usualRestart
    }

    func usersRestart(of service: PlannedService) -> String? {
        ComposeService(name: service.name, model: model(of: service)).restart
    }

    func hasNetworkMode(_ service: PlannedService) -> Bool {
        model(of: service)["network_mode"] != nil
    }

    /// The service's name, and what the compose file calls it besides.
    func aliases(of service: PlannedService) -> JSONValue {
        let networks = model(of: service)["networks"]?.object ?? [:]
        let own = networks.sorted { $0.key < $1.key }
            .flatMap { $0.value["aliases"]?.array ?? [] }.compactMap(\.string)
        var all: [String] = []
        for alias in [service.name] + own + project.claims(of: service.name)
        where !all.contains(alias) {
            all.append(alias)
        }
        return .array(all.map(JSONValue.string))
    }

    /// The networks that the user has made outside of Compose; a service stays in them.
    func externalNetworks(of service: PlannedService) -> [String: JSONValue] {
        (model(of: service)["networks"]?.object ?? [:]).filter { externalNetworks[$0.key] != nil }
    }

    var externalNetworks: [String: JSONValue] {
        (project.model["networks"]?.object ?? [:]).filter { isExternal($0.value) }
    }
}
