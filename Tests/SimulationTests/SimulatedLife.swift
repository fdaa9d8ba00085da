import BlueGreen
import Orchestration
import TestSupport

/// A host's life under one seed: releases good and bad, rollbacks, faults, signals, power losses.
struct SimulatedLife {
    let seed: UInt64
    let host: SimulatedHost
    private let ports: Ports
    private let announcer: any Announcer
    private let wish: Wish
    private var random: SeededGenerator

    /// How the runs of this life ended, by outcome; runs that lost power are not in it.
    private(set) var outcomes: [Outcome: Int] = [:]
    /// The same of those that stopped the previous set first.
    private(set) var madeRoom: [Outcome: Int] = [:]
    /// How the runs ended that had a canary, by outcome.
    private(set) var canaries: [Outcome: Int] = [:]
    /// How often a breach took traffic back, and how often a deployment waited for a person.
    private(set) var breaches = 0
    private(set) var waits = 0

    init(seed: UInt64, flaw: SimulatedHost.Flaw? = nil) {
        self.seed = seed
        random = SeededGenerator(seed: ~seed)
        host = SimulatedHost(seed: seed)
        let simulated = SimulatedPorts(host: host)
        ports = simulated.ports
        announcer = simulated
        let needsReload = random.isOne(in: 2)
        let isSmall = random.isOne(in: 2)
        // A canary needs the live switch.
        let divides = !needsReload
        let room: [RoomPolicy] =
            isSmall ? [.stopFirst, .stopFirst, .stopFirst, .warn, .refuse] : [.refuse]
        let busy: [Duration] = [.zero, .zero, .seconds(2), .seconds(12), .seconds(1000)]
        wish = Wish(
            room: room.randomElement(using: &random) ?? .refuse,
            atMost: random.isOne(in: 3) ? .zero : .seconds(8), flaw: flaw,
            declaresMemory: !random.isOne(in: 4),
            hooks: random.isOne(in: 2) ? Self.hooks : Hooks(),
            bake: random.isOne(in: 2) ? Bake(duration: .seconds(5)) : .none,
            canary: divides ? Self.canary : Canary(),
            promotion: random.isOne(in: 3) ? .manual(within: .seconds(600)) : .auto)
        let hookFailures: UInt64? = random.isOne(in: 2) ? 4 : nil
        let busyAfterStart = busy.randomElement(using: &random) ?? .zero
        host.with { state in
            state.flaw = flaw
            state.needsReload = needsReload
            state.load.busyAfterStart = busyAfterStart
            state.hookFailureRate = hookFailures
            if isSmall { state.load.memory = .mebibytes(430) }
        }
    }

    private static let hooks = Hooks(
        beforeStart: [Hook(["login"]), Hook(["migrate"], in: .service("web"))],
        beforeSwitch: [Hook(["smoke"]), Hook(["warm"], in: .service("web"))],
        afterSwitch: [Hook(["purge"])], afterRetire: [Hook(["tell"])])

    private static let canary = Canary(
        steps: [Share(percent: 10), Share(percent: 50)], every: .seconds(4))

    /// What stands in the teal.yml of this life.
    private struct Wish {
        let room: RoomPolicy
        let atMost: Duration
        let flaw: SimulatedHost.Flaw?
        let declaresMemory: Bool
        let hooks: Hooks
        let bake: Bake
        let canary: Canary
        let promotion: Promotion

        func settings(previous: PreviousColour) -> DeploymentSettings {
            DeploymentSettings(
                startAtMost: atMost, room: room, previous: previous, releases: 3,
                hooks: hooks, bake: bake, canary: canary, promotion: promotion)
        }

        /// What a planted bug in the loop makes of it.
        func carriedOut(previous: PreviousColour) -> DeploymentSettings {
            DeploymentSettings(
                startPause: flaw == .skipsSettling ? .zero : .seconds(3),
                startAtMost: flaw == .skipsSettling
                    ? .zero : flaw == .waitsPastItsBound ? atMost + .seconds(5) : atMost,
                room: flaw == .startsWithoutRoom ? .warn : room, previous: previous, releases: 3,
                hooks: hooks, bake: bake, canary: canary, promotion: promotion)
        }
    }

