package import BlueGreen
import DockerEngine
package import Orchestration

extension ComposeEngine {
    package func start(
        _ container: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        switch container.service.role {
        case .shared: try await startShared(container.service, of: placement)
        case .exposed, .internal, .singleton: try await startColoured(container, of: placement)
        }
    }

    private func startColoured(
        _ planned: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        let listed = try await api.containers(labels: labels(of: placement))
        guard let container = listed.first(where: { $0.replica == planned.replica }) else {
            throw DockerError.containerMissing(
                ResourceNames.container(app, placement.colour, planned.replica))
        }
        if container.state == "running" { return .ranAlready }
        try await start(container, planned.service, of: placement)
        return .started
    }

    /// The one way in which a container that exists is started.
    func start(
        _ container: ListedContainer, _ service: PlannedService, of placement: Placement
    ) async throws {
        // It never ended, so that nothing of its start is done again.
        if container.state == "paused" { return try await api.unpauseContainer(container) }
        try refuseReplacedFiles(of: service.name, placement.release)
        try await forgivingHooks(of: container) {
            try await runPreStart(of: service, placement, beside: container)
        }
        try await api.startContainer(container)
        try await forgivingHooks(of: container) { try await runPostStart(in: container) }
    }

    /// A container that was up before is started again to go back, which no hook may prevent.
    func forgivingHooks(
        of container: ListedContainer, _ run: () async throws -> Void
    ) async throws {
        do {
            try await run()
        } catch let error as DockerError {
            guard case .lifecycleHook = error, container.state != "created" else { throw error }
            settings.reporter.report(
                .warning("\(error) \(container.name) was up before and is started all the same."))
        }
    }
}
