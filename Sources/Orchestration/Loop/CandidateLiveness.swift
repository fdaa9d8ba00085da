import BlueGreen

/// Looks at the containers of a candidate that has traffic, or a part of it.
struct CandidateLiveness: Sendable {
    /// A little more than lies between two looks.
    private static let period = Duration.milliseconds(1100)

    private let ports: Ports
    private let placement: Placement
    private let since: Timestamp
    private let memoryFree: ByteCount
    /// Has the rest of the requests while the candidate has a share of them.
    private let serving: Placement?
    /// Those that are the candidate's alone and whose turn has come.
    private let replicas: [LivenessCheck]

    /// - Parameter since: when the candidate got traffic.
    init(_ ports: Ports, _ deployment: Deployment, since: Timestamp) {
        self.ports = ports
        self.since = since
        memoryFree = deployment.settings.settle.memoryFree
        serving = deployment.facts.has(.switched) ? nil : deployment.previous
        placement = deployment.candidate
        replicas = deployment.order.ordinary.filter { $0.service.role != .shared }
            .map { LivenessCheck(ports, deployment, $0) }
    }

    struct Finding: Sendable {
        var trouble: Failure?
        /// An engine that does not answer is no trouble of a container. It may still tell what is
        /// there where it does not tell what ended.
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
            // A replica that does not answer may have ended meanwhile: that tells more.
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
            endings = try await ports.engine.endings(since: since)
        } catch let error where !(error is CancellationError) {
            warnings.append(
                "Which containers of \(placement.colour) ended is not known: \(error)")
            return nil
        }
        for ending in endings {
            if ending.isOutOfMemory, ending.placement == nil || ending.placement == serving {
                let name = ending.placement.map { "\($0.colour)" } ?? "The shared"
                return try await kill(of: ending, "\(name) \(ending.replica)", containers)
            }
            let targets = replicas.map(\.target)
            guard ending.placement == placement,
                let target = targets.first(where: { $0.replica == ending.replica }),
                ending.isTrouble(of: target.service)
            else { continue }
            // One that ran before, and comes up again, ends now and then: so it does where traffic
            // was.
            if target.ranBefore, target.container(among: containers)?.mayRun ?? false { continue }
            if ending.isOutOfMemory {
                let name = "\(placement.colour) \(ending.replica)"
                return try await kill(of: ending, name, containers)
            }
            return try await target.failure(
                ending.cause, target.container(among: containers),
                ending.predicate(moment(of: ending)))
        }
        return nil
    }

    /// Another container that serves, and is OOM-killed beside two sets, is so for the new one.
    private func kill(
        of ending: ContainerEnding, _ name: String, _ containers: [Container]
    ) async throws -> Failure {
        let container = containers.first {
            $0.replica == ending.replica && $0.placement == ending.placement
        }
        let account = OutOfMemory(
            ending, limit: container?.memoryLimit, least: try await ports.hostNow(),
            memoryFree: memoryFree)
        return Failure(
            account.cause, "\(name) \(account.predicate(moment(of: ending)))",
            logLines: try await ports.lastLines(of: container))
    }

    private func moment(of ending: ContainerEnding) -> String {
        "\(max(ending.at - since, .zero).text) after \(placement.colour) got traffic"
    }

    /// All are asked at the same time: one that hangs does not keep back what another one has.
    private func absenceOrSilence(of containers: [Container]) async throws -> Failure? {
        try await withThrowingTaskGroup(of: Failure?.self) { group in
            // A one-shot that has done its work may be gone.
            for liveness in replicas where !liveness.target.service.isOneShot {
                let container = liveness.target.container(among: containers)
                let isDue = isDue(liveness.target.service)
                group.addTask {
                    isDue
                        ? try await liveness.trouble(with: container, .withTraffic)
                        : try await liveness.absence(of: container)
                }
            }
            defer { group.cancelAll() }
            for try await case let failure? in group { return failure }
            return nil
        }
    }

    /// A check with a long interval is not made at every look: a command costs 50 ms of processor
    /// time. Docker makes its own at its own times.
    private func isDue(_ service: PlannedService) -> Bool {
        guard let check = service.healthCheck, !check.isMadeByDocker, check.interval > Self.period
        else { return true }
        let passed = max(ports.clock.now - since, .zero).wholeMilliseconds
        return passed % check.interval.wholeMilliseconds < Self.period.wholeMilliseconds
    }
}

extension ContainerEnding {
    var cause: Failure.Cause {
        exitCode.map { .exited(replica, code: $0) } ?? .unhealthy(replica)
    }

    /// How the replica ended, as a predicate to its name.
    fileprivate func predicate(_ moment: String) -> String {
        switch exitCode {
        // The kernel's own lines name its victims also where the host itself was out of memory.
        case 137?:
            "was killed (exit code 137) \(moment); `dmesg` says whether it was out of memory."
        case let code?: "ended with exit code \(code), \(moment)."
        case nil: "had a process killed \(moment)."
        }
    }
}
