/// The decision of a round.
extension WatchRecord {
    mutating func decide(
        _ round: WatchRound, _ settings: WatchSettings, _ reaction: WatchSettings.Reaction,
        _ leap: WatchClock.Leap?, _ decision: inout WatchDecision
    ) {
        let due = due(round)
        guard !due.isEmpty, reaction != .notify else { return }
        if let hold = hold(round, leap) {
            decision.hold = hold
            return
        }
        for (watched, record, plan) in due where isTreatable(plan, round) {
            // Others of the service may still be helped.
            let hasHope = due.contains { $0.2.service == plan.service && !$0.1.isHopeless }
            if record.isHopeless, hasHope { continue }
            if let act = act(
                about: watched, record, plan, round, settings, reaction, &decision)
            {
                decision.act = act
                return
            }
        }
    }

    /// Replicas that have failed for long enough, in start order: a cause before its effects.
    private func due(
        _ round: WatchRound
    ) -> [(WatchedReplica, ReplicaRecord, WatchedPlan)] {
        round.plans.filter { $0.use == .restart }.flatMap { plan in
            replicas.filter { $0.key.service == plan.service && $0.value.isDue(plan) }
                .sorted { $0.key < $1.key }.map { ($0.key, $0.value, plan) }
        }
    }

    private func hold(_ round: WatchRound, _ leap: WatchClock.Leap?) -> WatchHold? {
        if let leap { return .leap(leap) }
        if let illness = round.illness ?? illness { return .illness(illness) }
        if let occupation = round.occupation { return occupation }
        if let restsUntil, now < restsUntil { return .coolDown(left: restsUntil - now) }
        return nil
    }

    /// A failure that comes of another service's is not mended by a restart. Shared services are
    /// such a cause for all that is not shared.
    private func isTreatable(_ plan: WatchedPlan, _ round: WatchRound) -> Bool {
        let causes = round.plans.filter {
            $0.use != .off && plan.dependencies.contains($0.service.name)
        }
        let shared = plan.role == .shared ? [] : round.plans.filter { $0.role == .shared }
        let isSharedIll = shared.contains { cause in
            records(of: cause).contains {
                $0.verdict == .unhealthy || $0.verdict == .stopped || $0.isStopping
            }
        }
        return !isSharedIll
            && causes.allSatisfy { records(of: $0).allSatisfy { $0.isWell } }
    }

    private func records(of plan: WatchedPlan) -> [ReplicaRecord] {
        replicas.filter { $0.key.service == plan.service }.map(\.value)
    }

    private mutating func act(
        about watched: WatchedReplica, _ record: ReplicaRecord, _ plan: WatchedPlan,
        _ round: WatchRound, _ settings: WatchSettings, _ reaction: WatchSettings.Reaction,
        _ decision: inout WatchDecision
    ) -> WatchAct? {
        var service = services[plan.service] ?? ServiceRecord()
        let reason = "\(watched.name) \(record.lastFailures.last?.text ?? "is unhealthy")"
        if service.openSince == nil, !record.isHopeless,
            service.left(settings.restarts, at: now) > 0
        {
            let isPausing = service.next(settings.restarts).map { now < $0 } ?? false
            if isPausing || isAnyComing(round) { return nil }
            return .restart(watched, reason: reason)
        }
        if reaction == .rollback {
            switch wayBack(plan, round, settings, because: reason) {
            case .open(let act): return act
            case .untold: return nil
            case .closed: break
            }
        }
        if service.openSince == nil {
            service.open(wall: round.moment.wall)
            services[plan.service] = service
            let spent =
                record.isHopeless
                ? "a restart does not help"
                : "\(settings.restarts.atMost) restarts within "
                    + "\(settings.restarts.within.text) did not help"
            decision.events.append(
                WatchEvent(
                    .circuitOpen, plan.service.name, at: round.moment.wall,
                    reason: "\(spent): \(reason)", probes: record.lastFailures,
                    patient: .service(plan.service)))
        }
        return nil
    }

    /// One restart at a time: the one before has to come up, or to be given up.
    private func isAnyComing(_ round: WatchRound) -> Bool {
        round.plans.contains { plan in
            guard services[plan.service]?.restarts.isEmpty == false else { return false }
            return records(of: plan).contains { $0.isComing(plan, at: now) }
        }
    }

    private enum WayBack {
        case open(WatchAct)
        /// The previous colour was not looked at often enough; the next rounds do.
        case untold
        case closed
    }

