package import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

extension SwarmEngine: ContainerEngine {
    package func obstacles(
        to candidate: Placement, _ kind: DeploymentKind
    ) async throws -> [Obstacle] {
        var obstacles = try await obstacles(to: try await plan(of: candidate.release))
        switch kind {
        case .warmRollback: break
        case .deploy, .coldRollback:
            do {
                try await settings.refuseHeld(candidate.colour)
            } catch let error as SwarmError {
                obstacles.append(Obstacle("\(error)"))
            }
            let plan = try await plan(of: candidate.release)
            obstacles += try await SwarmForecast(self, plan).obstacles()
        }
        return obstacles
    }

    func obstacles(to plan: SwarmPlan) async throws -> [Obstacle] {
        var obstacles: [Obstacle] = []
        let nodes = try await api.nodes()
        for service in try plan.services {
            for colour in service.role == .shared ? [nil] : Colour.allCases.map(Optional.some) {
                let name = SwarmPlan.name(app, colour, service.name)
                if let found = try await api.service(name),
                    found.label(ResourceLabel.app) != app
                {
                    obstacles.append(Obstacle("\(SwarmError.foreignService(name))"))
                }
            }
            if let pin = plan.choices.pins[service.name],
                !nodes.contains(where: { $0.name == pin })
            {
                obstacles.append(
                    Obstacle(
                        "\(service.name) is to stay on \(pin), and the swarm has no such node. It "
                            + "has \(nodes.map(\.name).joined(separator: ", "))."))
            }
            let able = nodes.count { $0.absence == nil }
            if service.role == .exposed, service.replicas > able {
                obstacles.append(
                    Obstacle(
                        "\(service.name) has \(service.replicas) replicas, at most one on each "
                            + "node, and \(able) nodes are ready. Set `replicas:` to less."))
            }
        }
        return try await obstacles + objectObstacles(to: plan) + networkObstacles(to: plan)
    }

    package func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom? {
        let plan = try await plan(of: question.candidate.release)
        return try await SwarmForecast(self, plan).room(question)
    }

    package func disturbances(of active: Placement) async throws -> [Disturbance] { [] }

    package func reconnect() async throws -> [Reconnection] { [] }

    package func prepare(_ placement: Placement, kind: DeploymentKind) async throws {
        var plan = try await plan(of: placement.release)
        switch kind {
        case .warmRollback: return
        case .deploy:
            plan.images = try await SwarmImages(plan, settings).found()
            try record(of: placement.release).write(plan)
            try await releaseConfigs.write(try SwarmRecord.copy(of: plan), of: placement.release)
        case .coldRollback: break
        }
        let others = try await api.services(labels: labels(of: placement.colour))
            .filter { $0.placement?.release != placement.release }
        if !others.isEmpty { try await settings.refuseHeld(placement.colour) }
        try await remove(others)
        try await makeNetworks(of: plan, candidate: placement.colour)
        let coloured = try plan.services.filter { $0.role != .shared }
        plan = try await makeObjects(of: plan, for: coloured)
        for service in coloured {
            let name = SwarmPlan.name(app, placement.colour, service.name)
            if try await api.service(name) == nil {
                try await api.create(plan.spec(of: service, in: placement.colour))
            }
        }
    }

    package func start(
        _ container: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        let isShared = container.service.role == .shared
        let name = SwarmPlan.name(
            app, isShared ? nil : placement.colour, container.service.name)
        if isShared, try await api.service(name) == nil {
            var plan = try await plan(of: placement.release)
            if plan.images.isEmpty { plan.images = try await SwarmImages(plan, settings).found() }
            plan = try await makeObjects(of: plan, for: [container.service])
            try await api.create(plan.spec(of: container.service, in: nil))
        }
        guard let service = try await api.service(name) else {
            throw SwarmError.noRelease(placement.release, folder: "the swarm: no service \(name)")
        }
        guard service.replicas ?? 0 >= container.index else {
            try await change(service) { $0.scaled(to: container.index) }
            return .started
        }
        // A job that both colours share is tried again by each deployment until it has ended well.
        guard isShared, service.hasFailed(try await api.tasks(of: [service])) else {
            return .ranAlready
        }
        try await change(service) { $0.begunAnew }
        return .started
    }

    /// The swarm starts what ends by the policy that the service was made with, from its first
    /// moment; a crash is seen by the failed tasks that it remembers.
    package func keepRunning(_ placement: Placement, _ endurance: Endurance) async throws {}

    package func staleShared(beside release: ReleaseID) async throws -> [StaleShared] {
        let plan = try await plan(of: release)
        let shared = try await appServices().filter { $0.placement == nil }
        return try plan.services.filter { service in
            let running = shared.first { $0.label(ResourceLabel.service) == service.name }
            return service.role == .shared && running != nil
                && running?.image != plan.images[service.name]
        }.map { StaleShared($0.name, .otherImage) }
    }

