import BlueGreen
import DockerSwarm
import Orchestration
import TestSupport

/// The life of an app on three nodes under one seed: deployments, rollbacks, nodes that are cut off,
/// freeze or boot, word that is lost, and deploying processes that die.
struct SwarmLife {
    let seed: UInt64
    let host: SimulatedHost
    let swarm: SimulatedSwarm
    private let absent: AbsentEdges
    private let folder: TemporaryFolder
    private var random: SeededGenerator
    private(set) var tally = SimulatedTally()

    init(seed: UInt64, in folder: TemporaryFolder, flaw: SimulatedSwarm.Flaw? = nil) {
        self.seed = seed
        self.folder = folder
        random = SeededGenerator(seed: seed &+ 0x11_fe)
        absent = random.isOne(in: 2) ? .refused : .passedOver
        host = SimulatedHost(seed: seed)
        swarm = SimulatedSwarm(seed: seed, host: host, folder: folder, flaw: flaw)
    }

    static func edges(_ absent: AbsentEdges) -> SwarmEdges.Settings {
        var settings = SwarmEdges.Settings(
            site: EdgeState.Site(
                app: "shop", services: ["web"], mode: .reload, directory: "/etc/nginx/teal",
                binary: nil, config: nil, status: nil, trustedProxies: []),
            image: "teal-edge:1", patience: .seconds(15))
        settings.absent = absent
        return settings
    }

    /// - Returns: what went against the invariants, each with the seed and the run.
    mutating func live(runs: Int) async -> [String] {
        for number in 1...runs {
            beginTrouble()
            await run(number)
            if random.isOne(in: 2) { await recoverInTrouble() }
            await recoverInPeace()
            await rebootInPeace()
            let violations = host.with { $0.violations }
            if !violations.isEmpty {
                return violations.map { "seed \(seed), run \(number): \($0)" }
            }
        }
        return []
    }

    /// Another process each time, with a claim of its own on the edges.
    private func ports() -> (ports: Ports, deployer: AppDeployer, edges: SwarmEdges) {
        var simulated = SimulatedPorts(host: host)
        let clock = SwarmClock(swarm: swarm, ports: simulated)
        let edges = SwarmEdges(
            Self.edges(absent), api: SimulatedManagers(swarm, .deployer), clock: clock)
        if swarm.with({ $0.flaw != .asksNoEdge }) {
            simulated.refuseHeld = { try await edges.refuseHeld($0) }
        }
        let ports = Ports(
            engine: simulated, source: simulated, router: edges, edge: edges,
            observer: SwarmObserver(edges), probe: simulated, store: simulated, gauge: simulated,
            clock: clock, reporter: simulated,
            hooks: HookRunners(host: simulated, services: simulated))
        host.with { state in
            state.isPowered = true
            state.rest.isOver()
        }
        let deployer = AppDeployer(ports, announcer: simulated, interruption: Interruption())
        return (ports, deployer, edges)
    }

    // MARK: Trouble

    private mutating func beginTrouble() {
        let faults = random.isOne(in: 3)
        host.with { $0.faultRate = faults ? 120 : nil }
        let (loses, elects, refuses, isSilent, isSlow, strikes, dies) = (
            random.isOne(in: 3), random.isOne(in: 5), random.isOne(in: 3), random.isOne(in: 3),
            random.isOne(in: 3), !random.isOne(in: 3), random.isOne(in: 3)
        )
        let end = Int(random.next() % 250) + 1
        let start = swarm.now + .milliseconds(Int(random.next() % 20_000))
        let isLost = random.isOne(in: 3)
        swarm.with { state in
            state.trouble = SimulatedNetTrouble(
                lateRate: 8, lossRate: loses ? 200 : nil, leaderRate: elects ? 200 : nil,
                strikeRate: strikes ? 6 : nil, slowRate: isSlow ? 30 : nil,
                refusalRate: refuses ? 100 : nil, silentRate: isSilent ? 15 : nil)
            state.endIn = dies ? end : nil
            if isLost { state.befallSomeNode(at: start) }
        }
    }

    // MARK: Runs

