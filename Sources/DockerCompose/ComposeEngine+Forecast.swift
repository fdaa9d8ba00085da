package import BlueGreen
package import Orchestration

/// What a deploy would meet and do in Docker.
package struct SetForecast: Hashable, Sendable {
    /// In start order.
    package let images: [ImageForecast]
    /// Against the release that has traffic; nil where none has, or its record is gone.
    package let changes: [ServiceChange]?
    /// On shared services that are left alone.
    package let notices: [String]
    /// Makes the candidate's containers.
    package let create: String
    /// Makes or replaces a shared service, by name; what runs and is left alone has none.
    package let shared: [String: String]

    package init(
        images: [ImageForecast], changes: [ServiceChange]?, notices: [String], create: String,
        shared: [String: String]
    ) {
        self.images = images
        self.changes = changes
        self.notices = notices
        self.create = create
        self.shared = shared
    }
}

extension ComposeEngine {
    /// Looks at what `prepare` and `start` would do for a project, and changes nothing.
    ///
    /// - Throws: what would end the deploy before anything starts.
    package func foresee(
        _ project: ComposeProject, settings services: [String: ServiceSettings],
        at placement: Placement, beside active: Placement?
    ) async throws -> SetForecast {
        let set = try ContainerSet(
            project: project, settings: services, release: placement.release)
        try refuseUnknownShared(among: set.services)
        try await refuseForeignContainers(of: set)
        try await refuseRoleChanges(of: set, in: placement.colour)
        let folder = folder(of: placement.release)
        let supply = ImageSupply(set: set, folder: folder, settings: settings)
        let existing = try await sharedImages()
        var images: [ImageForecast] = []
        for service in set.services {
            images.append(
                try await supply.foreseen(service, existing: existing[service.name]))
        }
        let create = ComposeCommand.create(
            project: ResourceNames.project(app, placement.colour),
            file: folder.colourFile(placement.colour))
        return SetForecast(
            images: images,
            changes: try active.map { try changes(of: set, since: $0.release) } ?? nil,
            notices: try await comparableNotices(of: set),
            create: "docker compose " + create.arguments.joined(separator: " "),
            shared: try await sharedCommands(of: set))
    }

    /// As `routes`, from a look that changes nothing; nil before the colour's network was made.
    package func foreseenRoutes(
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
        } catch DockerComposeError.noRelease {
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
        let present = Set(try await sharedContainers().compactMap { $0.replica?.service })
        let file = SharedModel(in: settings.stateDirectory).file
        var commands: [String: String] = [:]
        for service in set.shared {
            let isReplaced = settings.updateShared.contains(service.name)
            guard isReplaced || !present.contains(service.name) else { continue }
            let command: ComposeCommand =
                isReplaced && present.contains(service.name)
                ? .replaceShared(service.name, project: app, file: file)
                : .upShared(service.name, project: app, file: file)
            commands[service.name] = "docker compose " + command.arguments.joined(separator: " ")
        }
        return commands
    }
}
