package import BlueGreen

extension Condition {
    /// Looks at the link, the containers, nginx's workers, the history and the host's memory.
    /// Probes each replica that counts once. Changes nothing.
    ///
    /// - Parameters:
    ///   - reserve: memory that must stay free beside another set.
    ///   - history: the store of the ports.
    ///   - holder: the run that holds the app's lock at the moment of the call. It is asked at both
    ///     ends, since a run may end meanwhile, and the deployment that it carried with it.
    package static func observe(
        _ ports: Ports, reserve: ByteCount, history: ReadableHistory? = nil,
        holder: () async -> LockHolder?
    ) async throws -> Condition {
        let (earlier, lookedAt) = (await holder(), ports.clock.now)
        let reading = try await ports.router.readLink()
        let traffic: Traffic? = if case .leads(let traffic) = reading { traffic } else { nil }
        async let routing = routing(as: traffic, ports)
        let situation = try await Situation.observe(ports, live: traffic?.colour, recent: 10)
        let services = situation.services(of: situation.active) ?? []
        async let room = HostRoom.look(ports, at: situation, services, reserve: reserve)
        async let disturbances = disturbances(of: situation.active, ports)
        var findings = Findings(traffic: traffic)
        findings.lookedAt = lookedAt
        findings.health = try await ReplicaHealth.look(
            at: shown(in: situation), services + situation.sharedServices(beside: services), ports)
        findings.routing = try await routing
        findings.losses = try await ports.router.losses()
        findings.lostLink = LostLinkFinding(reading, situation)
        findings.room = try await room
        findings.disturbances = try await disturbances
        findings.history = history?.problem
        findings.holder = earlier
        if earlier == nil { findings.holder = await holder() }
        if let holder = findings.holder {
            findings.endings = try await RunUnderWay.endings(since: holder, situation, ports)
        }
        findings.now = ports.clock.now
        // A probe that was cancelled has failed, which says nothing of its replica.
        try Task.checkCancellation()
        return Condition(situation, findings)
    }

    /// Before the first deployment nothing can be disturbed; `check` tells what is in its way.
    private static func disturbances(
        of active: Placement?, _ ports: Ports
    ) async throws -> [Disturbance] {
        guard let active else { return [] }
        do {
            return try await ports.engine.disturbances(of: active)
        } catch let error where !(error is CancellationError) {
            // The next deploy meets it too, and nothing else of the status needs it.
            return [.stranger(Obstacle("it could not be looked at: \(error)"))]
        }
    }

    /// Before the first deployment there is nothing that nginx could be asked.
    private static func routing(as traffic: Traffic?, _ ports: Ports) async throws -> String? {
        guard let traffic, traffic.colour != nil else { return nil }
        do {
            try await ports.router.confirm(traffic.division)
            return nil
        } catch let error where !(error is CancellationError) {
            return "\(error)"
        }
    }
}

/// A lost link, and what the next command that writes will do about it.
package struct LostLinkFinding: Hashable, Sendable {
    package let lost: LostLink
    package let verdict: LinkEvidence.Verdict

    package init(_ lost: LostLink, _ verdict: LinkEvidence.Verdict) {
        self.lost = lost
        self.verdict = verdict
    }

    /// nil where nothing is lost.
    init?(_ reading: LinkReading, _ situation: Situation) {
        let lost: LostLink
        switch reading {
        case .leads: return nil
        case .unwritten(let found), .lost(let found): lost = found
        }
        let evidence = LinkEvidence(lost, situation.deployments, situation.containers)
        let verdict = evidence.verdict
        if lost.finding == .unwritten, verdict == .nobodyHad { return nil }
        self.init(lost, verdict)
    }
}
