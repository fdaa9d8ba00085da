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

    /// The work of earlier runs that one began with.
    package struct TakenUp: Sendable {
        /// The deployment that was unfinished, or ended without knowing who has traffic, as it is
        /// now; nil where there was none, or where it waits on.
        package var deployment: Deployment?
        /// Whether that one had ended so before.
        var wasUnknown = false
        /// A move of traffic that no record told of, and that is written down now.
        package var found: Deployment?
        /// Work that ended deployments had left undone, and that is done now.
        package var done: [OwedWork] = []
        /// Work of that kind which could not be done now either.
        package var left: [OwedWork] = []
    }

    /// Finishes or undoes what earlier runs left behind. Hooks that a killed one left running are
    /// ended first.
    package func takeUp(_ waiting: Recovery.Waiting = .leave) async throws -> TakenUp {
        try await HookRemains(ports).end()
        try await LinkMending(ports).mend()
        var taken = TakenUp()
        if let found = try await Recovery(ports, interruption: interruption).recover(waiting) {
            let isNews = found.before == nil || found.before != found.deployment.outcome
            taken.deployment =
                isNews ? await conclude(found.deployment) : found.deployment
            taken.wasUnknown = found.before == .unknown
        }
        taken.found = try await RecordMending(ports).mend()
        // After the recovery, which may have traffic to bring back.
        try await NetworkMending(ports).mend()
        let owed = try await OwedWorkers(ports).work()
        taken.done = owed.done
        taken.left = owed.left
        return taken
    }

    /// Looks whether nginx sends requests where the link says, whether its folder is whole, and
    /// whether history and containers agree with the link, as `Condition` judges it.
    ///
    /// - Throws: `OrchestrationError.folderLost`, `.notFollowed`, `.noHistory` or `.disagreeing`
    ///   where it is not so.
    package func prove() async throws {
        let losses = try await ports.router.losses()
        if !losses.isEmpty { throw OrchestrationError.folderLost(losses) }
        let traffic = try await ports.router.traffic()
        if let live = traffic.colour {
            do {
                try await ports.router.confirm(traffic.division)
            } catch let error where !(error is CancellationError) {
                throw OrchestrationError.notFollowed(live, reason: "\(error)")
            }
        }
        let situation = try await Situation.observe(ports, recent: 10)
        if situation.hasLostHistory { throw OrchestrationError.noHistory }
        let found = Disagreement.all(in: situation, Condition.Findings(traffic: traffic))
        if !found.isEmpty { throw OrchestrationError.disagreeing(found) }
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
        try await checkBeginning(wish)
        if let stuck = try await takeUp(superseded).stuck { return stuck }
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
        var ports = ports
        ports.source = source
        let ended = try await carryOut(order, ports)
        // It is told and stored as any deployment that ended, but the caller made the mistake.
        if let error = source.error { throw error }
        return ended
    }

    /// Gives traffic back to the release before, or to one named by id, a beginning of it, or
    /// label.
    ///
    /// - Parameter missing: what becomes of a release that lacks a service of the site.
    /// - Returns: as `deploy`. Where that is what was asked for, the deployment of a run that was
    ///   cut off with traffic on its candidate, and that is undone now; or a rollback that was cut
    ///   off, and is finished now.
    /// - Throws: `OrchestrationError` where there is no such release.
    package func rollBack(
        to wanted: String?, settings: DeploymentSettings, missing: MissingServices = .refused
    ) async throws -> Deployment {
        let taken = try await finishUnfinished(
            .turnBack(reason: "`teal rollback` was asked for before it was promoted."))
        if let stuck = taken.stuck { return stuck }
        if wanted == nil, let wayBack = taken.wayBack { return wayBack }
        let situation = try await Situation.observe(ports)
        let order: Order
        do {
            order = try situation.rollback(to: wanted, settings: settings)
        } catch OrchestrationError.alreadyActive(let active) {
            guard let wayBack = taken.wayBack else {
                throw OrchestrationError.alreadyActive(active)
            }
            return wayBack
        }
        var ports = ports
        ports.missingServices = missing
        return try await carryOut(order, ports)
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

    /// Takes up only a deployment that no run has finished, or one that no record tells of, without
    /// a look at nginx where there is none.
    func finishUnfinished(_ waiting: Recovery.Waiting = .leave) async throws -> TakenUp {
        try await LinkMending(ports).mend()
        guard try await ports.store.unfinished() != nil else {
            let found = try await RecordMending(ports).mend()
            try await NetworkMending(ports).mend()
            return TakenUp(found: found)
        }
        return try await takeUp(waiting)
    }

    private func answer(_ answer: Deployment.Answer) async throws -> Deployment? {
        try await LinkMending(ports).mend()
        guard let waiting = try await ports.store.unfinished(), waiting.waitsUntil != nil else {
            return nil
        }
        // A word that cannot be recorded is not taken: the release waits on.
        try await ports.store.save(waiting)
        // The candidate is looked at again before it gets traffic.
        try await NetworkMending(ports).mend()
        return try await takeUp(.answer(answer)).deployment
    }

    private func carryOut(_ order: Order, _ ports: Ports) async throws -> Deployment {
        let deployment = Deployment(order, at: ports.clock.now)
        let ended = await Orchestrator(ports, interruption: interruption).run(deployment)
        return await conclude(ended)
    }

    private func conclude(_ ended: Deployment) async -> Deployment {
        var deployment = ended
        do {
            if deployment.forgetsItsRelease {
                try await ports.store.deleteRelease(deployment.candidate.release)
            }
        } catch {
            ports.reporter.report(.warning("\(error)"))
            deployment.owe(.release)
            // Where this is not written down either, the next cleaning finds the release.
            try? await ports.store.save(deployment)
        }
        await announce(deployment)
        return deployment
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

extension AppDeployer.TakenUp {
    /// The deployment by which traffic went back just now: one that was undone after its switch, or a
    /// rollback whose run was killed and that is finished.
    fileprivate var wayBack: Deployment? {
        deployment.flatMap { deployment in
            switch (deployment.kind, deployment.outcome) {
            case (_, .rolledBack), (.warmRollback, .promoted), (.coldRollback, .promoted):
                deployment
            case (.deploy, .promoted), (_, .aborted), (_, .unknown), (_, nil): nil
            }
        }
    }

    /// The deployment that has just left it unknown who has traffic, so that nothing is begun on
    /// top. One that had ended so before must not stand in the way of its remedy.
    var stuck: Deployment? {
        deployment?.outcome == .unknown && !wasUnknown ? deployment : nil
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