    private mutating func run(_ number: Int) async {
        let (ports, deployer, _) = ports()
        let settings = settings()
        // Requests to the managers take their time beside the rest, which hosts of their own judge.
        var rule = settings
        rule.startAtMost = .seconds(60)
        host.with { [rule] in $0.rest.rule = rule }
        do {
            if try await ports.router.liveColour() != nil, random.isOne(in: 3) {
                note(try await deployer.rollBack(to: nil, settings: settings))
                return
            }
            let release = ReleaseID(at: ports.clock.now, entropy: UInt16(number))
            let qualities: [SimulatedHost.Quality] = [
                .good, .good, .good, .good, .good, .good, .good, .neverHealthy, .faulty,
            ]
            let quality = qualities.randomElement(using: &random) ?? .good
            host.with { state in
                state.drafted = Self.services
                state.quality[release] = quality
            }
            note(try await deployer.deploy(ReleaseWish(id: release, settings: settings)))
        } catch is OrchestrationError {
            // A refusal is no run.
        } catch {
            // The process has died, or the managers did not answer: the next run takes it up.
        }
    }

    private static let services = [
        PlannedService(name: "api", role: .internal),
        PlannedService(
            name: "web", role: .exposed, port: 80,
            healthCheck: HealthCheck(
                method: .tcp(port: 80), interval: .seconds(1), deadline: .seconds(10))),
    ]

    private mutating func settings() -> DeploymentSettings {
        var settings = DeploymentSettings()
        settings.startPause = .seconds(1)
        settings.startAtMost = .seconds(4)
        settings.drain = .seconds(4)
        let previous: [PreviousColour] = [.running, .stopped, .stopped, .removed, .removed]
        settings.previous = previous.randomElement(using: &random) ?? .running
        settings.releases = 3
        if random.isOne(in: 3) { settings.bake = Bake(duration: .seconds(3)) }
        if random.isOne(in: 3) {
            settings.canary = Canary(
                steps: [Share(percent: 10), Share(percent: 50)], every: .seconds(3))
        }
        if random.isOne(in: 4) { settings.promotion = .manual(within: .seconds(600)) }
        return settings
    }

    private mutating func choose() -> Recovery.Waiting {
        switch random.next() % 3 {
        case 0: .answer(.promote)
        case 1: .answer(.abort(reason: "It is not wanted."))
        default: .leave
        }
    }

    private mutating func recoverInTrouble() async {
        let (_, deployer, _) = ports()
        do {
            if let ended = try await deployer.takeUp(choose()).deployment { note(ended) }
        } catch {
            // The one after it takes it up.
        }
    }

    // MARK: Peace

    /// The nodes are back and nothing fails any more: one more run ends whatever is left.
    private mutating func recoverInPeace() async {
        host.with { $0.faultRate = nil }
        swarm.with { state in
            state.trouble = SimulatedNetTrouble()
            state.endIn = nil
            state.events.removeAll { $0.event.isTrouble }
        }
        let (ports, deployer, edges) = ports()
        for node in 0..<3 { await swarm.recover(node) }
        let judge = SwarmJudge(swarm: swarm)
        do {
            await swarm.advance(to: swarm.now + .seconds(15))
            let taken = try await deployer.takeUp(choose())
            if let ended = taken.deployment { note(ended) }
            if let open = try await ports.store.unfinished(), open.waitsUntil == nil {
                judge.violate("a run is still unfinished")
            }
            await swarm.advance(to: swarm.now + .seconds(15))
            try await judge.judgePeace(edges, ports.store)
        } catch {
            judge.violate("recovery itself failed: \(error)")
        }
    }

    /// A node that boots begins by its own last state, and that is the record's.
    private mutating func rebootInPeace() async {
        let node = Int(random.next() % 3)
        guard random.isOne(in: 2) else { return }
        swarm.schedule(.befall(node, .off), in: .zero)
        swarm.schedule(.recover(node), in: .milliseconds(Int(random.next() % 9000) + 1))
        await swarm.advance(to: swarm.now + .seconds(15))
        let (ports, _, edges) = ports()
        let judge = SwarmJudge(swarm: swarm)
        do {
            try await judge.judgePeace(edges, ports.store)
        } catch {
            judge.violate("the record was not told: \(error)")
        }
    }

    private mutating func note(_ ended: Deployment) {
        guard host.with({ $0.isPowered }) else { return }
        tally.count(ended)
        if absent == .refused { SwarmJudge(swarm: swarm).judge(ended) }
    }
}

extension SimulatedSwarm.Event {
    fileprivate var isTrouble: Bool {
        switch self {
        case .befall, .recover, .forget: true
        case .reconcile, .sync, .notice: false
        }
    }
}