    /// - Returns: what went against the invariants, each with the seed and the act it came after.
    mutating func live(runs: Int) async -> [String] {
        for number in 1...runs {
            let (faults, losses) = (random.isOne(in: 2), random.isOne(in: 2))
            let isSilent = random.isOne(in: 2)
            let acts = host.with { state in
                state.silentReloadRate = isSilent ? 8 : nil
                state.faultRate = faults ? 15 : nil
                state.powerLossRate = losses ? 25 : nil
                return state.acts
            }
            await run(number)
            if random.isOne(in: 3) { await recoverInTrouble() }
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
        let signalIn = random.isOne(in: 6) ? Int(random.next() % 60) + 1 : nil
        do {
            let superseded = Recovery.Waiting.answer(.abort(reason: "A new run began."))
            if let ended = try await takenUp(superseded) { judge(ended) }
            let act = try chooseAct(number)
            // Not before: what is recovered until here is held against the rule of its own day.
            host.with { state in
                state.interruption = interruption
                state.signalIn = signalIn
                state.rest.rule = act.rule
            }
            let deployer = AppDeployer(ports, announcer: announcer, interruption: interruption)
            switch act {
            case .deploy(let wish, _): judge(try await deployer.deploy(wish))
            case .rollBack(let settings, _):
                judge(try await deployer.rollBack(to: nil, settings: settings))
            }
        } catch is OrchestrationError {
            // There is nothing to go back to: a refusal is no run.
        } catch {
            // Power was lost, or the store failed: the next run takes it up.
        }
        host.with { $0.signalIn = nil }
    }

    /// The next run is troubled too, or has its power cut.
    private mutating func recoverInTrouble() async {
        host.with { $0.isPowered = true }
        do {
            let recovered = try await takenUp(choose())
            if let recovered { judge(recovered) }
        } catch {
            // The one after it takes it up.
        }
    }

    /// What a run is asked to do, and the rule for the host's rests that it is held against.
    private enum Act {
        case deploy(ReleaseWish, rule: DeploymentSettings)
        case rollBack(DeploymentSettings, rule: DeploymentSettings)

        var rule: DeploymentSettings {
            switch self {
            case .deploy(_, let rule), .rollBack(_, let rule): rule
            }
        }
    }

    private mutating func chooseAct(_ number: Int) throws -> Act {
        let previous = PreviousColour.allCases.randomElement(using: &random) ?? .running
        let settings = wish.carriedOut(previous: previous)
        let rule = wish.settings(previous: previous)
        if try ports.router.liveColour() != nil, random.isOne(in: 3) {
            return .rollBack(settings, rule: rule)
        }
        let services = chooseServices()
        let release = ReleaseID(at: ports.clock.now, entropy: UInt16(number))
        let quality =
            random.isOne(in: 2)
            ? .good
            : (SimulatedHost.Quality.allCases + [.faulty, .faulty])
                .randomElement(using: &random) ?? .good
        host.with { state in
            state.drafted = services
            state.quality[release] = quality
        }
        return .deploy(ReleaseWish(id: release, settings: settings), rule: rule)
    }

    /// The worker is new, gone, an ordinary service or a singleton, from release to release.
    private mutating func chooseServices() -> [PlannedService] {
        func memory(_ megabytes: Int64) -> ByteCount? {
            wish.declaresMemory ? .mebibytes(megabytes) : nil
        }
        let roles: [ServiceRole?] = [.singleton, .singleton, .singleton, .internal, nil]
        var services = [PlannedService(name: "api", role: .internal, memory: memory(40))]
        if let role = roles.randomElement(using: &random) ?? nil {
            services.append(PlannedService(name: "worker", role: role, memory: memory(30)))
        }
        if random.isOne(in: 4) {
            services.append(PlannedService(name: "timer", role: .singleton, memory: memory(10)))
        }
        let check = HealthCheck(
            method: .tcp(port: 80), interval: .seconds(1), deadline: .seconds(60))
        return services + [
            PlannedService(
                name: "web", role: .exposed, replicas: random.isOne(in: 2) ? 2 : 1, port: 80,
                healthCheck: check, memory: memory(60))
        ]
    }

    /// A new process knows nothing of when a container was started last.
    private func takenUp(
        _ waiting: Recovery.Waiting = .leave
    ) async throws -> Deployment? {
        host.with { $0.rest.isOver() }
        let deployer = AppDeployer(ports, announcer: announcer, interruption: Interruption())
        return try await deployer.takeUp(waiting)
    }

    /// A person says what becomes of what waits, or nobody does until it is too late.
    private mutating func choose() -> Recovery.Waiting {
        switch random.next() % 4 {
        case 0: return .answer(.promote)
        case 1: return .answer(.abort(reason: "It is not wanted."))
        case 2:
            host.with { $0.now = $0.now + .seconds(700) }
            return .leave
        default: return .leave
        }
    }

    /// Power is back, nothing fails any more: whatever happened before, one more run ends it.
    private mutating func recoverInPeace() async {
        host.with { state in
            state.isPowered = true
            state.faultRate = nil
            state.powerLossRate = nil
            state.silentReloadRate = nil
        }
        do {
            let recovered = try await takenUp(choose())
            if let recovered { judge(recovered) }
            if recovered?.outcome == .unknown { violate("recovery ended without knowing") }
            if let open = try await ports.store.unfinished(), open.waitsUntil == nil {
                violate("a run is still unfinished")
            }
            try await checkReleases()
            if host.with({ $0.canaryRouted }) != nil { violate("a canary has no end") }
            repairWhatAPersonMust()
            host.with { state in
                if state.mustServe, state.routed == nil { state.violations.append("nobody serves") }
            }
        } catch {
            violate("recovery itself failed: \(error)")
        }
    }

    /// A release that never kept traffic is forgotten, and pushes none out that did.
    private func checkReleases() async throws {
        let known = Set(try await ports.store.releases().map(\.id))
        let past = try await ports.store.deployments(limit: 100)
        if let bringer = past.first(where: { $0.outcome == .promoted }) {
            let ends = [bringer.candidate.release, bringer.previous?.release].compactMap(\.self)
            for end in ends where !known.contains(end) { violate("\(end) was pushed out") }
        }
        for ended in past where host.with({ $0.announced[ended.number] }) == ended.outcome {
            let isForgotten = ended.outcome == .aborted || ended.outcome == .rolledBack
            if ended.kind == .deploy, isForgotten, known.contains(ended.candidate.release) {
                violate("\(ended.candidate.release) never kept traffic and is kept")
            }
        }
    }

    /// An outcome that says it does not know asks for a person, who starts what does not run.
    private func repairWhatAPersonMust() {
        host.with { state in
            guard state.current?.outcome == .unknown, let live = state.routed,
                !state.serves(live)
            else { return }
            for index in state.containers.indices
            where state.containers[index].colour == live
                && state.containers[index].service.role != .singleton
            {
                state.containers[index].start(at: Timestamp(milliseconds: 0))
            }
        }
    }

    private mutating func judge(_ ended: Deployment) {
        if let outcome = ended.outcome { outcomes[outcome, default: 0] += 1 }
        if ended.facts.has(.madeRoom), let outcome = ended.outcome {
            madeRoom[outcome, default: 0] += 1
        }
        if ended.facts.has(.diverted), let outcome = ended.outcome {
            canaries[outcome, default: 0] += 1
        }
        judgeWatch(of: ended)
        let live = host.with { $0.mustServe ? $0.routed : $0.live }
        switch ended.outcome {
        case .promoted where live != ended.candidate.colour:
            violate("promoted, but traffic is not on the candidate")
        case .aborted where live != ended.previous?.colour:
            violate("aborted, but traffic is not where it was")
        case .rolledBack where live != ended.previous?.colour:
            violate("rolled back, but traffic is not where it was")
        case .promoted:
            let singletons = ended.services.filter { $0.role == .singleton }.map(\.name)
            host.with { $0.checkSingletonsRun(singletons, in: ended.candidate.colour) }
        case .aborted, .rolledBack:
            guard let live else { return }
            // What could not be given back was said.
            if ended.warnings.contains(where: \.isOfAFailure) { return }
            host.with { state in
                state.checkSingletonsRun(state.owed, in: live)
                if !state.serves(live) { state.violations.append("\(live) was left in pieces") }
            }
        case nil where ended.waitsUntil != nil:
            waits += 1
        case nil:
            violate("a run ended without an outcome")
        case .unknown:
            break
        }
    }

    /// What does badly goes back, what does well stays, and what goes back is not watched.
    private mutating func judgeWatch(of ended: Deployment) {
        let isFaulty = host.with { $0.quality[ended.candidate.release] == .faulty }
        let isBreach = ended.failure?.cause == .breach
        if isBreach { breaches += 1 }
        if isBreach, !isFaulty { violate("a good release lost its traffic") }
        if ended.kind != .deploy, !ended.facts.observed.isEmpty {
            violate("a rollback was watched")
        }
        let sawAll = !ended.warnings.contains(where: \.keptFromSeeing)
        let wasBaked = ended.facts.observed.contains { $0.stage == .bake && $0.candidate != nil }
        if ended.outcome == .promoted, isFaulty, sawAll, wasBaked {
            violate("a release that answers with errors was kept")
        }
    }

    private func violate(_ what: String) {
        host.with { $0.violations.append(what) }
    }
}

extension Warning {
    /// What failed, or could not be looked at, was said.
    fileprivate var isOfAFailure: Bool {
        switch cause {
        case .failure, .observation: true
        case .act, .unsettled, .room, .signal: false
        }
    }

    fileprivate var keptFromSeeing: Bool {
        switch cause {
        case .failure, .observation, .signal: true
        case .act, .unsettled, .room: false
        }
    }
}
