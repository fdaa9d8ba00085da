import BlueGreen
import Orchestration
import TestSupport

/// A host's life under one seed: releases good and bad, rollbacks, faults, signals, power losses.
struct SimulatedLife {
    let seed: UInt64
    let host: SimulatedHost
    private let ports: Ports
    private let announcer: any Announcer
    private let judge: SimulatedJudge
    private let wish: SimulatedWish
    /// Whether containers of somebody else come by; the other lives are the same without.
    private var isCrowded: Bool { seed % 11 == 0 }
    private var random: SeededGenerator
    /// What befalls the host beside the runs.
    private var accidents: SeededGenerator
    /// What keeps nginx from a colour.
    private var walls: SeededGenerator
    /// Whose disk is full for a whole rollback, which then leaves no record.
    private var disks: SeededGenerator
    /// Who moves the link by hand.
    private var persons: SeededGenerator
    private var mistakes: SeededGenerator
    /// Which releases are gone back to.
    private var targets: SeededGenerator
    private(set) var tally = SimulatedTally()

    init(seed: UInt64, flaw: SimulatedHost.Flaw? = nil) {
        self.seed = seed
        random = SeededGenerator(seed: ~seed)
        accidents = SeededGenerator(seed: seed &+ 0x11_4e_4b)
        walls = SeededGenerator(seed: seed &+ 0x3a_11)
        disks = SeededGenerator(seed: seed &+ 0xd1_5c)
        persons = SeededGenerator(seed: seed &+ 0x4a_4d)
        mistakes = SeededGenerator(seed: seed &+ 0x4d_15)
        targets = SeededGenerator(seed: seed &+ 0x7a_67)
        host = SimulatedHost(seed: seed)
        let simulated = SimulatedPorts(host: host)
        ports = simulated.ports
        announcer = simulated
        judge = SimulatedJudge(host: host)
        let needsReload = random.isOne(in: 2)
        let isSmall = random.isOne(in: 2)
        wish = SimulatedWish(
            isSmall: isSmall, canDivide: !needsReload, flaw: flaw, random: &random)
        let hookFailures: UInt64? = random.isOne(in: 2) ? 4 : nil
        let busy: [Duration] = [.zero, .zero, .seconds(2), .seconds(12), .seconds(1000)]
        let busyAfterStart = busy.randomElement(using: &random) ?? .zero
        host.with { state in
            state.flaw = flaw
            state.needsReload = needsReload
            state.load.busyAfterStart = busyAfterStart
            state.hookFailureRate = hookFailures
            if isSmall { state.load.memory = .mebibytes(430) }
        }
    }

    /// - Returns: what went against the invariants, each with the seed and the act it came after.
    mutating func live(runs: Int) async -> [String] {
        for number in 1...runs {
            let (faults, losses) = (random.isOne(in: 2), random.isOne(in: 2))
            let isSilent = random.isOne(in: 2)
            // Together they would let no deployment come far.
            let (fills, dies, freezes) = (
                random.isOne(in: 6), random.isOne(in: 8), random.isOne(in: 8)
            )
            let acts = host.with { state in
                state.silentReloadRate = isSilent ? 8 : nil
                state.faultRate = faults ? 15 : nil
                state.powerLossRate = losses ? 25 : nil
                state.trouble.fillRate = fills ? 12 : nil
                state.trouble.nginxRate = dies ? 20 : nil
                state.trouble.engineRate = freezes ? 60 : nil
                state.strangers.rate = isCrowded ? 30 : nil
                if number % 2 == 1 { state.strangers.leave() }
                return state.acts
            }
            loseLinkAtTimes()
            moveLinkAtTimes()
            await run(number)
            loseLinkAtTimes()
            moveLinkAtTimes()
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
            // Each verb takes up by itself what it finds, and a rollback does so in its own way.
            if !targets.isOne(in: 3), let ended = try await takenUp(superseded) { note(ended) }
            host.with { $0.rest.isOver() }
            let act = try await chooseAct(number)
            wallOffAtTimes()
            // Not before: what is recovered until here is held against the rule of its own day.
            host.with { state in
                state.interruption = interruption
                state.signalIn = signalIn
                state.rest.rule = act.rule
            }
            let deployer = AppDeployer(ports, announcer: announcer, interruption: interruption)
            switch act {
            case .deploy(let wish, _):
                if disks.isOne(in: 5) { host.with { $0.trouble.fillAtSwitch() } }
                note(try await deployer.deploy(wish))
            case .rollBack(let settings, _):
                if disks.isOne(in: 4) { host.with { $0.trouble.fill() } }
                let target = try await chooseTarget()
                note(try await deployer.rollBack(to: target, settings: settings))
            }
        } catch is OrchestrationError {
            // There is nothing to go back to: a refusal is no run.
        } catch {
            // Power was lost, or the store failed: the next run takes it up.
        }
        host.with { $0.signalIn = nil }
    }

