import BlueGreen
import DockerEngine
import Orchestration

extension ComposeEngine {
    func foresee(
        _ set: ContainerSet, in colour: Colour, beside active: Placement?,
        with others: [PlannedService]
    ) async throws -> SetForecast {
        try await refuseRoleChanges(of: set, in: colour)
        let folder = folder(of: set.release)
        let supply = ImageSupply(set: set, folder: folder, settings: settings)
        let existing = try await sharedImages()
        var images: [ImageForecast] = []
        for service in set.services {
            images.append(
                try await supply.foreseen(service, existing: existing[service.name]))
        }
        let create = ComposeCommand.create(
            project: ResourceNames.project(app, colour), file: folder.colourFile(colour))
        return SetForecast(
            images: images,
            changes: try active.map { try changes(of: set, since: $0.release) } ?? nil,
            notices: try await comparableNotices(of: set),
            create: create.text,
            shared: try await sharedCommands(of: set),
            routes: try await foreseenRoutes(for: set.services, in: colour, beside: others))
    }

    /// nil before the networks of both colours were made.
    private func foreseenRoutes(
        for services: [PlannedService], in colour: Colour, beside others: [PlannedService]
    ) async throws -> RoutingTable? {
        guard let own = try await foreseenRoutes(for: services, in: colour),
            let other = try await foreseenRoutes(for: others, in: colour.other)
        else { return nil }
        return RoutingTable(colour, own: own, other: other)
    }

    /// As `routes`, from a look that changes nothing; nil before the colour's network was made.
    private func foreseenRoutes(
        for services: [PlannedService], in colour: Colour
    ) async throws -> [Route]? {
        let exposed = services.filter { $0.role == .exposed }
        guard let subnet = try await networks.find(colour) else { return nil }
        var numbers = try readHostNumbers()
        numbers.assign(exposed)
        var addresses: [Replica: String] = [:]
        for container in exposed.containers {
            addresses[container.replica] = numbers[container.replica].map(subnet.address(ofHost:))
        }
        return routes(of: exposed, at: addresses)
    }

    /// nil where the release's record is gone; then there is nothing to compare with.
    private func changes(
        of set: ContainerSet, since release: ReleaseID
    ) throws -> [ServiceChange]? {
        do {
            return set.changes(since: try folder(of: release).read())
        } catch DockerError.noRelease {
            return nil
        }
    }

    /// The record of a release gives its copies of configs and secrets names of their own, and a
    /// service that has one would always seem to differ before there is a record.
    private func comparableNotices(of set: ContainerSet) async throws -> [String] {
        let copied = set.shared.filter { service in
            ["configs", "secrets"].contains { set.model(of: service)[$0] != nil }
        }
        return try await sharedNotices(of: set, but: Set(copied.map(\.name)))
    }

    private func sharedCommands(of set: ContainerSet) async throws -> [String: String] {
        let present = try await sharedContainers()
        let file = SharedModel(in: settings.stateDirectory).file
        var commands: [String: String] = [:]
        for service in set.shared {
            let name = service.name
            guard let container = present.first(where: { $0.replica?.service == name }) else {
                commands[name] =
                    ComposeCommand.upShared(name, project: sharedProject, file: file).text
                continue
            }
            if settings.choices.updateShared.contains(name) {
                commands[name] =
                    ComposeCommand.replaceShared(name, project: sharedProject, file: file).text
            } else if try await !isLeftAlone(container, service) {
                // The engine is asked, and no program.
                commands[name] = ""
            }
        }
        return commands
    }
}
