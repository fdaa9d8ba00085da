import BlueGreen
import TestSupport

/// The teal.yml and the compose file of a simulated life.
struct SimulatedWish: Sendable {
    private let room: RoomPolicy
    private let atMost: Duration
    private let flaw: SimulatedHost.Flaw?
    private let declaresMemory: Bool
    private let hooks: Hooks
    private let bake: Bake
    private let canary: Canary
    private let promotion: Promotion

    /// - Parameter canDivide: a canary needs the live switch.
    init(
        isSmall: Bool, canDivide: Bool, flaw: SimulatedHost.Flaw?, random: inout SeededGenerator
    ) {
        let rooms: [RoomPolicy] =
            isSmall ? [.stopFirst, .stopFirst, .stopFirst, .warn, .refuse] : [.refuse]
        self.flaw = flaw
        room = rooms.randomElement(using: &random) ?? .refuse
        atMost = random.isOne(in: 3) ? .zero : .seconds(8)
        declaresMemory = !random.isOne(in: 4)
        hooks = random.isOne(in: 2) ? Self.hooks : Hooks()
        bake = random.isOne(in: 2) ? Bake(duration: .seconds(5)) : .none
        canary = canDivide ? Self.canary : Canary()
        promotion = random.isOne(in: 3) ? .manual(within: .seconds(600)) : .auto
    }

    private static let hooks = Hooks(
        beforeStart: [Hook(["login"]), Hook(["migrate"], in: .service("web"))],
        beforeSwitch: [Hook(["smoke"]), Hook(["warm"], in: .service("web"))],
        afterSwitch: [Hook(["purge"])], afterRetire: [Hook(["tell"])])

    private static let canary = Canary(
        steps: [Share(percent: 10), Share(percent: 50)], every: .seconds(4))

    func settings(previous: PreviousColour) -> DeploymentSettings {
        DeploymentSettings(
            startAtMost: atMost, room: room, previous: previous, releases: 3,
            hooks: hooks, bake: bake, canary: canary, promotion: promotion)
    }

    /// The settings that a planted bug in the loop makes of them.
    func carriedOut(previous: PreviousColour) -> DeploymentSettings {
        DeploymentSettings(
            startPause: flaw == .skipsSettling ? .zero : .seconds(3),
            startAtMost: flaw == .skipsSettling
                ? .zero : flaw == .waitsPastItsBound ? atMost + .seconds(5) : atMost,
            room: flaw == .startsWithoutRoom ? .warn : room, previous: previous, releases: 3,
            hooks: hooks, bake: bake, canary: canary, promotion: promotion)
    }

    /// The worker is new, gone, an ordinary service or a singleton, from release to release.
    func services(_ random: inout SeededGenerator) -> [PlannedService] {
        func memory(_ megabytes: Int64) -> ByteCount? {
            declaresMemory ? .mebibytes(megabytes) : nil
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
}
