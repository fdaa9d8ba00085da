package import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

extension ComposeEngine {
    package func disturbances(of active: Placement) async throws -> [Disturbance] {
        async let links = allMissingLinks()
        var strangers: [Obstacle] = []
        do {
            strangers = try await obstacles(to: try folder(of: active.release).read(), .deploy)
        } catch DockerError.noRelease {
            // The set is not known any more; what is missing tells by itself.
        }
        let lost = try await links.map { link in
            Disturbance.offNetwork(container: link.container.name, network: link.network)
        }
        return lost + strangers.map { .stranger($0) }
    }

    package func reconnect() async throws -> [Reconnection] {
        let present = try await api.networks()
        return try await connect(try await allMissingLinks(), present)
    }

    /// nginx's container joins new networks by the router's own hand.
    func reconnectContainers() async throws {
        let present = try await api.networks()
        _ = try await connect(try await missingLinks(among: present), present)
    }

    private func connect(
        _ links: [MissingLink], _ present: [InspectedNetwork]
    ) async throws -> [Reconnection] {
        var found: [Reconnection] = []
        for link in links {
            let colour = present.first { $0.name == link.network }
                .flatMap { networks.isOwn($0) ? $0.labels?[ResourceLabel.colour] : nil }
                .flatMap(Colour.init(rawValue:))
            var refusal: String?
            do {
                try await api.connect(link.container, to: link.network, endpoint: link.endpoint)
            } catch let error as DockerError {
                // Its address may be another's now. The next one may do all the same.
                refusal = "\(error)"
            }
            found.append(
                Reconnection(
                    container: link.container.name, network: link.network, colour: colour,
                    refusal: refusal))
        }
        return found
    }

    private func allMissingLinks() async throws -> [MissingLink] {
        let present = try await api.networks()
        return try await missingLinks(among: present)
            + missingLinksOfNginx(Set(present.map(\.name)))
    }

    /// A network that a container of the app is to be in and is not.
    private struct MissingLink {
        let container: ListedContainer
        let network: String
        /// The engine's value: names and address of the container there.
        let endpoint: JSONValue
    }

    /// Of the containers that run, by the models that they were made by.
    private func missingLinks(
        among networks: [InspectedNetwork]
    ) async throws -> [MissingLink] {
        let present = Set(networks.map(\.name))
        var links: [MissingLink] = []
        for container in try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
        where container.state == "running" {
            let model = try model(of: container)
            let now = container.networkSettings?.networks ?? [:]
            for (key, own) in try wanted(by: container, model).sorted(by: { $0.key < $1.key }) {
                let name = model?["networks"]?[key]?["name"]?.string ?? key
                guard now[name] == nil, present.contains(name) else { continue }
                var endpoint: JSONValue = ["Aliases": own["aliases"] ?? []]
                endpoint["IPAMConfig"] = own["ipv4_address"].map { ["IPv4Address": $0] }
                links.append(
                    MissingLink(container: container, network: name, endpoint: endpoint))
            }
        }
        return links
    }

    /// Visitors come by way of the container that nginx runs in, so it is to be in each colour's own
    /// network, though it is not the app's.
    private func missingLinksOfNginx(_ present: Set<String>) async throws -> [MissingLink] {
        guard let name = settings.nginxContainer,
            let container = try await api.containers(labels: []).first(where: { $0.name == name }),
            container.state == "running"
        else { return [] }
        let now = container.networkSettings?.networks ?? [:]
        if now["host"] != nil { return [] }
        return Colour.allCases.map { ResourceNames.project(app, $0) }
            .filter { now[$0] == nil && present.contains($0) }
            .map { MissingLink(container: container, network: $0, endpoint: [:]) }
    }

    /// A shared container joins what the latest release has it in, without being made anew.
    private func wanted(
        by container: ListedContainer, _ model: JSONValue?
    ) throws -> [String: JSONValue] {
        let models =
            try container.placement == nil
            ? [
                SharedModel(in: settings.stateDirectory).read(
                    SharedModel(in: settings.stateDirectory).file), model,
            ] : [model]
        let networks = models.flatMap { model in
            model?["services"]?.object?.values
                .first { $0["container_name"]?.string == container.name }?["networks"]?.object
                ?? [:]
        }
        return Dictionary(networks.map { ($0.key, $0.value) }) { latest, _ in latest }
    }

    /// nil for a container that runs a hook, and where the record is gone.
    private func model(of container: ListedContainer) throws -> JSONValue? {
        guard let replica = container.replica else { return nil }
        let shared = SharedModel(in: settings.stateDirectory)
        if let place = container.placement {
            return try shared.read(folder(of: place.release).colourFile(place.colour))
        }
        return try shared.made(
            replica.service, digest: container.labels[ResourceLabel.definition])
            ?? shared.read(shared.file)
    }

    /// Containers of the candidate whose network was removed and made anew cannot start again.
    func removeStranded(_ placement: Placement, _ set: ContainerSet) async throws {
        let present = try await api.networks().filter { set.networkNames.contains($0.name) }
        let ids = Dictionary(present.map { ($0.name, $0.id) }) { first, _ in first }
        let stranded = try await api.containers(labels: labels(of: placement)).filter {
            ($0.networkSettings?.networks ?? [:]).contains { name, own in
                guard let id = own.networkID, !id.isEmpty, let now = ids[name] else { return false }
                return id != now
            }
        }
        try await remove(stranded, .graceful)
    }
}
