import BlueGreen
import DockerEngine
import Orchestration

/// The needs of a release's services, and the nodes that the swarm may place them on. Pure.
struct SwarmRoom: Sendable {
    let plan: SwarmPlan
    let nodes: [SwarmNode]
    /// Of the app.
    let services: [SwarmService]
    /// Those of the whole swarm that it wants to run.
    let tasks: [SwarmTask]
    /// By node's id.
    let replies: [String: NodeReply]

    func report(_ question: RoomQuestion) throws -> NodesRoom {
        let able = nodes.filter { $0.absence == nil }
        return NodesRoom(
            needs: try plan.services.compactMap { need($0, able, question) },
            nodes: able.map { node($0, question) }, reserve: question.reserve)
    }

    // MARK: Needs

    private func need(
        _ service: PlannedService, _ able: [SwarmNode], _ question: RoomQuestion
    ) -> NodesRoom.Need? {
        let missing = missing(service, question)
        guard missing > 0 else { return nil }
        let reserved = plan.reservedMemory(of: service)
        let known: (each: ByteCount, source: NodesRoom.Need.Source)? =
            if reserved > .zero {
                (reserved, .reserved)
            } else if let limit = service.memory {
                (limit, .declared)
            } else {
                seen(service, question).map { ($0, .seen) }
            }
        let constraints = plan.constraints(of: service).compactMap {
            $0.string.flatMap(PlacementConstraint.init)
        }
        return NodesRoom.Need(
            service: service.name, replicas: missing, each: known?.each, source: known?.source,
            reserved: reserved,
            nodes: Set(
                able.filter { node in constraints.allSatisfy { $0.admits(node) } }.map(\.name)),
            isOnePerNode: service.role == .exposed, isOneShot: service.isOneShot)
    }

    /// How many containers of it are started and take memory that is not theirs already.
    private func missing(_ service: PlannedService, _ question: RoomQuestion) -> Int {
        let planned = max(service.replicas, 1)
        let candidate = question.candidate
        switch service.role {
        case .shared:
            let name = SwarmPlan.name(plan.app, nil, service.name)
            return services.contains { $0.name == name } ? 0 : planned
        case .singleton where isHandedOver(service, question): return 0
        case .exposed, .internal, .singleton:
            let own = services.first {
                $0.placement == candidate && $0.label(ResourceLabel.service) == service.name
            }
            return planned - (own.map { running(of: $0).count } ?? 0)
        }
    }

    /// Whether it takes the place of a running one.
    private func isHandedOver(_ service: PlannedService, _ question: RoomQuestion) -> Bool {
        guard let previous = question.previous else { return false }
        return services.contains {
            $0.placement == previous && $0.label(ResourceLabel.service) == service.name
                && !running(of: $0).isEmpty
        }
    }

    private func running(of service: SwarmService) -> [SwarmTask] {
        tasks.filter { $0.serviceID == service.id && $0.state == .running }
    }

    /// By containers that run now, else by the record.
    private func seen(_ service: PlannedService, _ question: RoomQuestion) -> ByteCount? {
        let own = services.filter { $0.label(ResourceLabel.service) == service.name }.map(\.id)
        let most = tasks.filter { own.contains($0.serviceID) }.compactMap { held($0) }.max()
        return most ?? question.seen[service.name].map(\.most)
    }

    /// nil where no node has told it.
    private func held(_ task: SwarmTask) -> ByteCount? {
        replies[task.nodeID]?.held?[task.id]
    }

    // MARK: Nodes

    private func node(_ node: SwarmNode, _ question: RoomQuestion) -> NodesRoom.Node {
        let gone = Set(
            services.filter { service in
                service.placement?.colour == question.candidate.colour
                    && service.placement != question.candidate
            }.map(\.id))
        let own = tasks.filter { $0.nodeID == node.id && $0.mayRun }
        let (going, staying) = (
            own.filter { gone.contains($0.serviceID) }, own.filter { !gone.contains($0.serviceID) }
        )
        return NodesRoom.Node(
            name: node.name, memory: replies[node.id]?.memory,
            freed: going.compactMap { held($0) }.total,
            unreserved: node.memory.map { $0 - staying.map(\.reservedMemory).total })
    }
}

extension SwarmPlan {
    func reservedMemory(of service: PlannedService) -> ByteCount {
        let reservations = SwarmResources(model(of: service)).spec["Reservations"]
        return ByteCount(bytes: Int64(reservations?["MemoryBytes"]?.integer ?? 0))
    }
}