    private func wayBack(
        _ plan: WatchedPlan, _ round: WatchRound, _ settings: WatchSettings,
        because reason: String
    ) -> WayBack {
        guard let wayBack = round.wayBack, plan.service.placement == wayBack.active,
            !wayBack.isRollback, !wayBack.wasRolledBack,
            !rolledBack.contains(wayBack.active.release),
            let promoted = active?.promotedAt, now - promoted < settings.rollbackWithin,
            let (previous, idle) = wayBack.previous, !idle.isEmpty
        else { return .closed }
        let seen = round.sightings.filter { idle.contains($0.watched) }
        if seen.count < idle.count { return .untold }
        guard seen.allSatisfy({ $0.finding == .passed || $0.finding == .finished }) else {
            return .closed
        }
        return idle.allSatisfy { replicas[$0]?.isWell == true }
            ? .open(.rollBack(from: wayBack.active, to: previous, reason: reason)) : .untold
    }
}

/// Acts, before and after.
extension WatchRecord {
    /// To be kept on disk before the act, so that one that is cut off has been counted.
    package mutating func begin(_ act: WatchAct, _ settings: WatchSettings) {
        self.act = act
        startBeforeAct = nil
        switch act {
        case .restart(let watched, _):
            startBeforeAct = replicas[watched]?.start
            let now = now
            replicas[watched]?.expectStart(at: now)
            services[watched.service, default: ServiceRecord()]
                .noteRestart(settings.restarts, at: now)
        case .rollBack(let from, _, _):
            rolledBack = rolledBack.suffix(99) + [from.release]
            restsUntil = now + settings.coolDown
        }
    }

    /// - Parameter failure: why it was not done; nil where it was.
    package mutating func end(
        _ act: WatchAct, failure: String?, at moment: WatchMoment, _ settings: WatchSettings
    ) -> WatchDecision {
        clock.skip(to: moment)
        self.act = nil
        var decision = WatchDecision()
        let (kind, subject): (WatchEvent.Kind, String) =
            switch act {
            case .restart(let watched, _):
                (failure == nil ? .restarted : .restartFailed, watched.name)
            case .rollBack(let from, _, _):
                (failure == nil ? .rolledBack : .rollbackFailed, "\(from.colour)")
            }
        if case .rollBack = act { restsUntil = now + settings.coolDown }
        if case .restart(let watched, _) = act, failure != nil {
            replicas[watched]?.expectNoStart()
        }
        let because = failure.map { "\($0) It was to be done because \(act.reason)" } ?? act.reason
        decision.events.append(
            WatchEvent(
                kind, subject, at: moment.wall, reason: because, probes: probes(of: act),
                did: WatchEvent.Did(act, failure == nil ? .done : .failed),
                patient: patient(of: act)))
        tell(&decision, settings, wall: moment.wall)
        return decision
    }

    /// The act did not begin: a run of Teal came before it.
    package mutating func cancel(_ act: WatchAct) {
        if self.act == act { self.act = nil }
    }

    /// A person restarted the service, which gives it a new budget.
    package mutating func reset(_ service: WatchedService) {
        services[service] = nil
    }

    /// Of a rollback the first that is unhealthy, since people look there.
    private func patient(of act: WatchAct) -> WatchEvent.Patient {
        switch act {
        case .restart(let watched, _): return .replica(watched)
        case .rollBack(let from, _, _):
            let ill = replicas.filter { $0.key.placement == from && $0.value.verdict == .unhealthy }
            return ill.keys.min().map { .replica($0) } ?? .release(from)
        }
    }

    private func probes(of act: WatchAct) -> [ProbeNote] {
        switch act {
        case .restart(let watched, _): replicas[watched]?.lastFailures ?? []
        case .rollBack(let from, _, _):
            replicas.filter { $0.key.placement == from }.sorted { $0.key < $1.key }
                .flatMap(\.value.lastFailures).suffix(5)
        }
    }
}

/// Budgets and circuits, for `status`.
extension WatchRecord {
    package func restartsLeft(
        of service: WatchedService, _ settings: WatchSettings
    ) -> Int {
        (services[service] ?? ServiceRecord()).left(settings.restarts, at: now)
    }

    /// How long until a further restart of the service may come; zero for at once.
    package func pauseLeft(of service: WatchedService, _ settings: WatchSettings) -> Duration {
        services[service]?.next(settings.restarts).map { max(.zero, $0 - now) } ?? .zero
    }

    /// Services whose circuit is open, and since when by the wall clock.
    package var openCircuits: [(service: WatchedService, since: Timestamp)] {
        services.compactMap { key, value in value.openSince.map { (key, $0) } }
            .sorted { $0.0 < $1.0 }
    }
}
