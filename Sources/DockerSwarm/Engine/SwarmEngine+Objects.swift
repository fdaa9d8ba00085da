import BlueGreen
import DockerEngine
import FoundationEssentials
import Orchestration

extension SwarmEngine {
    /// The plan with the ids of all that these services have as files. Objects that the swarm has
    /// not are made.
    func makeObjects(
        of plan: SwarmPlan, for services: [PlannedService]
    ) async throws -> SwarmPlan {
        var plan = plan
        for file in plan.objectFiles(of: services) {
            plan.objectIDs[file.kind, default: [:]][file.name] = try await id(of: file, plan)
        }
        return plan
    }

    private func id(of file: SwarmFile, _ plan: SwarmPlan) async throws -> String {
        let found = try await api.object(file.kind, file.name)
        if let problem = file.problem(with: found, of: app) { throw problem }
        if let found { return found.id }
        guard let content = try record(of: plan.release).contents()[file.name] else {
            throw SwarmError.noContent(
                kind: file.kind.rawValue, key: file.key, plan.release, name: file.name)
        }
        try await make(file, of: plan, content)
        guard let made = try await api.object(file.kind, file.name) else {
            throw SwarmError.overtaken(service: file.name)
        }
        if let problem = file.problem(with: made, of: app) { throw problem }
        return made.id
    }

    private func make(_ file: SwarmFile, of plan: SwarmPlan, _ content: Data) async throws {
        let own = plan.entry(file.kind, file.key)["labels"]?.object ?? [:]
        var labels = own.compactMapValues(\.string)
        labels[ResourceLabel.app] = app
        labels[ResourceLabel.digest] = file.object?.digest
        // Another run may have been faster, which the next look tells.
        switch file.kind {
        case .config: _ = try await api.createConfig(file.name, labels: labels, data: content)
        case .secret: _ = try await api.createSecret(file.name, labels: labels, data: content)
        }
    }

    func objectObstacles(to plan: SwarmPlan) async throws -> [Obstacle] {
        var obstacles: [Obstacle] = []
        for file in plan.objectFiles(of: try plan.services) {
            let found = try await api.object(file.kind, file.name)
            if let problem = file.problem(with: found, of: app) {
                obstacles.append(Obstacle("\(problem)"))
            }
        }
        return obstacles
    }

    /// Removes those of the app that no service has and no kept release could need again.
    func discardObjects(keeping kept: Set<ReleaseID>) async throws {
        var needed = Set(try await appServices().flatMap(\.objectNames))
        for release in kept {
            // A record that cannot be read is none that can be gone back to, and so needs none.
            guard let plan = try? await plan(of: release) else { continue }
            needed.formUnion(plan.objects.map { $0.name(in: app) })
        }
        let labels = ["\(ResourceLabel.app)=\(app)", ResourceLabel.digest]
        for kind in SwarmObject.Kind.allCases {
            for object in try await api.objects(kind, labels: labels)
            where !needed.contains(object.name) {
                try await api.remove(object)
            }
        }
    }

    /// One sentence for each shared service that has other configs or secrets than the release: it
    /// is left alone.
    func sharedNotices(of plan: SwarmPlan) async throws -> [String] {
        let running = try await appServices().filter { $0.placement == nil }
        return try plan.services.filter { $0.role == .shared }.compactMap { service in
            guard
                let own = running.first(where: { $0.label(ResourceLabel.service) == service.name })
            else { return nil }
            let files = Dictionary(grouping: plan.files(of: service), by: \.kind)
            let others = SwarmObject.Kind.allCases.filter { kind in
                own.files(kind) != Set((files[kind] ?? []).map { [$0.name, $0.target] })
            }.map(\.section)
            guard !others.isEmpty else { return nil }
            return "\(service.name) runs with another definition than the compose file has now "
                + "(\(others.joined(separator: ", "))). It is left alone; `docker service rm "
                + "\(own.name)` ends it, and the next `teal deploy` makes it anew."
        }
    }
}

extension SwarmFile {
    /// Why the object of its name cannot be used, or cannot be made.
    func problem(with found: FoundObject?, of app: String) -> SwarmError? {
        let kind = kind.rawValue
        guard let found else {
            return object == nil ? .noObject(kind: kind, key: key, name: name) : nil
        }
        guard let object else { return nil }
        let isOwn =
            found.label(ResourceLabel.app) == app
            && found.label(ResourceLabel.digest) == object.digest
        return isOwn ? nil : .foreignObject(kind: kind, name: name)
    }
}

extension SwarmService {
    fileprivate var objectNames: [String] {
        SwarmObject.Kind.allCases.flatMap { kind in files(kind).compactMap(\.first) }
    }

    /// Name and target of each.
    fileprivate func files(_ kind: SwarmObject.Kind) -> Set<[String]> {
        let own = spec["TaskTemplate"]?["ContainerSpec"]?["\(kind.word)s"]?.array ?? []
        return Set(
            own.map { file in
                [file["\(kind.word)Name"]?.string ?? "", file["File"]?["Name"]?.string ?? ""]
            })
    }
}
