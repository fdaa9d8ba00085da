import BlueGreen
import DockerEngine

extension ContainerSet {
    /// These keys have no part in the container itself.
    private static let immaterial = [
        "build", "depends_on", "develop", "links", "profiles", "pull_policy", "scale",
    ]

    func definition(of service: PlannedService) -> ServiceDefinition {
        var model = model(of: service)
        for key in Self.immaterial { model[key] = nil }
        model["image"] = .string(image(of: service))
        model["ports"] = ComposeService(name: service.name, model: model)
            .ports(settings[service.name] ?? ServiceSettings())
        model["restart"] = .string(intendedRestart(of: service))
        model["stop_grace_period"] = ownGrace(of: service) ?? model["stop_grace_period"]
        if model["deploy"] != nil {
            model["deploy"]?["replicas"] = nil
            model["deploy"]?["restart_policy"] = nil
        }
        if !hasNetworkMode(service) {
            model["networks"] = [
                "aliases": aliases(of: service), "external": .object(externalNetworks(of: service)),
                "own": .array(ownNetworks(of: service).map(JSONValue.string)),
            ]
        }
        for section in ["configs", "secrets"] {
            model[section] = model[section]?.array.map { entries in
                .array(entries.map { named($0, in: section) })
            }
        }
        model["volumes"] = model["volumes"]?.array.map { .array($0.map(named)) }
        return ServiceDefinition(json: .object((model.object ?? [:]).filter { $0.value != .null }))
    }

    /// The copy's name has the digest of its content.
    private func named(_ entry: JSONValue, in section: String) -> JSONValue {
        guard let source = entry["source"]?.string else { return entry }
        let meant = project.model[section]?[source]
        let file = meant?["file"]?.string?.split(separator: "/").last.map(String.init)
        var entry = entry
        entry["source"] = (file ?? meant?["name"]?.string).map(JSONValue.string)
        return entry
    }

    private func named(_ mount: JSONValue) -> JSONValue {
        guard mount["type"]?.string == "volume", let source = mount["source"]?.string,
            let name = volumeNames[source]
        else { return mount }
        var mount = mount
        mount["source"] = .string(name)
        return mount
    }
}
