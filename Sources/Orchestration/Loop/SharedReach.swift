import BlueGreen

/// The evidence that a set which still runs can reach its shared services. A way back that starts
/// nothing has no other look at them.
struct SharedReach: Sendable {
    private let ports: Ports
    private let deployment: Deployment

    init(_ ports: Ports, _ deployment: Deployment) {
        self.ports = ports
        self.deployment = deployment
    }

    /// Starts or makes those that do not run, and awaits them. If one does not come up, that is a
    /// warning: both colours are without it, and the way back may be what a person needs. One that
    /// runs is not asked how it is.
    ///
    /// - Returns: nil where each that runs can be reached.
    func prove() async throws -> Failure? {
        guard deployment.kind == .warmRollback else { return nil }
        // A one-shot has done its work, and must not do it again for a way back.
        let shared = deployment.order.ordinary.filter {
            $0.service.role == .shared && !$0.service.isOneShot
        }
        guard !shared.isEmpty else { return nil }
        let before = try await ports.engine.containers()
        for planned in shared where container(of: planned, among: before)?.state != .running {
            try await start(planned)
        }
        return try await unreachable(shared)
    }

    private func start(_ planned: PlannedReplica) async throws {
        let name = planned.service.name
        ports.reporter.report(.note("\(name) is shared and does not run; it is started first."))
        ports.reporter.report(.starting(planned.replica))
        do {
            switch try await ports.engine.start(planned, of: deployment.candidate) {
            case .ranAlready: return
            case .started: break
            }
            let wait = ReadinessWait(ports, deployment.candidate, planned)
            guard case .failed(let failure) = try await wait.wait() else { return }
            ports.reporter.report(.warning("\(failure.message) Both colours are without it."))
        } catch let error where !(error is CancellationError) {
            ports.reporter.report(
                .warning("\(name) did not start: \(error) Both colours are without it."))
        }
    }

    /// After the starts, since only a container that runs is brought back.
    private func unreachable(_ shared: [PlannedReplica]) async throws -> Failure? {
        let lost = try await NetworkMending(ports).reconnect()
            .filter { $0.colour != deployment.candidate.colour.other }
        guard !lost.isEmpty else { return nil }
        let containers = try await ports.engine.containers()
        let names = Set(shared.compactMap { container(of: $0, among: containers)?.name })
        return lost.first { names.contains($0.container) }
            .map { Failure(.step(phase: deployment.phaseName), "\($0)") }
    }

    private func container(
        of planned: PlannedReplica, among containers: [Container]
    ) -> Container? {
        DeployedReplica(ports, deployment.candidate, planned).container(among: containers)
    }
}
