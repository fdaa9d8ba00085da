import BlueGreen
import DockerEngine
import Orchestration

/// The acts of a deploy to a swarm, foreseen, with a look at every node.
struct SwarmForecast: Sendable {
    private let engine: SwarmEngine
    private let plan: SwarmPlan
    private let images: SwarmImages

    init(_ engine: SwarmEngine, _ plan: SwarmPlan) {
        self.engine = engine
        self.plan = plan
        images = SwarmImages(plan, engine.settings)
    }

    private var app: String { plan.app }

    /// Images and ports that a node lacks, and a registry that takes or gives nothing.
    func obstacles() async throws -> [Obstacle] {
        let ofRegistry = try await registryObstacles()
        return try await ofRegistry + nodeObstacles(isReached: ofRegistry.isEmpty)
    }

    /// A release that is recorded with its images was pushed on its own day.
    private func registryObstacles() async throws -> [Obstacle] {
        guard plan.images.isEmpty, let logins = engine.settings.logins else { return [] }
        // Teal's own image may be one that was loaded on every node.
        var names = [engine.settings.edgeImage].filter { ImageName($0).registry != "docker.io" }
        for service in try plan.services where try await supply(of: service) == .registry {
            names.append(plan.imageName(of: service))
        }
        let registry = try await neededRegistry()
        let repository = registry.map { ResourceNames.imageRepository(in: $0, "teal") }
        let hosts = Set((names + [repository].compactMap(\.self)).map { ImageName($0).registry })
        do {
            for host in hosts.sorted() { _ = try await logins.credentials(for: host) }
            guard let repository else { return [] }
            let host = ImageName(repository).registry
            let fault = try await engine.settings.api.fault(
                ofRegistryWith: repository, as: try await logins.credentials(for: host))
            return fault.map {
                [
                    Obstacle(
                        "The images of this release cannot be pushed to \(host): \($0.cause) "
                            + $0.remedy(for: host))
                ]
            } ?? []
        } catch DockerError.badLogins(let text) {
            return [Obstacle(text)]
        }
    }

    /// nil where nothing has to be pushed.
    private func neededRegistry() async throws -> String? {
        guard plan.images.isEmpty, let registry = plan.choices.registry else { return nil }
        for service in try plan.services {
            switch try await supply(of: service) {
            case .built, .pushed: return registry
            case .registry, .nodes, .running, .none: continue
            }
        }
        return nil
    }

    /// - Parameter isReached: whether this node itself reaches the registry.
    private func nodeObstacles(isReached: Bool) async throws -> [Obstacle] {
        let names = try await namesByID()
        let edges = Set(try await engine.settings.edges())
        return try await findings().flatMap { finding -> [Obstacle] in
            let node = finding.node.name
            switch finding.reply {
            case .failure(let failure):
                guard edges.contains(node) else { return [] }
                return [
                    Obstacle(
                        "Teal's own image does not run on \(node), which is an edge: "
                            + "\(failure.reason)")
                ]
            case .success(let reply):
                let missing = reply.images.map {
                    "\(node) has not the image \(names[$0] ?? $0), and no registry has it. Name "
                        + "one for it (`registry:` in teal.yml), or `docker load` it there."
                }
                let taken = reply.ports.map {
                    "The port \($0) of \(node) is taken by another program. Choose another one "
                        + "in `swarm.ports`."
                }
                let unreached = [isReached ? reply.registry : nil].compactMap(\.self).map {
                    "\(node) cannot pull from \(plan.choices.registry ?? ""): \($0)"
                }
                return (missing + taken + unreached).map { Obstacle($0) }
            }
        }
    }

    /// Sentences on nodes that were not looked at.
    func imageNotices() async throws -> [String] {
        let edges = Set(try await engine.settings.edges())
        return try await findings().compactMap { finding in
            guard case .failure(let failure) = finding.reply, !edges.contains(finding.node.name)
            else { return nil }
            return "The images of \(finding.node.name) were not looked at: \(failure.reason)"
        }
    }

    /// By the words of the nodes on their memory, and the swarm's on reservations.
    func room(_ question: RoomQuestion) async throws -> NodesRoom {
        let replies = try await findings().compactMap { finding in
            (try? finding.reply.get()).map { (finding.node.id, $0) }
        }
        return try SwarmRoom(
            plan: plan, nodes: try await engine.api.nodes(),
            services: try await engine.appServices(), tasks: try await engine.api.wantedTasks(),
            replies: Dictionary(replies) { first, _ in first }
        ).report(question)
    }

