import BlueGreen
import Orchestration

/// Looks once at replicas, all at the same time.
struct ReplicaLook: Sendable {
    let ports: Ports

    /// - Returns: the health of each container by its id.
    func look(
        at containers: [Container], services: [PlannedService]
    ) async -> [String: ReplicaHealth] {
        let byName = Dictionary(services.map { ($0.name, $0) }) { first, _ in first }
        return await withTaskGroup(of: (String, ReplicaHealth).self) { group in
            for container in containers {
                let service = byName[container.replica.service]
                group.addTask { (container.id, await health(of: container, service)) }
            }
            var found: [String: ReplicaHealth] = [:]
            for await (id, health) in group { found[id] = health }
            return found
        }
    }

    private func health(of container: Container, _ service: PlannedService?) async -> ReplicaHealth
    {
        if let end = Self.end(of: container, service) { return end }
        guard let check = service?.healthCheck else { return .unchecked }
        do {
            switch try await ReplicaProbe(ports).result(of: check, container) {
            case .passed: return .healthy
            case .failed(let failure): return .unhealthy(failure.description)
            }
        } catch {
            return .unhealthy("\(error)")
        }
    }

    /// - Returns: nil for a container that runs.
    static func end(
        of container: Container, _ service: PlannedService?
    ) -> ReplicaHealth? {
        switch container.state {
        case .running: nil
        case .exited(0, false) where hasDoneItsWork(container, service): .done
        case .created, .restarting, .exited, .other:
            .unhealthy("not running (\(container.state.text))")
        }
    }

    /// A service without a check may be a one-shot that nobody declared as such; a singleton is
    /// none, since what stops it on purpose lets it end well.
    private static func hasDoneItsWork(
        _ container: Container, _ service: PlannedService?
    ) -> Bool {
        guard let service else { return true }
        return service.isOneShot
            || (service.healthCheck == nil && container.role != .singleton)
    }
}

extension Container.State {
    var text: String {
        switch self {
        case .created: "created"
        case .running: "running"
        case .restarting: "restarting"
        case .exited(let code, false): "exited with \(code)"
        case .exited(_, true): "OOM-killed"
        case .other(let word): word
        }
    }

    /// In `--json`.
    var word: String {
        switch self {
        case .created: "created"
        case .running: "running"
        case .restarting: "restarting"
        case .exited: "exited"
        case .other(let word): word
        }
    }
}
