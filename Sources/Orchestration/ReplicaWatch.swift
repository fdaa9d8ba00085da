import BlueGreen

/// Probes one replica and looks at its container, which may end while a probe still waits.
struct ReplicaWatch: Sendable {
    /// A one-shot service has no check that could say how long it may take.
    private static let oneShotDeadline = Duration.seconds(600)
    /// How often the engine is asked whether the container still runs; one call costs 1 to 3 ms.
    private static let lookInterval = Duration.milliseconds(250)
    /// A container that its own restart policy starts again is given up at this count.
    private static let restartLimit = 3
    static let logLines = 20

    private let ports: Ports
    private let placement: Placement
    let service: PlannedService
    let replica: Replica

    init(_ ports: Ports, _ placement: Placement, _ container: PlannedReplica) {
        self.ports = ports
        self.placement = placement
        service = container.service
        replica = container.replica
    }

    /// - Returns: nil once the replica is up.
    func awaitUp() async throws -> Failure? {
        let began = ports.clock.now
        guard let check = service.healthCheck, !service.isOneShot else {
            return try await awaitRunningOrDone(since: began)
        }
        var gate = HealthGate(check: check, since: began)
        var container = try await look()
        var lookedAt = began
        var reason: ProbeFailure?
        while true {
            if let failure = try await ending(of: container, check) { return failure }
            let result = await probe(container, check)
            try Task.checkCancellation()
            gate.record(result, at: ports.clock.now)
            switch gate.verdict {
            case .healthy: return nil
            case .unhealthy: return try await neverHealthy(container, check, gate)
            case .undecided: break
            }
            if case .failed(let failure) = result, failure != reason {
                reason = failure
                ports.reporter.report(.waiting(for: replica, failure))
            }
            try await ports.clock.sleep(until: gate.nextProbe(after: ports.clock.now))
            if check.method == .docker || ports.clock.now - lookedAt >= Self.lookInterval {
                container = try await look()
                lookedAt = ports.clock.now
            }
        }
    }

    /// A service without a check is up when it runs, or when it has done its work.
    private func awaitRunningOrDone(since began: Timestamp) async throws -> Failure? {
        while true {
            let container = try await look()
            if let failure = try await ending(of: container, nil) { return failure }
            switch container?.state {
            case .exited: return nil
            case .running where !service.isOneShot: return nil
            case .running, .created, .restarting, .other, nil: break
            }
            guard ports.clock.now - began < Self.oneShotDeadline else {
                return try await failure(
                    .unhealthy(replica), container,
                    "did not \(service.isOneShot ? "finish" : "start") in "
                        + Self.oneShotDeadline.text + ".")
            }
            try await ports.clock.sleep(until: ports.clock.now + .milliseconds(50))
        }
    }

    /// One look at a replica that was up before: it still runs, and its check still passes.
    ///
    /// - Parameter container: what the engine says of it now.
    /// - Returns: nil where it is as it should be.
    /// - Throws: what the engine throws where it does not answer.
    func trouble(with container: Container?, _ patience: Patience) async throws -> Failure? {
        var container = container
        let check = service.isOneShot ? nil : service.healthCheck
        var left = check.map(patience.attempts) ?? 1
        while true {
            if let failure = try await absence(of: container) { return failure }
            guard let check, let now = container,
                case .failed(let reason) = try await attempt(now, check),
                !patience.waits(for: reason, of: check)
            else { return nil }
            try Task.checkCancellation()
            left -= 1
            guard left > 0 else { return try await notAnyMore(now, check, reason, patience) }
            try await ports.clock.sleep(until: ports.clock.now + patience.pause(of: check))
            container = try await look()
        }
    }

    /// The same without a probe.
    func absence(of container: Container?) async throws -> Failure? {
        let check = service.isOneShot ? nil : service.healthCheck
        if let failure = try await ending(of: container, check) { return failure }
        switch container?.state {
        case .running, .restarting, .exited: return nil
        case .created:
            return try await failure(.unhealthy(replica), container, "does not run any more.")
        case .other(let word):
            return try await failure(
                .unhealthy(replica), container,
                "does not run any more: \(ports.engine.name) says \"\(word)\".")
        case nil:
            return try await failure(.unhealthy(replica), nil, "is gone: it has no container.")
        }
    }