    package func stop(_ colour: Colour) async throws {
        try await settings.refuseHeld(colour)
        try await stop(try await api.services(labels: labels(of: colour)))
    }

    package func stop(_ placement: Placement) async throws {
        let services = try await api.services(labels: labels(of: placement))
        if !services.isEmpty { try await settings.refuseHeld(placement.colour) }
        try await stop(services)
    }

    package func remove(_ colour: Colour, _ haste: Haste) async throws {
        try await settings.refuseHeld(colour)
        try await remove(try await api.services(labels: labels(of: colour)))
    }

    package func remove(_ placement: Placement, _ haste: Haste) async throws {
        let services = try await api.services(labels: labels(of: placement))
        if !services.isEmpty { try await settings.refuseHeld(placement.colour) }
        try await remove(services)
    }

    package func restart(_ container: Container) async throws {
        throw SwarmError.unsupported(act: "restart one container")
    }

    /// All nodes that can run a task, each at the colour's port: a node that has no replica refuses
    /// the connection, and nginx takes the next. So the table stays as it is wherever the swarm
    /// puts the tasks.
    ///
    /// The containers of a node whose daemon is gone run on, also those of a release that the swarm
    /// has removed meanwhile: such a node is in the table only with a task of today's.
    package func routes(
        for services: [PlannedService], in colour: Colour
    ) async throws -> [Route] {
        let nodes = try await api.nodes()
        var routes: [Route] = []
        for service in services.filter({ $0.role == .exposed }).sorted(by: { $0.name < $1.name }) {
            guard let ports = settings.swarm.ports[service.name] else { continue }
            var own: Set<String> = []
            if nodes.contains(where: { $0.state != "ready" }),
                let found = try await api.service(SwarmPlan.name(app, colour, service.name))
            {
                own = Set(try await api.tasks(of: [found]).filter(\.mayRun).map(\.nodeID))
            }
            let able = nodes.filter { $0.state == "ready" || own.contains($0.id) }
            routes.append(
                Route(
                    service: service.name,
                    endpoints: able.map { "\($0.address):\(ports[colour])" }))
        }
        return routes
    }

    package func discardReleases(except kept: Set<ReleaseID>) async throws {
        let present = Set(try await appServices().compactMap { $0.placement?.release })
        let kept = kept.union(present)
        try await releaseConfigs.discard(except: kept)
        try SwarmRecord.discard(except: kept, in: settings.stateDirectory)
        try await discardObjects(keeping: kept)
    }
}

extension SwarmEngine {
    /// A service that somebody else changes at the same moment is read again.
    func change(
        _ service: SwarmService, _ spec: (SwarmService) -> JSONValue
    ) async throws {
        var service = service
        for _ in 1...Self.tries {
            do {
                return try await api.update(service, to: spec(service))
            } catch SwarmError.overtaken {
                guard let found = try await api.service(service.name) else { return }
                service = found
            }
        }
        try await api.update(service, to: spec(service))
    }

    private static let tries = 5

    /// Returns once no container of theirs runs. A job that has ended stays as it is: its tasks are
    /// all that tells so, and without them it would run again.
    private func stop(_ services: [SwarmService]) async throws {
        let jobs = try await api.tasks(of: services.filter(\.isJob))
        for service in services where service.replicas ?? 0 > 0 && !service.hasEnded(jobs) {
            try await change(service) { $0.scaled(to: 0) }
        }
        let limit = services.map(\.grace).max() ?? .zero
        try await awaitEnd(of: services, atMost: limit + .seconds(30))
    }

    private func awaitEnd(of services: [SwarmService], atMost limit: Duration) async throws {
        let nodes = try await api.nodes().filter { $0.state == "ready" }.map(\.id)
        let clock = settings.clock
        let deadline = clock.now + limit
        while true {
            // A node that is down tells nothing of its tasks any more.
            let left = try await api.tasks(of: services).filter {
                $0.mayRun && (nodes.contains($0.nodeID) || $0.nodeID.isEmpty)
            }
            if left.isEmpty { return }
            guard clock.now < deadline else {
                let names = services.filter { service in
                    left.contains { $0.serviceID == service.id }
                }.map(\.name)
                throw SwarmError.stillRunning(names, within: limit)
            }
            try await clock.sleep(until: clock.now + .milliseconds(200))
        }
    }

    /// A service that is gone has no tasks to be asked about, so that these end first.
    func remove(_ services: [SwarmService]) async throws {
        try await stop(services)
        for service in services { try await api.remove(service) }
    }
}

extension SwarmService {
    /// How long a container of it may take to end.
    var grace: Duration {
        let time = spec["TaskTemplate"]?["ContainerSpec"]?["StopGracePeriod"]?.integer
        return .nanoseconds(time ?? 10_000_000_000)
    }
}
