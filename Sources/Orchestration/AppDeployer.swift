package import BlueGreen

/// The use cases of one app for any caller: a person, a hook, a timer, a page, a simulated life.
/// The caller holds the app's lock.
package struct AppDeployer: Sendable {
    let ports: Ports
    private let announcer: any Announcer
    private let interruption: Interruption

    package init(
        _ ports: Ports, announcer: any Announcer, interruption: Interruption
    ) {
        self.ports = ports
        self.announcer = announcer
        self.interruption = interruption
    }

    /// Finishes or undoes what an interrupted run left behind. Hooks that it left running are
    /// ended first.
    ///
    /// - Returns: the deployment that was unfinished, as it is now; nil where there was none, or
    ///   where it waits on.
    package func takeUp(_ waiting: Recovery.Waiting = .leave) async throws -> Deployment? {
        try await HookRemains(ports).end()
        let recovered = try await Recovery(ports, interruption: interruption).recover(waiting)
        if let recovered { try await conclude(recovered) }
        return recovered
    }

    /// Deploys a new release from today's files.
    ///
    /// - Returns: the deployment as it ended, or as it waits for a person. Where a deployment that
    ///   was taken up first left unknown who has traffic, that one, and no new one began.
    /// - Throws: why today's files cannot be deployed, also after opening hooks have run. Their
    ///   deployment has then ended.
    package func deploy(_ wish: ReleaseWish) async throws -> Deployment {
        let superseded = Recovery.Waiting.answer(
            .abort(reason: "A new deploy began while it waited to be promoted."))
        try await ports.source.findPrograms()
        if let stuck = try await takeUp(superseded), stuck.outcome == .unknown { return stuck }
        let source = ErrorKeepingSource(ports.source)
        // The opening hooks may write the compose file and its env files.
        let isReadLater = !wish.settings.hooks.opening.isEmpty
        let services =
            isReadLater
            ? nil
            : try await ReleaseReader(ports).read(as: wish.id, label: wish.label).services
        let situation = try await Situation.observe(ports)
        if situation.hasLostHistory {
            ports.reporter.report(.warning("\(Disagreement.noHistory)"))
        }
        let order =
            situation
            .deploy(wish.id, label: wish.label, services: services, settings: wish.settings)
        let ended = try await carryOut(order, reading: source)
        // It is told and stored as any deployment that ended, but the caller made the mistake.
        if let error = source.error { throw error }
        return ended
    }

    /// Gives traffic back to the release before, or to one named by id, a beginning of it, or
    /// label.
    ///
    /// - Returns: as `deploy`.
    /// - Throws: `OrchestrationError` where there is no such release.
    package func rollBack(
        to wanted: String?, settings: DeploymentSettings
    ) async throws -> Deployment {
        let overruled = Recovery.Waiting.answer(
            .abort(reason: "`teal rollback` was asked for while it waited to be promoted."))
        if let stuck = try await finishUnfinished(overruled), stuck.outcome == .unknown {
            return stuck
        }
        let situation = try await Situation.observe(ports)
        return try await carryOut(try situation.rollback(to: wanted, settings: settings))
    }

    /// Lets the deployment that waits for a person go on.
    ///
    /// - Returns: nil where none waits.
    package func promote() async throws -> Deployment? {
        try await answer(.promote)
    }

    /// Takes the deployment that waits for a person away.
    ///
    /// - Returns: nil where none waits.
    package func abort(reason: String) async throws -> Deployment? {
        try await answer(.abort(reason: reason))
    }

    /// Takes up only a deployment that no run has finished, without a look at nginx where there
    /// is none.
    func finishUnfinished(_ waiting: Recovery.Waiting = .leave) async throws -> Deployment? {
        guard try await ports.store.unfinished() != nil else { return nil }
        return try await takeUp(waiting)
    }

    private func answer(_ answer: Deployment.Answer) async throws -> Deployment? {
        guard try await ports.store.unfinished()?.waitsUntil != nil else { return nil }
        return try await takeUp(.answer(answer))
    }

    private func carryOut(
        _ order: Order, reading source: (any ReleaseSource)? = nil
    ) async throws -> Deployment {
        let deployment = Deployment(order, at: ports.clock.now)
        var ports = ports
        if let source { ports.source = source }
        let ended = try await Orchestrator(ports, interruption: interruption).run(deployment)
        try await conclude(ended)
        return ended
    }

    private func conclude(_ deployment: Deployment) async throws {
        try await forgetRelease(of: deployment)
        await announce(deployment)
    }

    /// A release that never kept traffic is nothing to go back to, and must not push those out
    /// that are.
    private func forgetRelease(of deployment: Deployment) async throws {
        switch (deployment.kind, deployment.outcome) {
        case (.deploy, .aborted), (.deploy, .rolledBack):
            try await ports.store.deleteRelease(deployment.candidate.release)
        case (.deploy, _), (.warmRollback, _), (.coldRollback, _):
            break
        }
    }

    private func announce(_ deployment: Deployment) async {
        var known: Set<ReleaseID>?
        do {
            known = Set(try await ports.store.releases().map(\.id))
        } catch {
            // The notice then offers what it usually does; the last lines meet the same error.
        }
        await announcer.announce(deployment, known: known)
    }
}

/// A new release as a caller asks for it.
package struct ReleaseWish: Sendable {
    package let id: ReleaseID
    /// A person's name for it: a tag, a commit.
    package let label: String?
    package let settings: DeploymentSettings

    package init(id: ReleaseID, label: String? = nil, settings: DeploymentSettings) {
        self.id = id
        self.label = label
        self.settings = settings
    }
}
