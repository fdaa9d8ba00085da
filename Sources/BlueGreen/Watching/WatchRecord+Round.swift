/// The taking in of a round.
extension WatchRecord {
    /// Takes a round in and decides what is to be done. Pure: the caller keeps the record, then
    /// acts.
    package mutating func take(
        _ round: WatchRound, _ settings: WatchSettings, _ reaction: WatchSettings.Reaction
    ) -> WatchDecision {
        var decision = WatchDecision()
        let leap = clock.advance(
            to: round.moment, jump: settings.every * 2, gap: round.gap)
        if leap != nil {
            for key in replicas.keys { replicas[key]?.forgetFailures() }
            for key in services.keys { services[key]?.forgetHealth() }
        }
        lastRound = round.moment.wall
        if !round.isPartial {
            rounds += 1
            // A round that could not look knows nothing of what is gone.
            if !round.plans.isEmpty { forget(allBut: round) }
        }
        note(round.wayBack, wall: round.moment.wall)
        record(round, settings, &decision)
        noteIllness(round, &decision)
        noteEdges(round, &decision)
        noteCutOff(round, &decision)
        decide(round, settings, reaction, leap, &decision)
        hold = decision.hold?.description
        tell(&decision, settings, wall: round.moment.wall)
        return decision
    }

    /// Drops all that belongs to a release that is gone.
    private mutating func forget(allBut round: WatchRound) {
        let placements = Set(round.plans.map(\.service.placement))
        let services = Set(round.plans.map(\.service))
        let kept = round.wayBack?.previous?.placement
        replicas = replicas.filter { watched, _ in
            services.contains(watched.service) || watched.placement == kept && kept != nil
        }
        self.services = self.services.filter { services.contains($0.key) }
        if let act, case .restart(let watched, _) = act, !placements.contains(watched.placement) {
            self.act = nil
        }
    }

    private mutating func note(_ wayBack: WayBackCase?, wall: Timestamp) {
        guard let wayBack else { return }
        guard active?.placement != wayBack.active else { return }
        let age = wayBack.promotedAt.map { max(.zero, wall - $0) } ?? .zero
        active = ActiveRelease(placement: wayBack.active, promotedAt: now + (.zero - age))
    }

    private mutating func record(
        _ round: WatchRound, _ settings: WatchSettings, _ decision: inout WatchDecision
    ) {
        // A host that is ill says nothing of its containers.
        guard round.illness == nil else { return }
        let plans = Dictionary(round.plans.map { ($0.service, $0) }) { first, _ in first }
        for sighting in round.sightings {
            guard let plan = plans[sighting.watched.service] else { continue }
            let wall = round.moment.wall
            var record =
                replicas[sighting.watched] ?? ReplicaRecord(at: now, wall: wall)
            let (before, since) = (record.verdict, record.sinceOwn)
            if record.note(sighting, plan, at: now, wall: wall) {
                let event = event(
                    of: sighting.watched, record, before, lasted: now - since, wall: wall)
                if let event, plan.use != .off { decision.events.append(event) }
            }
            replicas[sighting.watched] = record
            noteCutOff(sighting, wall: wall, &decision)
        }
        guard !round.isPartial else { return }
        noteServices(round, settings, &decision)
    }

    /// An engine carries a restart to its end when the process that asked for it is gone.
    private mutating func noteCutOff(
        _ sighting: Sighting, wall: Timestamp, _ decision: inout WatchDecision
    ) {
        guard case .restart(sighting.watched, let reason)? = act else { return }
        if let start = sighting.start, start != startBeforeAct {
            act = nil
            decision.events.append(
                WatchEvent(
                    .restarted, sighting.watched.name, at: wall,
                    reason: "\(reason). The process that began it ended meanwhile",
                    probes: replicas[sighting.watched]?.lastFailures ?? [],
                    did: WatchEvent.Did(
                        .restart, .done, service: sighting.watched.replica.service),
                    patient: .replica(sighting.watched)))
        } else if sighting.finding == .passed {
            act = nil
        }
    }

