import BlueGreen
import DockerEngine
import Orchestration

/// Finds the name by which every node has the very image of this day.
struct SwarmImages: Sendable {
    private let plan: SwarmPlan
    private let settings: SwarmEngine.Settings

    init(_ plan: SwarmPlan, _ settings: SwarmEngine.Settings) {
        self.plan = plan
        self.settings = settings
    }

    /// - Returns: by service.
    func found() async throws -> [String: String] {
        var found: [String: String] = [:]
        for service in try plan.services { found[service.name] = try await image(of: service) }
        return found
    }

    /// Where the nodes get the image of a service.
    enum Supply: Hashable {
        /// From a registry, those that have it not.
        case registry
        /// Each node must have it already, by this id.
        case nodes(id: String)
        /// Pulling is off, and this node has none to go by.
        case none
    }

    /// Changes nothing, and asks no registry.
    func supply(of service: PlannedService) async throws -> Supply {
        let name = plan.imageName(of: service)
        if name.contains("@sha256:") || settings.choices.pull == .always { return .registry }
        guard let here = try await settings.api.inspectImage(name) else {
            return settings.choices.pull == .never ? .none : .registry
        }
        return digest(here, name) == nil ? .nodes(id: here.id) : .registry
    }

    private func digest(_ image: InspectedImage, _ name: String) -> String? {
        let repository = ImageName(name).repository
        return image.digests?.first { ImageName($0).repository == repository }
    }

    /// By digest where a registry has it: every node fetches it there. Else by its id, and then
    /// each node must have it already.
    private func image(of service: PlannedService) async throws -> String {
        let name = plan.imageName(of: service)
        if name.contains("@sha256:") { return name }
        let here = try await settings.api.inspectImage(name)
        if let here { try refuseEmptyVolumes(here, of: service) }
        switch settings.choices.pull {
        case .always: return try await digest(of: name, service)
        case .missing, .never, nil:
            guard let here else {
                if settings.choices.pull == .never {
                    throw SwarmError.noImage(
                        service: service.name, image: name,
                        reason: "this node has none, and pulling is off.")
                }
                return try await digest(of: name, service)
            }
            return digest(here, name) ?? here.id
        }
    }

    private func digest(of name: String, _ service: PlannedService) async throws -> String {
        do {
            let answer = try JSONValue(
                parsing: try await settings.api.send(
                    EngineRequest(
                        method: .get, path: "/distribution/\(name)/json",
                        act: "ask the registry for \(name)", timeLimit: .seconds(60))
                ).body)
            guard let digest = answer["Descriptor"]?["digest"]?.string else {
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
    private func refuseEmptyVolumes(
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
