import BlueGreen
import DockerEngine

extension ContainerSet {
    /// The compose model of one container in which a hook runs before anything of its release
    /// does: the service's image, environment, volumes and network, and nothing by which the
    /// container could be taken for a replica of it, by Teal, by nginx or by another service.
    ///
    /// - Parameter variables: beside the service's own environment.
    func hookModel(
        _ hook: Hook, of service: PlannedService, _ colour: Colour, variables: [String: String]
    ) -> JSONValue {
        var model = pinnedModel(of: service)
        // The words are a program with its arguments, as they are in a container that runs; an
        // image's own entrypoint would make them arguments of another.
        model["entrypoint"] = .array(hook.words.map { .string(Self.uninterpolated($0)) })
        model["command"] = nil
        return onceModel(model, of: service, colour, variables: variables)
    }

    /// The compose model of the container of one `pre_start` step: what the step does not say is
    /// the service's. https://docs.docker.com/compose/how-tos/init-containers/
    ///
    /// - Parameters:
    ///   - step: as Compose resolved it.
    ///   - sibling: the service's own container, whose anonymous volumes the step sees too; nil
    ///     where it is made later.
    func preStartModel(
        _ step: JSONValue, of service: PlannedService, _ colour: Colour, beside sibling: String?,
        variables: [String: String]
    ) -> JSONValue {
        var model = pinnedModel(of: service)
        // Compose shows no entrypoint, or none of its own, as null.
        for (key, value) in step.object ?? [:] { model[key] = value == .null ? nil : value }
        for key in Self.dropped + ["per_replica"] { model[key] = nil }
        let isOwnImage = (step["image"]?.string).map { $0 == image(of: service) } ?? true
        model["image"] = isOwnImage ? .string(pinnedImage(of: service)) : step["image"]
        model["pull_policy"] = isOwnImage ? "never" : step["pull_policy"] ?? "missing"
        let own = step["volumes"]?.array ?? []
        let targets = own.compactMap { $0["target"]?.string }
        let inherited = (self.model(of: service)["volumes"]?.array ?? [])
            .filter { !targets.contains($0["target"]?.string ?? "") }
        model["volumes"] = .array(inherited + own)
        if let sibling {
            model["volumes_from"] = .array(
                (model["volumes_from"]?.array ?? []) + [.string("container:\(sibling)")])
        }
        return onceModel(model, of: service, colour, variables: variables)
    }

    private func onceModel(
        _ model: JSONValue, of service: PlannedService, _ colour: Colour,
        variables: [String: String]
    ) -> JSONValue {
        var model = model
        model["healthcheck"] = nil
        model["restart"] = "no"
        if model["cpu_shares"] == nil {
            model["cpu_shares"] = .integer(Int64(ProcessorWeight.starting))
        }
        var environment = model["environment"]?.object ?? [:]
        for (name, value) in variables {
            environment[name] = .string(Self.uninterpolated(value))
        }
        model["environment"] = .object(environment)
        addLabels(
            [
                ResourceLabel.app: app, ResourceLabel.colour: colour.rawValue,
                ResourceLabel.release: release.text, ResourceLabel.hook: service.name,
            ], to: &model)
        if !hasNetworkMode(service) {
            let networks = networks(of: service, in: [colour]).object ?? [:]
            model["networks"] = .object(networks.mapValues { _ in .object([:]) })
        }
        return document(
            project: ResourceNames.hookProject(app, colour), services: [service.name: model],
            colours: [colour])
    }

    /// Compose puts variables into what it reads; `$$` is its way to write a dollar.
    private static func uninterpolated(_ text: String) -> String {
        text.split(separator: "$", omittingEmptySubsequences: false).joined(separator: "$$")
    }
}
