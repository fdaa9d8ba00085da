import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// Building on this node, and pushing what the other nodes could not get otherwise.
extension SwarmImages {
    /// The images that were pushed for a release.
    struct Pushes: Sendable {
        /// How an image came to be on this node.
        enum Origin: Sendable {
            case built
            case here
        }

        /// By id: the name by which every node finds it.
        fileprivate var names: [String: String] = [:]
        fileprivate var ways: [String] = []

        /// nil where there is nothing to tell.
        var line: String? {
            ways.isEmpty ? nil : "Images: " + ways.joined(separator: ", ") + "."
        }
    }

    /// Whether this release builds the service's image at all.
    func isBuilt(_ service: PlannedService) -> Bool {
        plan.isBuilt(service) && plan.choices.registry != nil && buildPolicy != .never
    }

    /// Whether it is built although this node has one of the name, as on one host.
    func isBuiltAnew(_ service: PlannedService) -> Bool {
        let own = OwnPullPolicy(plan.model(of: service).model["pull_policy"]?.string)
        return buildPolicy != .never
            && ImageRenewal(
                isHere: true, policy: buildPolicy, own: own,
                isAsked: settings.choices.build == .always) != .none
    }

    private var buildPolicy: BuildPolicy { settings.choices.build ?? settings.build }

    /// nil where the service is not shared, or does not run.
    func runningImage(of service: PlannedService) async throws -> String? {
        guard service.role == .shared else { return nil }
        let api = SwarmAPI(engine: settings.api, clock: settings.clock)
        return try await api.service(SwarmPlan.name(plan.app, nil, service.name))?.image
    }

    func built(_ service: PlannedService) async throws -> InspectedImage {
        let tool = try await settings.tool()
        let file = try SwarmRecord(plan.release, in: settings.stateDirectory)
            .writeBuild(plan.buildModel)
        var command = tool.command(.build(service.name, project: plan.app, file: file))
        // Compose fails where its working directory is gone, and all paths here are absolute.
        command.workingDirectory = "/"
        let reporter = settings.reporter
        let result = try await settings.runner.run(
            command, onLine: { reporter?.report(.output($0)) })
        guard result.succeeded else {
            throw DockerError.imageNotBuilt(service: service.name, text: result.complaint)
        }
        let name = plan.imageName(of: service)
        guard let image = try await settings.api.inspectImage(name) else {
            throw DockerError.imageNotBuilt(
                service: service.name, text: "the build left no image \(name).")
        }
        return image
    }

    /// The same image of several services is pushed once.
    ///
    /// - Returns: its name by the digest that the registry has answered.
    func pushed(
        _ image: InspectedImage, _ service: PlannedService, _ origin: Pushes.Origin,
        _ pushes: inout Pushes
    ) async throws -> String {
        try refuseEmptyVolumes(image, of: service)
        let way =
            switch origin {
            case .built: "\(service.name) built and pushed"
            case .here: "\(service.name) pushed"
            }
        pushes.ways.append(way)
        if let known = pushes.names[image.id] { return known }
        guard let registry = plan.choices.registry else {
            preconditionFailure("an image is pushed without a registry")
        }
        let repository = ResourceNames.imageRepository(in: registry, service.name)
        let name = "\(repository)@\(try await push(image.id, service.name, to: repository))"
        pushes.names[image.id] = name
        return name
    }

    /// The name of it on this node is taken away again: the nodes keep what they pull by digest.
    private func push(
        _ id: String, _ service: String, to repository: String
    ) async throws -> String {
        let (api, tag) = (settings.api, plan.release.text)
        let credentials = try await settings.logins?
            .credentials(for: ImageName(repository).registry)
        let reporter = settings.reporter
        try await api.tagImage(id, repository: repository, tag: tag)
        do {
            let digest = try await api.pushImage(
                repository: repository, tag: tag, as: credentials, settings.pushLimits,
                onLine: { reporter?.report(.output("push \(service): \($0)")) })
            try await api.untagImage("\(repository):\(tag)")
            return digest
        } catch {
            // A name that is left takes no room, and why the push failed is the error to tell.
            try? await api.untagImage("\(repository):\(tag)")
            throw error
        }
    }
}
