import BlueGreen

/// Probes one replica and looks at its container, which may end while a probe still waits.
struct ReplicaWatch: Sendable {
    /// A one-shot service has no check that could say how long it may take.
    private static let oneShotDeadline = Duration.seconds(600)
    /// How often the engine is asked whether the container still runs; one call costs 1 to 3 ms.
    private static let lookInterval = Duration.milliseconds(250)
    /// A container that its own restart policy starts again is given up at this count.
    private static let restartLimit = 3
    private static let logLines = 20

    private let ports: Ports
    private let placement: Placement
    private let service: PlannedService
    private let replica: Replica

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

    func verify() async throws -> Failure? {
        let container = try await look()
        let check = service.isOneShot ? nil : service.healthCheck
        if let failure = try await ending(of: container, check) { return failure }
        guard let container else {
            return try await failure(.unhealthy(replica), nil, "is gone: it has no container.")
        }
        guard let check else { return nil }
        var last = ProbeFailure.noAnswer
        for _ in 1...max(check.fall, 1) {
            switch await probe(container, check) {
            case .passed: return nil
            case .failed(let failure): last = failure
            }
            try await ports.clock.sleep(until: ports.clock.now + check.startingInterval)
        }
        return try await failure(
            .unhealthy(replica), container,
            "was healthy and is not any more: \(subject(of: check, container)) \(last).")
    }

    private func look() async throws -> Container? {
        try await ports.engine.containers().first { container in
            guard container.replica == replica else { return false }
            return service.role == .shared
                ? container.role == .shared : container.placement == placement
        }
    }

    private func probe(_ container: Container?, _ check: HealthCheck) async -> ProbeResult {
        guard let container else { return .failed(.engine("no container")) }
        switch check.method {
        case .http, .tcp:
            guard let address = container.address else { return .failed(.engine("no address")) }
            return await ports.probe.probe(check, at: address)
        case .command(let command):
            do {
                return try await ports.engine.execute(
                    command, in: container, timeout: check.timeout)
            } catch {
                return .failed(.other("\(error)"))
            }
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

    private func subject(of check: HealthCheck, _ container: Container?) -> String {
        let place = "\(container?.address ?? "?"):\(check.port ?? 0)"
        switch check.method {
        case .http(let path, _, _): return "GET http://\(place)\(path)"
        case .tcp: return "TCP \(place)"
        case .command(let command): return "`\(command.joined(separator: " "))`"
        case .docker: return "its HEALTHCHECK"
        }
    }

    private func failure(
        _ cause: Failure.Cause, _ container: Container?, _ predicate: String
    ) async throws -> Failure {
        let lines: [String]
        if let container {
            lines = try await ports.engine.logs(of: container, lines: Self.logLines)
        } else {
            lines = []
        }
        let name = service.role == .shared ? "\(replica)" : "\(placement.colour) \(replica)"
        return Failure(cause, "\(name) \(predicate)", logLines: lines)
    }
}
