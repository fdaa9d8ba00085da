import BlueGreen

/// A run of Teal that holds the app, and the absences that are its own doing: it ends containers to
/// start them again, and makes some that wait for their turn. `status`, the rounds of the watch and
/// the page judge by it. Pure.
struct RunUnderWay: Sendable {
    private let holder: LockHolder
    private let deployment: Deployment?
    private let singletons: Set<String>
    private let endings: [ContainerEnding]

    /// - Parameter lookedAt: when the look began, by the wall clock. Containers are listed before the
    ///   history is read, and a deployment that ended in between was under way at the first.
    init(
        _ holder: LockHolder, _ situation: Situation, _ endings: [ContainerEnding],
        lookedAt: Timestamp?
    ) {
        self.holder = holder
        self.endings = endings
        singletons = situation.singletons
        deployment = situation.deployments.first.flatMap { newest in
            guard newest.outcome != nil else { return newest }
            guard let lookedAt, let end = newest.finishedAt else { return nil }
            return end >= lookedAt ? newest : nil
        }
    }

    /// Asks the engine how containers ended since the run began, only where one that counts has.
    static func endings(
        since holder: LockHolder, _ situation: Situation, _ ports: Ports
    ) async throws -> [ContainerEnding] {
        let hasEnded = situation.containers.contains { container in
            guard case .exited = container.state else { return false }
            return container.placement == nil || container.placement == situation.active
        }
        return try await hasEnded ? ports.engine.endings(since: start(of: holder)) : []
    }

    /// Whether the container does not run because of the run, which starts it in its time. One that
    /// ended by itself is a failure, whatever is under way.
    func accounts(for container: Container) -> Bool {
        // Nobody but people touches anything while they are asked.
        if deployment?.waitsUntil != nil { return false }
        switch container.state {
        case .running, .restarting, .other: return false
        case .created: return true
        case .exited:
            return isEndedByTheRun(container) || isYetToBeHandedOver(container)
        }
    }

    /// Whether the service has no container because the run puts a new one in the place of the old.
    func accounts(forLackOf role: ServiceRole) -> Bool {
        guard let deployment, deployment.waitsUntil == nil else { return false }
        return role == .shared && !deployment.isPastSwitch
    }

    /// A deployment ends nothing that serves but to make room, to hand over, and to update what is
    /// shared. All else that ends by request meanwhile is a person's doing.
    private func isEndedByTheRun(_ container: Container) -> Bool {
        let last = endings.last {
            $0.replica == container.replica && $0.placement == container.placement
                && $0.exitCode != nil
        }
        guard let last, last.isAskedFor, last.at >= Self.start(of: holder) else { return false }
        guard let deployment else { return true }
        if container.role == .shared { return !deployment.isPastSwitch }
        return deployment.stopsFirst || deployment.facts.has(.madeRoom)
            || container.runsOnce(beside: singletons)
    }

    /// Between the switch and its handing over a singleton runs in the previous colour. It was not
    /// started since the deployment began.
    private func isYetToBeHandedOver(_ container: Container) -> Bool {
        guard let deployment, container.runsOnce(beside: singletons), deployment.isPastSwitch
        else { return false }
        return container.startedAt.map { $0 < deployment.startedAt } ?? true
    }

    /// Engines tell moments in whole seconds.
    private static func start(of holder: LockHolder) -> Timestamp {
        holder.since + .seconds(-1)
    }
}
