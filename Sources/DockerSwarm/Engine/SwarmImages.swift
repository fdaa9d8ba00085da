import BlueGreen
import DockerEngine
import Orchestration

/// Finds the name by which every node has the very image of this day, and brings those to the
/// registry that are on this node alone.
struct SwarmImages: Sendable {
    let plan: SwarmPlan
    let settings: SwarmEngine.Settings

    init(_ plan: SwarmPlan, _ settings: SwarmEngine.Settings) {
        self.plan = plan
        self.settings = settings
    }

    /// Where the nodes get the image of a service.
    enum Supply: Hashable {
        /// From the registry that its name has, those that have it not.
        case registry
        /// This node builds it and pushes it.
        case built
        /// This node has it, by this id, and pushes it.
        case pushed(id: String)
        /// Each node must have it already, by this id.
        case nodes(id: String)
        /// The shared service that runs keeps it.
        case running(image: String)
        /// Pulling is off, and this node has none to go by.
        case none
    }

    /// - Returns: by service.
    func found() async throws -> [String: String] {
        var found: [String: String] = [:]
        var pushes = Pushes()
        // The image of one service may be built for another one.
        let services = try plan.services
        for service in services.filter(plan.isBuilt) + services.filter({ !plan.isBuilt($0) }) {
            found[service.name] = try await image(of: service, &pushes)
        }
        if let line = pushes.line { settings.reporter?.report(.note(line)) }
        return found
    }

    /// Changes nothing, and asks no registry.
    func supply(of service: PlannedService) async throws -> Supply {
        let name = plan.imageName(of: service)
        if name.contains("@sha256:") { return .registry }
        let here = try await settings.api.inspectImage(name)
        if isBuilt(service) {
            if let image = try await runningImage(of: service) { return .running(image: image) }
            if here == nil || isBuiltAnew(service) { return .built }
        }
        if settings.choices.pull == .always, !isBuilt(service) { return .registry }
        guard let here else { return settings.choices.pull == .never ? .none : .registry }
        if digest(here, name) != nil { return .registry }
        return plan.choices.registry == nil ? .nodes(id: here.id) : .pushed(id: here.id)
    }

    private func image(of service: PlannedService, _ pushes: inout Pushes) async throws -> String {
        let name = plan.imageName(of: service)
        switch try await supply(of: service) {
        case .registry: return try await registryImage(of: service, name)
        case .built:
            let image = try await built(service)
            return try await pushed(image, service, .built, &pushes)
        case .pushed:
            return try await pushed(try await present(name, service), service, .here, &pushes)
        case .nodes:
            let image = try await present(name, service)
            try refuseEmptyVolumes(image, of: service)
            return image.id
        case .running(let image): return image
        case .none: throw absence(of: name, service)
        }
    }

    private func present(
        _ name: String, _ service: PlannedService
    ) async throws -> InspectedImage {
        guard let here = try await settings.api.inspectImage(name) else {
            throw absence(of: name, service)
        }
        return here
    }

    private func absence(of name: String, _ service: PlannedService) -> SwarmError {
        .noImage(
            service: service.name, image: name,
            reason: "this node has none, and pulling is off.")
    }

    private func registryImage(
        of service: PlannedService, _ name: String
    ) async throws -> String {
        if name.contains("@sha256:") { return name }
        let here = try await settings.api.inspectImage(name)
        if let here { try refuseEmptyVolumes(here, of: service) }
        switch settings.choices.pull {
        case .always: return try await digest(of: name, service)
        case .missing, .never, nil:
            if let here, let known = digest(here, name) { return known }
            return try await digest(of: name, service)
        }
    }

    private func digest(_ image: InspectedImage, _ name: String) -> String? {
        let repository = ImageName(name).repository
        return image.digests?.first { ImageName($0).repository == repository }
    }

    private func digest(of name: String, _ service: PlannedService) async throws -> String {
        do {
            let credentials = try await settings.logins?
                .credentials(for: ImageName(name).registry)
            guard
                let digest = try await settings.api.distribution(of: name, as: credentials)
            else {
                throw SwarmError.noImage(
                    service: service.name, image: name, reason: "the registry names no digest.")
            }
            return "\(name.withoutTag)@\(digest)"
        } catch let error as DockerError {
            throw SwarmError.noImage(
                service: service.name, image: name,
                reason: "this node has none, and \(error)")
        }
    }

    /// Each task would begin with an empty one, and lose it.
    func refuseEmptyVolumes(
        _ image: InspectedImage, of service: PlannedService
    ) throws {
        let own = plan.settings[service.name] ?? ServiceSettings()
        let mounted = Set(plan.model(of: service).mounts.map(\.target))
        let empty = image.volumes.filter { !mounted.contains($0) }
        guard !empty.isEmpty, !own.volumes.contains(.fresh) else { return }
        throw SwarmError.refused([
            ServiceProblem(
                service.name,
                "\(service.name) has an image that keeps data at \(empty.joined(separator: ", ")), "
                    + "where nothing is mounted: each task would begin with an empty folder.",
                [Remedy(service.name, [.volumes(own.volumes.union(.fresh))], "if it may")],
                otherwise: "mount a volume there and pin the service to its node")
        ])
    }
}

extension String {
    /// `registry:5000/shop/web` of `registry:5000/shop/web:2`.
    fileprivate var withoutTag: String {
        guard let colon = lastIndex(of: ":"), !self[colon...].contains("/") else { return self }
        return String(self[..<colon])
    }
}
