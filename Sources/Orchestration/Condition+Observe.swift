package import BlueGreen

extension Condition {
    /// Looks at the link, the containers, nginx's workers, the history and the host's memory.
    /// Probes each replica that counts once. Changes nothing.
    ///
    /// - Parameters:
    ///   - reserve: memory that must stay free beside another set.
    ///   - history: the store of the ports.
    ///   - holder: the run that holds the app's lock at the moment of the call.
    package static func observe(
        _ ports: Ports, reserve: ByteCount, history: ReadableHistory? = nil,
        holder: () -> LockHolder?
    ) async throws -> Condition {
        let traffic = try ports.router.traffic()
        async let routing = routing(as: traffic, ports)
        let situation = try await Situation.observe(ports, recent: 10)
        let services = situation.services(of: situation.active) ?? []
        async let room = HostRoom.look(ports, at: situation, services, reserve: reserve)
        var findings = Findings(traffic: traffic)
        findings.health = try await ReplicaHealth.look(at: shown(in: situation), services, ports)
        findings.routing = try await routing
        findings.room = try await room
        findings.history = history?.problem
        findings.holder = holder()
        findings.now = ports.clock.now
        // A probe that was cancelled has failed, which says nothing of its replica.
        try Task.checkCancellation()
        return Condition(situation, findings)
    }

    /// Before the first deployment there is nothing that nginx could be asked.
    private static func routing(as traffic: Traffic, _ ports: Ports) async throws -> String? {
        guard traffic.colour != nil else { return nil }
        do {
            try await ports.router.confirm(traffic.division)
            return nil
        } catch let error where !(error is CancellationError) {
            return "\(error)"
        }
    }
}
