import BlueGreen
import HostSystem

/// Brings a release's images to this host and gives each the name that only this release has, so
/// that neither a moved tag nor a prune takes away what a rollback needs.
struct ImageSupply: Sendable {
    let set: ContainerSet
    let folder: ReleaseFolder
    let settings: ComposeEngine.Settings

    /// One after the other: a small host has neither memory nor line for more.
    ///
    /// - Parameter existing: image ids of shared services that have a container, by name; those
    ///   services are left alone, and so are their images.
    func provide(existing: [String: String]) async throws {
        var pulled: Set<String> = []
        for service in set.services {
            if try await settings.api.imageID(of: set.pinnedImage(of: service)) != nil { continue }
            let id: String
            if let existing = existing[service.name] {
                id = existing
            } else if set.isBuilt(service) {
                id = try await built(service)
            } else {
                let image = set.image(of: service)
                let mayPull = pulled.insert(image).inserted
                id = try await fetched(service, image, mayPull ? policy(of: service) : .missing)
            }
            try await settings.api.tagImage(
                id, repository: ResourceNames.imageRepository(set.app, service.name),
                tag: set.release.text)
        }
    }

    /// A rollback takes nothing but what the release had.
    func verify() async throws {
        for service in set.coloured {
            let image = set.pinnedImage(of: service)
            guard try await settings.api.imageID(of: image) != nil else {
                throw DockerComposeError.imageGone(
                    service: service.name, release: set.release, image: image)
            }
        }
    }

    private func built(_ service: PlannedService) async throws -> String {
        let image = set.image(of: service)
        let asked = set.model(of: service)["pull_policy"]?.string == "build"
        if settings.build == .missing, !asked,
            let id = try await settings.api.imageID(of: image)
        {
            return id
        }
        let result = try await run(
            .build(service.name, project: set.app, file: folder.modelFile))
        guard result.succeeded else {
            throw DockerComposeError.imageNotBuilt(service: service.name, text: result.complaint)
        }
        guard let id = try await settings.api.imageID(of: image) else {
            throw DockerComposeError.imageNotBuilt(
                service: service.name, text: "the build left no image \(image).")
        }
        return id
    }

    private func fetched(
        _ service: PlannedService, _ image: String, _ policy: PullPolicy
    ) async throws -> String {
        let local = try await settings.api.imageID(of: image)
        switch policy {
        case .missing, .never:
            if let local { return local }
        case .always:
            break
        }
        guard policy != .never else {
            throw DockerComposeError.imageNotPulled(
                image: image, service: service.name,
                text: "it is not on this host, and pulling is switched off")
        }
        let result = try await run(.pull(service.name, project: set.app, file: folder.modelFile))
        guard result.succeeded, let id = try await settings.api.imageID(of: image) else {
            throw DockerComposeError.imageNotPulled(
                image: image, service: service.name, text: result.complaint(lines: 1))
        }
        return id
    }

    /// What the caller asked for, else what the compose file says.
    private func policy(of service: PlannedService) -> PullPolicy {
        if let asked = settings.pull { return asked }
        let own = set.model(of: service)["pull_policy"]?.string
        return own.flatMap(PullPolicy.init(rawValue:)) ?? .missing
    }

    private func run(_ command: ComposeCommand) async throws -> CommandResult {
        try await settings.runner.run(settings.tool.command(command), onLine: settings.onOutput)
    }
}
