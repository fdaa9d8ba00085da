package import BlueGreen
import DockerEngine
package import Orchestration

extension SwarmEngine {
    package func containers() async throws -> [Container] {
        let services = try await appServices()
        async let nodes = api.nodes()
        let tasks = Dictionary(grouping: try await api.tasks(of: services), by: \.serviceID)
        let sight = ServiceSight(
            nodes: try await nodes, choices: settings.swarm, now: settings.clock.now)
        return services.flatMap { sight.containers(of: $0, tasks[$0.id] ?? []) }
    }

    package func logs(of container: Container, lines: Int) async throws -> [String] {
        let services = try await appServices()
        guard let task = try await api.tasks(of: services).first(where: { $0.id == container.id })
        else { return [] }
        let told = try await api.logs(ofTask: task.id, lines: lines)
        // The words of the swarm on a task that could not be placed or started.
        return task.reason.isEmpty ? told : told + ["Docker Swarm: \(task.reason)"]
    }

    /// Tasks that failed. The swarm remembers five of each replica.
    package func endings(since: Timestamp) async throws -> [ContainerEnding] {
        let services = try await appServices()
        let byID = Dictionary(services.map { ($0.id, $0) }) { first, _ in first }
        return try await api.tasks(of: services).compactMap { task in
            guard task.state == .failed, let at = task.at, at >= since,
                let service = byID[task.serviceID], let name = service.label(ResourceLabel.service)
            else { return nil }
            return ContainerEnding(
                replica: Replica(service: name, index: max(task.slot, 1)),
                placement: service.placement, exitCode: task.exitCode ?? 1, isOutOfMemory: false,
                isAskedFor: !task.isWanted && task.reason.isEmpty, at: at)
        }.sorted { $0.at < $1.at }
    }

    package func stops(since: Timestamp) async throws -> [ContainerStop] { [] }

    package func memoryUse() async throws -> [String: ByteCount] { [:] }

    package func memoryUse(ofContainer id: String) async throws -> ByteCount? { nil }

    package func listeners(of container: Container) async throws -> [Listener] { [] }

    package func events() -> AsyncThrowingStream<ContainerEvent, any Error> {
        AsyncThrowingStream {
            $0.finish(throwing: SwarmError.unsupported(act: "follow the events of every node"))
        }
    }

    package func execute(
        _ command: [String], in container: Container, timeout: Duration
    ) async throws -> ProbeResult {
        throw SwarmError.unsupported(act: "run a program inside a container")
    }
}

/// Tells the containers of a service by its tasks. Pure.
struct ServiceSight: Sendable {
    private let nodes: [String: SwarmNode]
    private let choices: SwarmChoices
    private let now: Timestamp

    /// The swarm places most tasks within a second. A node may just be coming back, or a port not
    /// be free again yet.
    private static let patience = Duration.seconds(15)

    init(nodes: [SwarmNode], choices: SwarmChoices, now: Timestamp) {
        self.nodes = Dictionary(nodes.map { ($0.id, $0) }) { first, _ in first }
        self.choices = choices
        self.now = now
    }

    /// One for each replica of the release, also where the service is scaled down.
    func containers(of service: SwarmService, _ tasks: [SwarmTask]) -> [Container] {
        guard let name = service.label(ResourceLabel.service),
            let role = service.label(ResourceLabel.role).flatMap(ServiceRole.init)
        else { return [] }
        let planned = Int(service.label(ResourceLabel.replica) ?? "") ?? 1
        return (1...max(planned, 1)).map { index in
            let own = service.present(tasks).filter { service.isJob || $0.slot == index }
                .sorted { $0.created < $1.created }
            let present = own.last { $0.isWanted } ?? own.last { mayRun($0) }
            let isWanted = (service.replicas ?? 0) >= index
            let task = present ?? (isWanted ? own.last : nil)
            let failures = own.count { $0.state == .failed }
            return Container(
                id: task?.id ?? "\(service.id)-\(index)", name: "\(service.name).\(index)",
                replica: Replica(service: name, index: index), role: role,
                placement: service.placement, state: state(task, failures: failures),
                health: health(task, service), healthOutput: waiting(task), restarts: failures,
                keepsRunning: service.keepsRunning,
                startedAt: task?.state == .running ? task?.at : nil,
                address: address(task, service, name), memoryLimit: service.memoryLimit,
                unplaced: unplaced(task))
        }
    }

    /// A node that is down tells nothing of the end of a task that nobody wants any more.
    private func mayRun(_ task: SwarmTask) -> Bool {
        task.mayRun && nodes[task.nodeID]?.state != "down"
    }

    /// A task that the swarm tries again and again never runs for long.
    private func state(_ task: SwarmTask?, failures: Int) -> Container.State {
        switch task?.state {
        case nil, .stopped: .created
        case .coming: failures > 0 ? .restarting : .created
        case .running: .running
        case .complete: .exited(code: 0, outOfMemory: false)
        case .failed: .exited(code: task?.exitCode ?? 1, outOfMemory: false)
        }
    }

    /// The swarm calls a task running once its HEALTHCHECK has passed, and ends it when that fails.
    private func health(_ task: SwarmTask?, _ service: SwarmService) -> Health? {
        guard let task, service.hasHealthCheck else { return nil }
        return task.state == .running ? .healthy : .starting
    }

    /// The swarm's words on a task that it cannot place or start yet.
    private func waiting(_ task: SwarmTask?) -> String? {
        guard case .coming = task?.state, let reason = task?.reason, !reason.isEmpty else {
            return nil
        }
        return reason
    }

    /// The swarm's words on a task that it has found no node for.
    private func unplaced(_ task: SwarmTask?) -> String? {
        guard let task, task.state == .coming("pending"), task.nodeID.isEmpty,
            let reason = waiting(task), let created = Timestamp(engineTime: task.created),
            now - created >= Self.patience
        else { return nil }
        return reason
    }

    private func address(_ task: SwarmTask?, _ service: SwarmService, _ name: String) -> String? {
        guard let task, task.state == .running, let node = nodes[task.nodeID],
            let colour = service.placement?.colour, let ports = choices.ports[name]
        else { return nil }
        return "\(node.address):\(ports[colour])"
    }
}

extension SwarmService {
    /// nil for a shared service.
    var placement: Placement? {
        guard let colour = label(ResourceLabel.colour).flatMap(Colour.init),
            let release = label(ResourceLabel.release).flatMap(ReleaseID.init)
        else { return nil }
        return Placement(colour: colour, release: release)
    }
}