    /// nil for the release that had traffic before.
    private mutating func chooseTarget() async throws -> String? {
        guard targets.isOne(in: 3) else { return nil }
        let known = try await ports.store.releases().map(\.id.text).sorted()
        return known.randomElement(using: &targets)
    }

    /// Only the colour without traffic: nothing could keep visitors from the other one.
    private mutating func wallOffAtTimes() {
        let isWalled = walls.isOne(in: 8)
        host.with { state in
            state.walledOff = isWalled && !state.isLinkLost ? (state.live ?? .green).other : nil
        }
    }

    private mutating func loseLinkAtTimes() {
        if accidents.isOne(in: 6) { host.with { $0.loseLink() } }
    }

    private mutating func moveLinkAtTimes() {
        let moves = persons.isOne(in: 8)
        let rate: UInt64? = persons.isOne(in: 4) ? 6 : nil
        let loss: UInt64? = accidents.isOne(in: 6) ? 30 : nil
        let mistake: UInt64? = mistakes.isOne(in: 6) ? 10 : nil
        host.with { state in
            state.isUnderWay = false
            state.moveRate = rate
            state.lossRate = loss
            state.mistakeRate = mistake
            if moves { state.moveLink() }
        }
    }

    /// The next run is troubled too, or has its power cut.
    private mutating func recoverInTrouble() async {
        host.with { state in
            state.isPowered = true
            state.isUnderWay = false
        }
        do {
            let recovered = try await takenUp(choose())
            if let recovered { note(recovered) }
        } catch {
            // The one after it takes it up.
        }
    }

    /// The task of a run, and the rule for the host's rests that it is held against.
    private enum Act {
        case deploy(ReleaseWish, rule: DeploymentSettings)
        case rollBack(DeploymentSettings, rule: DeploymentSettings)

        var rule: DeploymentSettings {
            switch self {
            case .deploy(_, let rule), .rollBack(_, let rule): rule
            }
        }
    }

    private mutating func chooseAct(_ number: Int) async throws -> Act {
        let previous = PreviousColour.allCases.randomElement(using: &random) ?? .running
        let settings = wish.carriedOut(previous: previous)
        let rule = wish.settings(previous: previous)
        if try await ports.router.liveColour() != nil, random.isOne(in: 3) {
            return .rollBack(settings, rule: rule)
        }
        let services = wish.services(&random)
        let release = ReleaseID(at: ports.clock.now, entropy: UInt16(number))
        let quality =
            random.isOne(in: 2)
            ? .good
            : (SimulatedHost.Quality.allCases + [.faulty, .faulty])
                .randomElement(using: &random) ?? .good
        let appetite =
            random.isOne(in: 4) ? Appetite.allCases.randomElement(using: &random) : .modest
        host.with { state in
            state.drafted = services
            state.quality[release] = quality
            state.appetites[release] = appetite
        }
        return .deploy(ReleaseWish(id: release, settings: settings), rule: rule)
    }

    /// A new process knows nothing of when a container was started last.
    private func takenUp(
        _ waiting: Recovery.Waiting = .leave
    ) async throws -> Deployment? {
        host.with { $0.rest.isOver() }
        let deployer = AppDeployer(ports, announcer: announcer, interruption: Interruption())
        let taken = try await deployer.takeUp(waiting)
        if let found = taken.found, taken.left.isEmpty {
            let singletons = found.services.filter { $0.role == .singleton }.map(\.name)
            host.with { $0.checkSingletonsRun(singletons, in: found.candidate.colour) }
        }
        return taken.deployment
    }

    /// One who makes the link that nobody else can tell.
    private func takenUpByAPerson(_ waiting: Recovery.Waiting) async throws -> Deployment? {
        do {
            return try await takenUp(waiting)
        } catch OrchestrationError.untoldLink {
            host.with { $0.isLinkLost = false }
            return try await takenUp(waiting)
        }
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
            state.lossRate = nil
            state.mistakeRate = nil
            state.powerLossRate = nil
            state.silentReloadRate = nil
            state.walledOff = nil
            let now = state.now
            state.trouble.end(at: now)
            state.strangers.rate = nil
        }
        do {
            let recovered = try await takenUpByAPerson(choose())
            if let recovered { note(recovered) }
            if recovered?.outcome == .unknown { judge.violate("recovery ended without knowing") }
            if let open = try await ports.store.unfinished(), open.waitsUntil == nil {
                judge.violate("a run is still unfinished")
            }
            try await judge.checkReleases(of: ports.store)
            try await judge.checkOwedWork(of: ports.store)
            try await judge.checkRecord(of: ports.store)
            judge.checkEvidence()
            if host.with({ $0.canaryRouted }) != nil { judge.violate("a canary has no end") }
            repairWhatAPersonMust()
            host.with { state in
                if state.mustServe, state.routed == nil { state.violations.append("nobody serves") }
            }
        } catch {
            judge.violate("recovery itself failed: \(error)")
        }
    }

    private mutating func note(_ ended: Deployment) {
        // The process that would tell this has died on its way.
        guard host.with({ $0.isPowered }) else { return }
        tally.count(ended)
        judge.judge(ended)
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
}