    private func look() async throws -> Container? {
        container(among: try await ports.engine.containers())
    }

    func container(among all: [Container]) -> Container? {
        all.first { container in
            guard container.replica == replica else { return false }
            return service.role == .shared
                ? container.role == .shared : container.placement == placement
        }
    }

    /// While it starts, whatever is amiss may be well the next time.
    private func probe(_ container: Container?, _ check: HealthCheck) async -> ProbeResult {
        guard let container else { return .failed(.engine("no container")) }
        do {
            return try await attempt(container, check)
        } catch {
            return .failed(.other("\(error)"))
        }
    }

    private func attempt(
        _ container: Container, _ check: HealthCheck
    ) async throws -> ProbeResult {
        switch check.method {
        case .http, .tcp:
            guard let address = container.address else { return .failed(.engine("no address")) }
            return await ports.probe.probe(check, at: address)
        case .command(let command):
            return try await ports.engine.execute(command, in: container, timeout: check.timeout)
        case .docker:
            guard let health = container.health else { return .failed(.engine("no HEALTHCHECK")) }
            return health == "healthy" ? .passed : .failed(.engine(health))
        }
    }

    /// A container that has ended tells more than any probe of it.
    private func ending(
        of container: Container?, _ check: HealthCheck?
    ) async throws -> Failure? {
        guard let container else { return nil }
        switch container.state {
        case .exited(let code, let outOfMemory):
            if code == 0, check == nil { return nil }
            let cause = outOfMemory ? ", killed for want of memory" : ""
            return try await failure(
                .exited(replica, code: code), container, "ended with exit code \(code)\(cause).")
        case .restarting, .running:
            guard container.restarts >= Self.restartLimit else { return nil }
            return try await failure(
                .unhealthy(replica), container,
                "was restarted \(container.restarts) times and does not stay up.")
        case .created, .other:
            return nil
        }
    }

    private func neverHealthy(
        _ container: Container?, _ check: HealthCheck, _ gate: HealthGate
    ) async throws -> Failure {
        var message = "did not become healthy in \(check.deadline.text): "
        message += subject(of: check, container)
        message += " \(gate.lastFailure ?? .noAnswer) (\(gate.failures) times)."
        if gate.lastFailure == .refused, let port = check.port, let container {
            let listening = try await ports.engine.listeningPorts(of: container)
            message += " teal.yml expects port \(port); the container listens on "
            message +=
                listening.isEmpty
                ? "none." : listening.map(String.init).joined(separator: ", ") + "."
        }
        return try await failure(.unhealthy(replica), container, message)
    }

    private func notAnyMore(
        _ container: Container, _ check: HealthCheck, _ reason: ProbeFailure, _ patience: Patience
    ) async throws -> Failure {
        let attempts = patience.attempts(of: check)
        let times = attempts > 1 ? " (\(attempts) times in a row)" : ""
        return try await failure(
            .unhealthy(replica), container,
            "was healthy and is not any more: \(subject(of: check, container)) \(reason)\(times).")
    }

    private func subject(of check: HealthCheck, _ container: Container?) -> String {
        let place = "\(container?.address ?? "?"):\(check.port ?? 0)"
        switch check.method {
        case .http(let path, _, _): return "GET http://\(place)\(path)"
        case .tcp: return "TCP \(place)"
        case .command(let command): return "`\(command.joined(separator: " "))`"
        case .docker: return "its HEALTHCHECK"
        }
    }

    /// - Parameter predicate: what is to be said of the replica.
    func failure(
        _ cause: Failure.Cause, _ container: Container?, _ predicate: String
    ) async throws -> Failure {
        var lines: [String] = []
        do {
            if let container {
                lines = try await ports.engine.logs(of: container, lines: Self.logLines)
            }
        } catch let error where !(error is CancellationError) {
            // What went wrong is worth more than what the container said of it.
            lines = []
        }
        let name = service.role == .shared ? "\(replica)" : "\(placement.colour) \(replica)"
        return Failure(cause, "\(name) \(predicate)", logLines: lines)
    }
}
