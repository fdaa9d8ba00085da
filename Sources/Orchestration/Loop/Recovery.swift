package import BlueGreen

/// Finishes or undoes the deployment of an interrupted run. Every command that writes begins so.
package struct Recovery: Sendable {
    private let ports: Ports
    private let interruption: Interruption

    package init(_ ports: Ports, interruption: Interruption) {
        self.ports = ports
        self.interruption = interruption
    }

    /// The fate of a deployment that waits for a person's word.
    package enum Waiting: Sendable {
        /// It waits on, unless its time is over.
        case leave
        case answer(Deployment.Answer)
        /// As the answer to abort it, and one whose candidate is in its bake is undone as well.
        case turnBack(reason: String)

        var answer: Deployment.Answer? {
            switch self {
            case .leave: nil
            case .answer(let answer): answer
            case .turnBack(let reason): .abort(reason: reason)
            }
        }

        fileprivate var isTurn: Bool {
            if case .turnBack = self { true } else { false }
        }
    }

    /// A deployment that was taken up.
    package struct Recovered: Sendable {
        /// As it is now.
        package let deployment: Deployment
        /// How it had ended; nil for one that was cut off.
        package let before: Outcome?
    }

    /// - Returns: nil where there was none to take up, or where it waits on.
    package func recover(_ waiting: Waiting) async throws -> Recovered? {
        let isPrepared = await prepareRouter()
        let recent = try await ports.store.deployments(limit: OwedWorkers.depth)
        let going =
            if let newest = recent.first, newest.outcome == nil {
                try await carriedOn(newest, waiting)
            } else {
                try await reopened(recent.owing)
            }
        guard let going else {
            if isPrepared { await followLink() }
            return nil
        }
        return Recovered(
            deployment: await Orchestrator(ports, interruption: interruption).run(going),
            before: recent.first { $0.number == going.number }?.outcome)
    }

    /// - Returns: nil where it waits on.
    private func carriedOn(
        _ unfinished: Deployment, _ waiting: Waiting
    ) async throws -> Deployment? {
        var deployment = unfinished
        let traffic = try await ports.router.traffic()
        let rest = try await rest(of: deployment, traffic)
        // His word is newer than a link that somebody has moved to the candidate meanwhile.
        if case .abort(let reason) = waiting.answer, rest != .replaced,
            traffic.colour == deployment.candidate.colour,
            deployment.waitsUntil != nil || (waiting.isTurn && deployment.isBeforeItsBakeEnds)
        {
            deployment.withdraw(reason, at: ports.clock.now)
        }
        deployment.recover(
            live: traffic.colour, isDivided: traffic.canary != nil,
            linkMadeAt: try await ports.router.linkMadeAt(), rest: rest, at: ports.clock.now)
        if deployment.waitsUntil != nil {
            deployment.expire(at: ports.clock.now)
            if let answer = waiting.answer {
                deployment.answer(answer, at: ports.clock.now)
            }
        }
        if deployment.waitsUntil != nil { return nil }
        let number = deployment.number
        ports.reporter.report(
            .note(
                unfinished.waitsUntil == nil
                    ? "Deployment \(number) was interrupted; it is taken up first."
                    : "Deployment \(number) waited to be promoted. "
                        + (deployment.failure?.message ?? "It goes on now.")))
        return deployment
    }

    /// The engine is asked only where its word decides, so that traffic comes back without it.
    private func rest(
        of deployment: Deployment, _ traffic: Traffic
    ) async throws -> CandidateRest {
        guard traffic.canary == nil, let previous = deployment.previous else { return .running }
        if traffic.colour == previous.colour {
            return rest(of: deployment, try await ports.engine.containers())
        }
        guard traffic.colour == deployment.candidate.colour else { return .running }
        do {
            let situation = try await Situation.observe(ports, live: traffic.colour, recent: 10)
            let isGone = situation.containers(of: deployment.candidate).isEmpty
            if isGone, let active = situation.active, active != deployment.candidate,
                situation.serves(active, [:])
            {
                return .replaced
            }
            return deployment.waitsUntil == nil && situation.serves(previous, [:])
                ? rest(of: deployment, situation.containers) : .running
        } catch let error where !(error is CancellationError) {
            // The way on tells how the candidate is.
            return .running
        }
    }

    private func rest(of deployment: Deployment, _ containers: [Container]) -> CandidateRest {
        let left = containers.filter { $0.placement == deployment.candidate }
        if left.isEmpty { return .none }
        let states = left.map(\.state)
        if states.contains(.running) || states.contains(.restarting) { return .running }
        let hasExited = states.contains { if case .exited = $0 { true } else { false } }
        return hasExited ? .stopped : .running
    }

    /// One that has ended and has to go a part of its way again.
    private func reopened(_ owing: [Deployment]) async throws -> Deployment? {
        for var deployment in owing {
            if deployment.outcome == .unknown, try await isWorthAnotherTry(deployment) {
                ports.reporter.report(
                    .note(
                        "Deployment \(deployment.number) ended without a proof of where traffic "
                            + "is; that is looked at first."))
                deployment.reopen(
                    live: try await ports.router.liveColour(),
                    linkMadeAt: try await ports.router.linkMadeAt(), at: ports.clock.now)
                return deployment
            }
            if try await owesSingletons(deployment) {
                ports.reporter.report(
                    .note(
                        "Deployment \(deployment.number) went back without all that runs in one "
                            + "colour at a time; that is handed back first."))
                deployment.resumeHandingBack(at: ports.clock.now)
                return deployment
            }
        }
        return nil
    }

    /// A previous set that gave way, could not be started again and is gone needs a new release.
    private func isWorthAnotherTry(_ deployment: Deployment) async throws -> Bool {
        guard deployment.facts.has(.madeRoom), try await ports.router.liveColour() == nil else {
            return !deployment.owed.contains(.servingReplica)
        }
        return try await ports.engine.containers().contains {
            $0.placement == deployment.previous
        }
    }

    private func owesSingletons(_ deployment: Deployment) async throws -> Bool {
        guard deployment.outcome == .rolledBack, deployment.owed.contains(.singletons),
            let previous = deployment.previous
        else { return false }
        return try await ports.router.liveColour() == previous.colour
    }

    /// A deployment that is undone needs no nginx, and a step that needs nginx says so itself.
    private func prepareRouter() async -> Bool {
        do {
            try await ports.router.prepare()
            return true
        } catch {
            ports.reporter.report(.warning("\(error)"))
            return false
        }
    }

    /// A reload that nobody could confirm leaves the link and the workers apart. The link is the
    /// truth, so the workers are made to follow it before anything else is decided.
    private func followLink() async {
        do {
            guard let live = try await ports.router.liveColour() else { return }
            do {
                try await ports.router.confirm(Division(live))
            } catch {
                if try await LinkMending(ports).putBackUnserved(live) { return }
                ports.reporter.report(.note("nginx does not follow the link to \(live) yet."))
                try await ports.router.route(Division(live))
                try await ports.router.confirm(Division(live))
            }
        } catch {
            ports.reporter.report(.warning("\(error)"))
        }
    }
}
