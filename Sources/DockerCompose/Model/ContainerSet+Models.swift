package import BlueGreen
package import DockerEngine
import Orchestration

extension ContainerSet {
    /// The compose model of the set in one colour: project `APP-blue`, each replica a service of
    /// its own, since Compose cannot fix the addresses of a scaled one.
    ///
    /// - Parameters:
    ///   - addresses: of exposed replicas, in the colour's network.
    package func colourModel(
        _ colour: Colour, addresses: [Replica: String]
    ) -> JSONValue {
        var services: [String: JSONValue] = [:]
        for service in coloured {
            for index in 1...max(service.replicas, 1) {
                let replica = Replica(service: service.name, index: index)
                let key = service.replicas > 1 ? replica.description : service.name
                services[key] = colouredModel(
                    of: service, replica, colour, address: addresses[replica])
            }
        }
        return document(
            project: ResourceNames.project(app, colour), services: services, colours: [colour])
    }

    /// The compose model of the services that both colours share: project `APP-shared`.
    package func sharedModel() -> JSONValue {
        var services: [String: JSONValue] = [:]
        var definitions: [String: JSONValue] = [:]
        for service in shared {
            let definition = definition(of: service)
            services[service.name] = sharedModel(of: service, definition)
            definitions[service.name] = definition.json
        }
        var document = document(
            project: ResourceNames.sharedProject(app), services: services,
            colours: Colour.allCases)
        document[SharedModel.definitions] = .object(definitions)
        return document
    }

    private func colouredModel(
        of service: PlannedService, _ replica: Replica, _ colour: Colour, address: String?
    ) -> JSONValue {
        var model = pinnedModel(of: service)
        model["container_name"] = .string(ResourceNames.container(app, colour, replica))
        // Without a restart policy a crash while it starts is seen; `keepRunning` gives it one.
        // A singleton waits for its turn, and no restart of Docker may start it before.
        if usersRestart(of: service) == nil || service.role == .singleton {
            model["restart"] = "no"
        }
        var labels = labels(of: service, replica: replica.index)
        if model["cpu_shares"] == nil {
            model["cpu_shares"] = .integer(Int64(ProcessorWeight.starting))
            labels[ResourceLabel.weight] = String(ProcessorWeight.usual)
        }
        labels[ResourceLabel.colour] = colour.rawValue
        labels[ResourceLabel.release] = release.text
        addLabels(labels, to: &model)
        guard !hasNetworkMode(service) else { return model }
        model["networks"] = networks(of: service, in: [colour], address: address)
        return model
    }

    private func sharedModel(
        of service: PlannedService, _ definition: ServiceDefinition
    ) -> JSONValue {
        var model = pinnedModel(of: service)
        let user = self.model(of: service)
        model["container_name"] =
            user["container_name"] ?? .string(ResourceNames.sharedContainer(app, service.name))
        model["ports"] = ComposeService(name: service.name, model: user)
            .ports(settings[service.name] ?? ServiceSettings())
        if usersRestart(of: service) == nil {
            // `keepRunning` gives it the one that brings it back after a reboot.
            model["restart"] = service.isOneShot ? "no" : "on-failure"
        }
        var labels = labels(of: service, replica: 1)
        labels[ResourceLabel.definition] = definition.digest
        addLabels(labels, to: &model)
        guard !hasNetworkMode(service) else { return model }
        model["networks"] = networks(of: service, in: Colour.allCases)
        return model
    }

    /// The sections that Teal writes itself; any other in the model stays as it is.
    private static let sections = ["configs", "networks", "secrets", "services", "volumes"]

    /// Networks and volumes are external: Teal makes them itself, and neither colour's end takes
    /// them away.
    func document(
        project name: String, services: [String: JSONValue], colours: [Colour]
    ) -> JSONValue {
        var networks = externalNetworks.filter { network in
            services.values.contains { $0["networks"]?.object?[network.key] != nil }
        }
        let own = colours.flatMap { colour in
            [ResourceNames.project(app, colour)]
                + project.namedNetworks.map { $0.name(of: app, colour) }
        }
        for network in own
        where services.values.contains(where: { $0["networks"]?.object?[network] != nil }) {
            networks[network] = ["name": .string(network), "external": true]
        }
        var document = project.model
        for section in Self.sections { document[section] = nil }
        document["name"] = .string(name)
        document["services"] = .object(services)
        document["networks"] = .object(networks)
        let mounts = services.flatMap { ComposeService(name: $0.key, model: $0.value).mounts }
        let volumes = volumeNames.filter { volume in
            mounts.contains { $0.type == "volume" && $0.source == volume.key }
        }
        if !volumes.isEmpty {
            document["volumes"] = .object(
                volumes.mapValues { ["name": .string($0), "external": true] })
        }
        for section in ["configs", "secrets"] {
            let used = Set(
                services.values.flatMap { $0[section]?.array ?? [] }
                    .compactMap { $0["source"]?.string })
            let kept = (project.model[section]?.object ?? [:]).filter { used.contains($0.key) }
            if !kept.isEmpty { document[section] = .object(kept) }
        }
        return document
    }

    /// Docker's names of the named volumes by the compose file's.
    var volumeNames: [String: String] {
        let volumes = project.model["volumes"]?.object ?? [:]
        return Dictionary(
            uniqueKeysWithValues: volumes.map { key, volume in
                (key, volume["name"]?.string ?? (isExternal(volume) ? key : "\(app)_\(key)"))
            })
    }

    func isExternal(_ entry: JSONValue) -> Bool {
        entry["external"]?.bool == true
    }
}