    private mutating func noteServices(
        _ round: WatchRound, _ settings: WatchSettings, _ decision: inout WatchDecision
    ) {
        for plan in round.plans where plan.use != .off {
            let isWell = replicas.filter { $0.key.service == plan.service }
                .allSatisfy { $0.value.isWell }
            var record = services[plan.service] ?? ServiceRecord()
            if record.note(isWell: isWell, settings.restarts, at: now) {
                decision.events.append(
                    WatchEvent(
                        .circuitClosed, plan.service.name, at: round.moment.wall,
                        reason: "was healthy for \(settings.restarts.resetAfter.text)",
                        patient: .service(plan.service)))
            }
            if record != ServiceRecord() { services[plan.service] = record }
        }
    }

    private func event(
        of watched: WatchedReplica, _ record: ReplicaRecord, _ before: ReplicaRecord.Verdict,
        lasted: Duration, wall: Timestamp
    ) -> WatchEvent? {
        let last = record.lastFailures.last?.text ?? ""
        switch record.verdict {
        case .unhealthy:
            return WatchEvent(
                .unhealthy, watched.name, at: wall, reason: last, probes: record.lastFailures,
                patient: .replica(watched))
        case .stopped:
            return WatchEvent(
                .stopped, watched.name, at: wall, reason: "was stopped by hand and is left alone",
                patient: .replica(watched))
        case .healthy where before == .unhealthy || before == .stopped:
            return WatchEvent(
                .recovered, watched.name, at: wall, reason: "is healthy again", after: lasted,
                patient: .replica(watched))
        case .healthy, .starting, .finished: return nil
        }
    }

    private mutating func noteIllness(_ round: WatchRound, _ decision: inout WatchDecision) {
        // A look at one container does not tell how the host is.
        if round.isPartial, round.illness == nil { return }
        let wall = round.moment.wall
        switch (illness, round.illness) {
        case (nil, let found?):
            decision.events.append(
                WatchEvent(.hostIll, "the host", at: wall, reason: found.description))
        case (_?, nil):
            decision.events.append(
                WatchEvent(.hostWell, "the host", at: wall, reason: "is well again"))
        case (nil, nil), (_?, _?): break
        }
        illness = round.illness
    }

    /// Told in the second round: a run may have ended between two looks of the first.
    private mutating func noteCutOff(_ round: WatchRound, _ decision: inout WatchDecision) {
        guard !round.isPartial else { return }
        guard case .cutOff(let number)? = round.occupation else { return cutOff = nil }
        let before = cutOff.flatMap { $0.number == number ? $0.rounds : nil } ?? 0
        cutOff = CutOff(number: number, rounds: before + 1)
        guard before == 1 else { return }
        decision.events.append(
            WatchEvent(
                .deploymentCutOff, "deployment \(number)", at: round.moment.wall,
                reason: "its run is gone, and nothing is restarted or taken back until "
                    + "`teal resume` has finished or undone it"))
    }

    /// A request by way of nginx that fails where the service itself is well, twice in a row: one
    /// may meet a restart of nginx.
    private mutating func noteEdges(_ round: WatchRound, _ decision: inout WatchDecision) {
        guard round.illness == nil, !round.isPartial else { return }
        let wall = round.moment.wall
        for (service, finding) in round.edges.sorted(by: { $0.key < $1.key }) {
            let patient = WatchEvent.Patient.service(WatchedService(active?.placement, service))
            switch finding {
            case .broken(let reason):
                edgeFailures[service, default: 0] += 1
                guard edgeFailures[service] == 2 else { continue }
                brokenEdges[service] = reason
                decision.events.append(
                    WatchEvent(
                        .edgeBroken, service, at: wall, reason: reason, patient: patient))
            case .reached:
                edgeFailures[service] = nil
                guard brokenEdges.removeValue(forKey: service) != nil else { continue }
                decision.events.append(
                    WatchEvent(
                        .edgeWell, service, at: wall, reason: "is reached by nginx again",
                        patient: patient))
            }
        }
        let exposed = Set(round.plans.filter { $0.role == .exposed }.map(\.service.name))
        brokenEdges = brokenEdges.filter { exposed.contains($0.key) }
        edgeFailures = edgeFailures.filter { exposed.contains($0.key) }
    }
}
