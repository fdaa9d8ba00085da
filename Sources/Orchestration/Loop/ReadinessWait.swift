import BlueGreen

/// Waits until a replica that was started is up, or cannot be any more. It looks at the container
/// too, which may end while a probe still waits.
struct ReadinessWait: Sendable {
    /// A one-shot service has no check that could say how long it may take.
    private static let oneShotDeadline = Duration.seconds(600)
    /// How often the engine is asked whether the container still runs; one call costs 1 to 3 ms.
    private static let lookInterval = Duration.milliseconds(250)

    private let ports: Ports
    private let target: DeployedReplica

    init(_ ports: Ports, _ placement: Placement, _ container: PlannedReplica) {
        self.ports = ports
        target = DeployedReplica(ports, placement, container)
    }

    func wait() async throws -> StepResult {
        let began = ports.clock.now
        let failure =
            if let check = target.check {
                try await awaitHealthy(check, since: began)
            } else {
                try await awaitRunningOrDone(since: began)
            }
        if let failure { return .failed(failure) }
        let bound: WaitBound? =
            target.service.isOneShot ? .oneShot : target.check == nil ? nil : .health
        ports.reporter.report(.up(target.replica, after: ports.clock.now - began, bound))
        return .done
    }

    private func awaitHealthy(
        _ check: HealthCheck, since began: Timestamp
    ) async throws -> Failure? {
        var gate = HealthGate(check: check, since: began)
        var container = try await target.look()
        var lookedAt = began
        var reason: ProbeFailure?
        while true {
            if let failure = try await target.ending(of: container) { return failure }
            // While it starts, an engine that does not answer now may answer the next time.
            let result = try await ReplicaProbe(ports).result(of: check, container)
            try Task.checkCancellation()
            // It will not get one while it runs.
            if result == .failed(.noHealthCheck), container?.state == .running {
                return try await neverChecked(container)
            }
            gate.record(result, at: ports.clock.now)
            switch gate.verdict {
            case .healthy:
                mention(result, of: check, at: container)
                return nil
            case .unhealthy:
                // It may have ended since it was looked at, which tells more than its silence.
                container = try await target.look(orElse: container)
                if let failure = try await target.ending(of: container) { return failure }
                return try await neverHealthy(container, check, gate)
            case .undecided: break
            }
            if case .failed(let failure) = result, failure != reason {
                reason = failure
                ports.reporter.report(.waiting(for: target.replica, failure))
            }
            try await ports.clock.sleep(until: gate.nextProbe(after: ports.clock.now))
            if check.isMadeByDocker || ports.clock.now - lookedAt >= Self.lookInterval {
                container = try await target.look()
                lookedAt = ports.clock.now
            }
        }
    }

    /// An app that sends everybody elsewhere passes too, unless `expect` says otherwise.
    private func mention(_ result: ProbeResult, of check: HealthCheck, at container: Container?) {
        // Its other replicas are the same program.
        guard target.replica.index == 1, case .accepted(let status) = result,
            case .http(_, _, _, HealthCheck.usualStatuses) = check.method
        else { return }
        ports.reporter.report(
            .warning(
                "\(target.replica) counts as healthy, although \(check.subject(at: container?.address)) "
                    + "answered \(status). If that is no sign of health, name a path that answers "
                    + "200, and say `expect: 200` in its `health:`."))
    }

    /// A service without a check is up when it runs, or when it has done its work.
    private func awaitRunningOrDone(since began: Timestamp) async throws -> Failure? {
        let isOneShot = target.service.isOneShot
        while true {
            let container = try await target.look()
            if let failure = try await target.ending(of: container) { return failure }
            switch container?.state {
            case .exited: return nil
            case .running where !isOneShot: return nil
            case .running, .created, .restarting, .other, nil: break
            }
            guard ports.clock.now - began < Self.oneShotDeadline else {
                return try await target.failure(
                    .unhealthy(target.replica), container,
                    "did not \(isOneShot ? "finish" : "start") in \(Self.oneShotDeadline.text).")
            }
            try await ports.clock.sleep(until: ports.clock.now + .milliseconds(50))
        }
    }

    private func neverChecked(_ container: Container?) async throws -> Failure {
        try await target.failure(
            .unhealthy(target.replica), container,
            "has no HEALTHCHECK of its own, which its check asks for. Add `healthcheck:` to "
                + "it in the compose file, or another `health:` in teal.yml.")
    }

    private func neverHealthy(
        _ container: Container?, _ check: HealthCheck, _ gate: HealthGate
    ) async throws -> Failure {
        var message =
            "did not become healthy in \(check.deadline.text): "
            + "\(check.subject(at: container?.address)) \(gate.lastFailure ?? .noAnswer) "
            + "(\(gate.failures) times)."
        if case .refused(let port) = gate.lastFailure, let container {
            let listeners = try await ports.engine.listeners(of: container)
            message += " "
            message += RefusalAdvice.text(
                refusedAt: port, of: container, listening: listeners)
        }
        return try await target.failure(.unhealthy(target.replica), container, message)
    }
}
