import BlueGreen

/// How often, and how soon one after the other, a replica that was healthy may fail its check.
enum Patience: Sendable {
    /// Nobody waits for its answers yet, so that it is asked as often as while it starts.
    case beforeTraffic
    /// A pause of the program must not cost it its traffic. It is asked at its own interval, but
    /// once a second at least, as often as it is looked at.
    case withTraffic

    func attempts(of check: HealthCheck) -> Int {
        switch self {
        // Docker says so only after as many failures as it was told to wait for.
        case .withTraffic where check.isMadeByDocker: 1
        case .withTraffic, .beforeTraffic: max(check.fall, 1)
        }
    }

    func pause(of check: HealthCheck) -> Duration {
        switch self {
        case .beforeTraffic: check.startingInterval
        case .withTraffic: min(check.interval, .seconds(1))
        }
    }

    /// Docker does not know yet, since it was itself started anew and its containers with it.
    func waits(for failure: ProbeFailure) -> Bool {
        switch self {
        case .beforeTraffic: false
        case .withTraffic: if case .reported(.starting, _) = failure { true } else { false }
        }
    }
}

/// One look at a replica that was up before: it still runs, and its check still passes.
struct LivenessCheck: Sendable {
    private let ports: Ports
    let target: DeployedReplica

    init(_ ports: Ports, _ deployment: Deployment, _ container: PlannedReplica) {
        self.ports = ports
        target = DeployedReplica(
            ports, deployment.candidate, container, ranBefore: deployment.kind == .warmRollback)
    }

    /// - Returns: nil where the replica is as it should be before it gets traffic.
    func verify() async throws -> Failure? {
        try await trouble(with: try await target.look(), .beforeTraffic)
    }

    /// - Parameter container: what the engine says of it now.
    /// - Returns: nil where it is as it should be.
    /// - Throws: what the engine throws where it does not answer.
    func trouble(with container: Container?, _ patience: Patience) async throws -> Failure? {
        var container = container
        let check = target.check
        var left = check.map(patience.attempts) ?? 1
        while true {
            if let failure = try await absence(of: container) { return failure }
            guard let check, let now = container,
                case .failed(let reason) = try await ReplicaProbe(ports).probe(now, check),
                !patience.waits(for: reason)
            else { return nil }
            try Task.checkCancellation()
            left -= 1
            guard left > 0 else {
                // It may have ended since it was looked at, which tells more than its silence.
                let last = try await target.look(orElse: container)
                if let failure = try await absence(of: last) { return failure }
                return try await notAnyMore(now, check, reason, patience)
            }
            try await ports.clock.sleep(until: ports.clock.now + patience.pause(of: check))
            container = try await target.look()
        }
    }

    /// The same without a probe.
    func absence(of found: Container?) async throws -> Failure? {
        let container = try await betweenRuns(found)
        if let failure = try await target.ending(of: container) { return failure }
        switch container?.state {
        case .running, .exited: return nil
        case .restarting:
            return try await failure(container, "does not stay up: it is started again and again.")
        case .created:
            return try await failure(container, "does not run any more.")
        case .other(let word):
            return try await failure(
                container,
                "does not run any more: \(ports.engine.name) says \"\(word)\".")
        case nil:
            return try await failure(nil, "is gone: it has no container.")
        }
    }

    private static let looksBetweenRuns = 3

    /// One that ran before and ends now and then may be between two of its runs.
    private func betweenRuns(_ found: Container?) async throws -> Container? {
        var container = found
        for _ in 0..<Self.looksBetweenRuns where target.ranBefore {
            guard container?.state == .restarting else { break }
            try await ports.clock.sleep(until: ports.clock.now + .seconds(1))
            container = try await target.look()
        }
        return container
    }

    private func notAnyMore(
        _ container: Container, _ check: HealthCheck, _ reason: ProbeFailure, _ patience: Patience
    ) async throws -> Failure {
        let attempts = patience.attempts(of: check)
        let times = attempts > 1 ? " (\(attempts) times in a row)" : ""
        return try await failure(
            container,
            "was healthy and is not any more: \(check.subject(at: container.address)) "
                + "\(reason)\(times).")
    }

    private func failure(_ container: Container?, _ predicate: String) async throws -> Failure {
        try await target.failure(.unhealthy(target.replica), container, predicate)
    }
}
