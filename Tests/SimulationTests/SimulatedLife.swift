import BlueGreen
import Orchestration
import TestSupport

/// A host's life under one seed: releases good and bad, rollbacks, faults, signals, power losses.
struct SimulatedLife {
    let seed: UInt64
    let host: SimulatedHost
    private let ports: Ports
    private var random: SeededGenerator

    /// How the runs of this life ended, by outcome; runs that lost power are not in it.
    private(set) var outcomes: [Outcome: Int] = [:]

    init(seed: UInt64, flaw: SimulatedHost.Flaw? = nil) {
        self.seed = seed
        random = SeededGenerator(seed: ~seed)
        host = SimulatedHost(seed: seed)
        ports = SimulatedPorts(host: host).ports
        let needsReload = random.isOne(in: 2)
        host.with { state in
            state.flaw = flaw
            state.needsReload = needsReload
        }
    }

    /// - Returns: what went against the invariants, each with the seed and the act it came after.
    mutating func live(runs: Int) async -> [String] {
        for number in 1...runs {
            let (faults, losses) = (random.isOne(in: 2), random.isOne(in: 2))
            let acts = host.with { state in
                state.faultRate = faults ? 15 : nil
                state.powerLossRate = losses ? 25 : nil
                return state.acts
            }
            await run(number)
            await recoverInPeace()
            let violations = host.with { $0.violations }
            if !violations.isEmpty {
                return violations.map { "seed \(seed), run \(number), acts from \(acts): \($0)" }
            }
        }
        return []
    }

    private mutating func run(_ number: Int) async {
        let interruption = Interruption()
        if random.isOne(in: 6) { await interruption.receive("SIGTERM") }
        do {
            _ = try await Recovery(ports, interruption: Interruption()).recover()
            let situation = try await Situation.observe(ports)
            let request = try await chooseRequest(situation, number)
            let deployment = Deployment(request, at: ports.clock.now)
            let ended = try await Orchestrator(ports, interruption: interruption).run(deployment)
            judge(ended)
        } catch is OrchestrationError {
            // There is nothing to go back to: a refusal is no run.
        } catch {
            // Power was lost, or the store failed: the next run takes it up.
        }
    }

    private mutating func chooseRequest(
        _ situation: Situation, _ number: Int
    ) async throws -> Deployment.Request {
        let previous = PreviousColour.allCases.randomElement(using: &random) ?? .running
        let settings = DeploymentSettings(previous: previous, releases: 3)
        if situation.live != nil, random.isOne(in: 3) {
            return try situation.rollback(to: nil, settings: settings)
        }
        let check = HealthCheck(
            method: .tcp, port: 80, interval: .seconds(1), deadline: .seconds(60))
        let services = [
            PlannedService(name: "api", role: .internal),
            PlannedService(
                name: "web", role: .exposed, replicas: random.isOne(in: 2) ? 2 : 1, port: 80,
                healthCheck: check),
        ]
        let release = Release(
            id: ReleaseID(at: ports.clock.now, entropy: UInt16(number)), label: nil,
            createdAt: ports.clock.now, services: services)
        let quality =
            random.isOne(in: 2)
            ? .good : SimulatedHost.Quality.allCases.randomElement(using: &random) ?? .good
        host.with { $0.quality[release.id] = quality }
        try await ports.store.save(release)
        return situation.deploy(release, settings: settings)
    }

    /// Power is back, nothing fails any more: whatever happened before, one more run ends it.
    private mutating func recoverInPeace() async {
        host.with { state in
            state.isPowered = true
            state.faultRate = nil
            state.powerLossRate = nil
        }
        do {
            let recovered = try await Recovery(ports, interruption: Interruption()).recover()
            if let recovered { judge(recovered) }
            if recovered?.outcome == .unknown { violate("recovery ended without knowing") }
            if try await ports.store.unfinished() != nil { violate("a run is still unfinished") }
        } catch {
            violate("recovery itself failed: \(error)")
        }
    }

    private mutating func judge(_ ended: Deployment) {
        if let outcome = ended.outcome { outcomes[outcome, default: 0] += 1 }
        let live = host.with { $0.routed }
        switch ended.outcome {
        case .promoted where live != ended.candidate.colour:
            violate("promoted, but traffic is not on the candidate")
        case .aborted where live != ended.previous?.colour:
            violate("aborted, but traffic is not where it was")
        case .rolledBack where live != ended.previous?.colour:
            violate("rolled back, but traffic is not where it was")
        case nil:
            violate("a run ended without an outcome")
        case .promoted, .aborted, .rolledBack, .unknown:
            break
        }
    }

    private func violate(_ what: String) {
        host.with { $0.violations.append(what) }
    }
}