    func forecast(
        at candidate: Placement, beside active: Placement?, with others: [PlannedService]
    ) async throws -> SetForecast {
        let services = try plan.services
        var images: [ImageForecast] = []
        var shared: [String: String] = [:]
        for service in services {
            let runs =
                service.role == .shared
                ? try await engine.api.service(SwarmPlan.name(app, nil, service.name)) != nil
                : false
            if service.role == .shared, !runs { shared[service.name] = "" }
            let supply = runs ? .ofContainer : try await forecast(of: service)
            images.append(
                ImageForecast(
                    service: service.name, image: plan.imageName(of: service), supply: supply,
                    command: supply == .build ? build(of: service, candidate) : nil))
        }
        var changes: [ServiceChange]?
        if let active { changes = try await self.changes(from: active) }
        return SetForecast(
            images: images, changes: changes, notices: try await engine.sharedNotices(of: plan),
            create: "", shared: shared,
            routes: RoutingTable(
                candidate.colour,
                own: try await engine.routes(for: services, in: candidate.colour),
                other: try await engine.routes(
                    for: others.isEmpty ? services : others, in: candidate.colour.other)),
            nodes: try await nodes())
    }

    private func forecast(of service: PlannedService) async throws -> ImageForecast.Supply {
        switch try await supply(of: service) {
        case .registry: .pull
        case .built: .build
        case .pushed: .push
        case .nodes: .here
        case .running: .ofContainer
        case .none: .missing
        }
    }

    private func build(of service: PlannedService, _ candidate: Placement) -> String {
        let record = engine.record(of: candidate.release)
        return ComposeCommand.build(service.name, project: app, file: record.buildFile).text
    }

    /// As it is recorded, or as it would be today.
    private func supply(of service: PlannedService) async throws -> SwarmImages.Supply {
        guard let recorded = plan.images[service.name] else {
            return try await images.supply(of: service)
        }
        return recorded.hasPrefix("sha256:") ? .nodes(id: recorded) : .registry
    }

    private func nodes() async throws -> [NodeForecast] {
        let names = try await namesByID()
        let looked = try await findings()
        return try await engine.api.nodes().map { node in
            guard let finding = looked.first(where: { $0.node.id == node.id }) else {
                return NodeForecast(
                    node: node.name, absence: node.absence ?? "\(node.name) was not looked at")
            }
            switch finding.reply {
            case .failure(let failure):
                return NodeForecast(node: node.name, absence: failure.reason)
            case .success(let reply):
                return NodeForecast(
                    node: node.name, missingImages: reply.images.map { names[$0] ?? $0 },
                    takenPorts: reply.ports, memory: reply.memory)
            }
        }
    }

    /// By the models' own keys and the contents of configs and secrets, in alphabetical order of service.
    private func changes(from active: Placement) async throws -> [ServiceChange] {
        let before = try await engine.plan(of: active.release)
        let own = try plan.services
        let others = try before.services
        return Set((own + others).map(\.name)).sorted().compactMap { name in
            guard let now = own.first(where: { $0.name == name }) else {
                return ServiceChange(name, .removed)
            }
            guard let then = others.first(where: { $0.name == name }) else {
                return ServiceChange(name, .added)
            }
            let new = plan.model(of: now).model.object ?? [:]
            let old = before.model(of: then).model.object ?? [:]
            var keys = Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }
            keys.formUnion(Self.sections(plan.files(of: now), before.files(of: then)))
            if now.role != then.role { keys.insert("role") }
            if now.replicas != then.replicas { keys.insert("replicas") }
            let variables = Self.variables(new["environment"], old["environment"])
            return keys.isEmpty
                ? nil
                : ServiceChange(name, .changed, keys: keys.sorted(), variables: variables)
        }
    }

    /// Those in which a content is another one, although the compose file's words are the same.
    private static func sections(_ new: [SwarmFile], _ old: [SwarmFile]) -> [String] {
        SwarmObject.Kind.allCases.filter { kind in
            Set(new.filter { $0.kind == kind }) != Set(old.filter { $0.kind == kind })
        }.map(\.section)
    }

    private static func variables(_ new: JSONValue?, _ old: JSONValue?) -> [String] {
        let (new, old) = (new?.object ?? [:], old?.object ?? [:])
        return Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }.sorted()
    }

    private func findings() async throws -> [NodeLook.Finding] {
        let settings = engine.settings
        guard !settings.edgeImage.isEmpty else { return [] }
        let needs = NodeNeeds(
            images: try await namesByID().keys.sorted(), ports: try await freePorts().sorted(),
            registry: try await neededRegistry(),
            services: try await engine.appServices().map(\.id))
        let look = NodeLook(
            app: app, image: settings.edgeImage, api: engine.api, clock: settings.clock)
        return try await settings.looks.findings(needs, by: look)
    }

    /// The images that each node must have.
    private func namesByID() async throws -> [String: String] {
        var names: [String: String] = [:]
        for service in try plan.services {
            if case .nodes(let id) = try await supply(of: service) {
                names[id] = plan.imageName(of: service)
            }
        }
        return names
    }

    /// The ports that no task of the app itself has.
    private func freePorts() async throws -> [Int] {
        var ports: [Int] = []
        for service in try plan.services {
            guard let own = plan.choices.ports[service.name] else { continue }
            for colour in Colour.allCases {
                let name = SwarmPlan.name(app, colour, service.name)
                let tasks = try await engine.api.service(name)?.replicas ?? 0
                if tasks == 0 { ports.append(own[colour]) }
            }
        }
        return ports
    }
}
