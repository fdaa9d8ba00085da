import BlueGreen

/// Looks at the containers of a candidate that has traffic, or a part of it.
struct CandidateWatch: Sendable {
    /// A little more than lies between two looks.
    private static let period = Duration.milliseconds(1100)

    private let ports: Ports
    private let placement: Placement
    private let since: Timestamp
    /// What runs before its turn, or belongs to both colours, is not the candidate's.
    private let replicas: [ReplicaWatch]

    /// - Parameter since: when the candidate got traffic.
    init(_ ports: Ports, _ deployment: Deployment, since: Timestamp) {
        self.ports = ports
        self.since = since
        placement = deployment.candidate
        replicas = deployment.ordinary.filter { $0.service.role != .shared }
            .map { ReplicaWatch(ports, deployment.candidate, $0) }
    }

    struct Finding: Sendable {
        var trouble: Failure?
        /// What could not be looked at: an engine that does not answer is no trouble of a
        /// container, and may still tell what is where it does not tell what was.
        var warnings: [String] = []
    }

    /// - Throws: nothing but `CancellationError`.
    func look() async throws -> Finding {
        var finding = Finding()
        do {
            let containers = try await ports.engine.containers()
            finding.trouble = try await ending(of: containers, &finding.warnings)
            guard finding.trouble == nil else { return finding }
            finding.trouble = try await absenceOrSilence(of: containers)
            guard finding.trouble != nil else { return finding }
            // What does not answer may have ended meanwhile: that tells more.
            finding.trouble =
                try await ending(of: containers, &finding.warnings) ?? finding.trouble
        } catch let error where !(error is CancellationError) {
            finding.warnings.append(
                "How the containers of \(placement.colour) do is not known: \(error)")
        }
        return finding
    }

    private func ending(
        of containers: [Container], _ warnings: inout [String]
    ) async throws -> Failure? {
        let endings: [ContainerEnding]
        do {
            endings = try await ports.engine.endings(in: placement, since: since)
        } catch let error where !(error is CancellationError) {
            warnings.append(
                "Which containers of \(placement.colour) ended is not known: \(error)")
            return nil
        }
        for ending in endings {
            guard let watch = replicas.first(where: { $0.replica == ending.replica }),
                ending.isTrouble(of: watch.service)
            else { continue }
            return try await watch.failure(
                ending.cause, watch.container(among: containers),
                ending.predicate(placement.colour, since: since))
        }
        return nil
    }

    /// All are asked at the same time: one that hangs does not keep back what another one has.
    private func absenceOrSilence(of containers: [Container]) async throws -> Failure? {
        try await withThrowingTaskGroup(of: Failure?.self) { group in
            // What has done its work may be gone.
            for watch in replicas where !watch.service.isOneShot {
                let container = watch.container(among: containers)
                let isDue = isDue(watch.service)
                group.addTask {
                    isDue
                        ? try await watch.trouble(with: container, .withTraffic)
                        : try await watch.absence(of: container)
                }
            }
            defer { group.cancelAll() }
            for try await case let failure? in group { return failure }
            return nil
        }
    }

    /// A check with a long interval is not made at every look: one that is a command costs 50 ms
    /// of processor time. Docker makes its own at its own times.
    private func isDue(_ service: PlannedService) -> Bool {
        guard let check = service.healthCheck, !check.isMadeByDocker, check.interval > Self.period
        else { return true }
        let passed = max(ports.clock.now - since, .zero).wholeMilliseconds
        return passed % check.interval.wholeMilliseconds < Self.period.wholeMilliseconds
    }
}
