import BlueGreen

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
        model["healthcheck"] = nil
        // The words are a program with its arguments, as they are in a container that runs; an
        // image's own entrypoint would make them arguments of another.
        model["entrypoint"] = .array(hook.words.map { .string(Self.uninterpolated($0)) })
        model["command"] = nil
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
            var networks = externalNetworks(of: service)
                .mapValues { _ in JSONValue.object([:]) }
            networks[ResourceNames.project(app, colour)] = .object([:])
            model["networks"] = .object(networks)
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
