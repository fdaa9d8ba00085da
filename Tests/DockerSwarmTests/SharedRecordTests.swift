import BlueGreen
import DockerEngine
import Foundation
import HostSystem
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import DockerSwarm

/// Managers with a store each, and one swarm.
@Suite("The records that the managers of a swarm share", .timeLimit(.minutes(20)))
struct SharedRecordTests {
    private let folder: TemporaryFolder
    private let swarm = FakeConfigs()

    init() throws {
        folder = try TemporaryFolder()
    }

    /// A store of one manager, whose runs come one after the other.
    private struct Manager {
        let store: LocalStore
        let api: EngineAPI

        /// What a new run on it has.
        func run() -> SharedRecord {
            SharedRecord(
                store, app: "shop", api: api, clock: ManualClock(skippingWaitsTo: .seconds(1)))
        }

        func view(_ note: @escaping @Sendable (String) -> Void = { _ in }) -> SharedView {
            SharedView(store, app: "shop", api: api, clock: ManualClock(), note: note)
        }
    }

    private func managing(
        _ body: (_ one: Manager, _ two: Manager) async throws -> Void
    ) async throws {
        let socket = folder("docker.sock")
        let daemon = try await Receiver.start(at: socket) { [swarm] in swarm.answer(to: $0) }
        let api = EngineAPI(.socket(path: socket))
        do {
            try await body(
                Manager(store: LocalStore(), api: api), Manager(store: LocalStore(), api: api))
            try await api.shutDown()
            try await daemon.stop()
        } catch {
            try await api.shutDown()
            try await daemon.stop()
            throw error
        }
    }

    private static func deployment(_ number: Int) -> Deployment {
        Deployment(
            Order(
                number: number, kind: .deploy,
                candidate: Placement(colour: .green, release: Sample.release(UInt16(number))),
                label: nil, previous: Placement(colour: .blue, release: Sample.release(0)),
                services: [Sample.web], settings: DeploymentSettings()),
            at: Sample.moment)
    }

    private static func promoted(_ number: Int) -> Deployment {
        var deployment = deployment(number)
        while case .perform = deployment.next(at: Sample.moment) {
            deployment.record(.done, at: Sample.moment + .seconds(1))
        }
        return deployment
    }

    private static func release(_ number: Int) -> Release {
        Release(
            id: Sample.release(UInt16(number)), label: "v\(number)",
            createdAt: Sample.moment + .seconds(number), services: [Sample.web])
    }

    @Test("A manager goes on with what another one has recorded, and the first one with that")
    func takesOver() async throws {
        try await managing { one, two in
            let first = one.run()
            try await first.save(Self.release(1))
            try await first.save(Self.promoted(1))

            let second = two.run()
            #expect(try await second.deployments(limit: 9) == [Self.promoted(1)])
            #expect(try await second.releases() == [Self.release(1)])
            try await second.save(Self.release(2))
            try await second.save(Self.promoted(2))
            try await second.deleteRelease(Self.release(1).id)

            let third = one.run()
            #expect(try await third.deployments(limit: 9).map(\.number) == [2, 1])
            #expect(try await third.releases() == [Self.release(2)])
            #expect(try await one.view().deployments(limit: 1) == [Self.promoted(2)])
        }
    }

    @Test("Of two runs at once one is told that the other has written, and writes no more")
    func overtaken() async throws {
        try await managing { one, two in
            let (first, second) = (one.run(), two.run())
            _ = try await first.releases()
            try await second.save(Self.deployment(1))
            await #expect(throws: SwarmError.recordOvertaken("shop-state-1")) {
                try await first.save(Self.promoted(1))
            }
            #expect(SwarmError.recordOvertaken("").meaning == .overtaken)
            // Also where its own number is free again.
            for number in 2...4 { try await second.save(Self.deployment(number)) }
            await #expect(throws: SwarmError.recordOvertaken("shop-state-1")) {
                try await first.save(Self.promoted(1))
            }
            #expect(swarm.names == ["shop-state-3", "shop-state-4"])
            #expect(
                try await one.run().deployments(limit: 9) == (1...4).reversed().map(Self.deployment)
            )
        }
    }

    @Test("A record that was taken although the leader went before it said so is the run's own")
    func lostAnswer() async throws {
        try await managing { one, _ in
            swarm.loseAnswer()
            try await one.run().save(Self.deployment(1))
            #expect(swarm.names == ["shop-state-1"])
        }
    }

    @Test("The two newest records stay, and one that says the same again is not written")
    func keepsTwo() async throws {
        try await managing { one, _ in
            let run = one.run()
            for number in 1...5 { try await run.save(Self.deployment(number)) }
            #expect(swarm.names == ["shop-state-4", "shop-state-5"])
            try await run.deleteRelease(Sample.release(99))
            try await run.save(Self.deployment(5))
            #expect(swarm.made == 5)
        }
    }

    @Test("The steps between two landmarks are on their own manager only")
    func landmarks() async throws {
        try await managing { one, two in
            let run = one.run()
            var (saves, deployment) = (0, Self.deployment(1))
            while case .perform = deployment.next(at: Sample.moment) {
                try await run.save(deployment)
                deployment.record(.done, at: Sample.moment + .seconds(1))
                saves += 1
            }
            try await run.save(deployment)
            #expect(saves > 10 && swarm.made == 5)
            #expect(try await two.run().deployments(limit: 1) == [deployment])
        }
    }

    @Test(
        "A run on another manager takes a deployment up as one on its own would",
        arguments: [Colour.blue, .green], [StepResult.done, .failed(Failure(.noRoom, "Full."))])
    func sameDecision(_ live: Colour, _ end: StepResult) {
        var (steps, isOver) = (0, false)
        // It fails once at each of its steps, or never.
        while !isOver {
            var deployment = Self.deployment(1)
            var shared = deployment
            var step = 0
            while case .perform = deployment.next(at: Sample.moment) {
                if Landmarks(deployment) != Landmarks(shared) { shared = deployment }
                var (own, other) = (deployment, shared)
                own.recover(live: live, at: Sample.moment)
                other.recover(live: live, at: Sample.moment)
                #expect(own.position == other.position)
                #expect(Landmarks(own) == Landmarks(other))
                deployment.record(step == steps ? end : .done, at: Sample.moment)
                step += 1
            }
            isOver = step <= steps
            steps += 1
        }
        #expect(steps > 10)
    }

    @Test("After the end of the app, on whichever manager, its history is over on all")
    func end() async throws {
        try await managing { one, _ in
            try await one.run().save(Self.promoted(1))
            swarm.removeAll()
            #expect(try await one.view().deployments(limit: 9).isEmpty)
            let run = one.run()
            #expect(try await run.deployments(limit: 9).isEmpty)
            try await run.save(Self.deployment(1))
            #expect(swarm.names == ["shop-state-1"])
        }
    }

    @Test("A new life of the app replaces the records of the one before, whatever their numbers")
    func newLife() async throws {
        try await managing { one, two in
            let run = one.run()
            for number in 1...4 { try await run.save(Self.deployment(number)) }
            swarm.removeAll()
            try await two.run().save(Self.promoted(1))
            #expect(try await one.view().deployments(limit: 9) == [Self.promoted(1)])
            // A run of the life before leaves nothing behind.
            await #expect(throws: SwarmError.recordOvertaken("shop-state-5")) {
                try await run.save(Self.deployment(5))
            }
            #expect(swarm.names == ["shop-state-1"])
            #expect(try await one.run().deployments(limit: 9) == [Self.promoted(1)])
        }
    }

    @Test("Records that a person has removed are written again from a manager's own")
    func removedByHand() async throws {
        try await managing { one, two in
            try await one.run().save(Self.promoted(1))
            swarm.removeConfigs()
            let run = one.run()
            #expect(try await run.deployments(limit: 9) == [Self.promoted(1)])
            try await run.save(Self.deployment(2))
            #expect(try await two.view().deployments(limit: 9).map(\.number) == [2, 1])
        }
    }

    @Test("Without a majority the history is this manager's own, and that is said")
    func leaderless() async throws {
        try await managing { one, two in
            try await one.run().save(Self.promoted(1))
            try await two.run().save(Self.promoted(2))
            swarm.loseMajority()
            let said = Mutex<[String]>([])
            let view = one.view { line in said.withLock { $0.append(line) } }
            #expect(try await view.deployments(limit: 9) == [Self.promoted(1)])
            #expect(try await view.releases().isEmpty)
            #expect(said.withLock(\.count) == 1)
            #expect(said.withLock { $0[0] }.contains("may be older"))
            await #expect(throws: SwarmError.self) { _ = try await one.run().releases() }
        }
    }

    @Test("The record stays small, and keeps the deployments that tell which releases had traffic")
    func size() throws {
        let deployments = (1...40).reversed().map { number in
            number == 3 ? Self.promoted(3) : Self.deployment(number)
        }
        let releases = [Self.release(40), Self.release(3)]
        func numbers(_ limit: Int) throws -> [Int] {
            let data = try SharedState.data(deployments, releases, limit: limit)
            return try SharedState(data, of: "x").records.deployments.map(\.number)
        }
        #expect(try numbers(400_000) == Array((31...40).reversed()) + [3])
        #expect(try numbers(12_000).count < 8)
        #expect(try numbers(1) == [40])
    }

    @Test("A record of a later Teal is refused with the way out")
    func later() {
        let text = #"{"version": 99, "records": {"deployments": [], "releases": []}}"#
        #expect(throws: SwarmError.badConfig("c", reason: "its version 99 is not known")) {
            try SharedState(Data(text.utf8), of: "c")
        }
    }

    @Test("A release goes back to what ran from any manager, until it is discarded")
    func releaseRecords() async throws {
        try await managing { one, _ in
            let plan = SwarmSample.plan(
                ["web": ["image": "shop/web:1"]], SwarmSample.web)
            let (here, there) = (engine(one.api, "here"), engine(one.api, "there"))
            try await here.releaseConfigs.write(SwarmRecord.copy(of: plan), of: plan.release)
            #expect(try await there.plan(of: plan.release) == plan)

            var other = plan
            other.images = ["web": "shop/web@sha256:1"]
            try await here.releaseConfigs.write(SwarmRecord.copy(of: other), of: plan.release)
            try await here.releaseConfigs.write(SwarmRecord.copy(of: other), of: plan.release)
            #expect(swarm.names.count == 1)
            #expect(try await engine(one.api, "elsewhere").plan(of: plan.release) == other)
            #expect(swarm.names.allSatisfy { $0.hasPrefix("shop-record-") && $0.count == 24 })

            try await here.releaseConfigs.discard(except: [])
            #expect(swarm.names.isEmpty)
            await #expect(throws: SwarmError.self) {
                try await engine(one.api, "nowhere").plan(of: plan.release)
            }
            let large = Data(repeating: 32, count: 400_001)
            await #expect(throws: SwarmError.self) {
                try await here.releaseConfigs.write(large, of: plan.release)
            }
        }
    }

    private func engine(_ api: EngineAPI, _ state: String) -> SwarmEngine {
        SwarmEngine(
            SwarmEngine.Settings(
                app: "shop", stateDirectory: folder(state), runner: SubprocessCommandRunner(),
                tool: { throw CancellationError() }, api: api, choices: ReleaseChoices(),
                swarm: SwarmChoices(), clock: ManualClock()))
    }
}

/// The store of one manager, in memory.
private actor LocalStore: AdoptingDeploymentStore {
    private var past: [Int: Deployment] = [:]
    private var kept: [Release] = []
    private var newest: Edition?

    func edition() async throws -> Edition? { newest }

    func note(_ edition: Edition) async throws { newest = edition }

    func adopt(_ records: SharedRecords, of edition: Edition) async throws {
        let isSame = newest == nil || newest?.life == edition.life
        let all = records.joined(with: isSame ? Array(past.values) : [])
        past = Dictionary(uniqueKeysWithValues: all.map { ($0.number, $0) })
        kept = records.releases
        newest = edition
    }

    func forgetLife() async throws { (past, kept, newest) = ([:], [], nil) }

    func save(_ deployment: Deployment) async throws { past[deployment.number] = deployment }

    func deployments(limit: Int) async throws -> [Deployment] {
        Array(past.values.sorted { $0.number > $1.number }.prefix(limit))
    }

    func save(_ release: Release) async throws { kept.insert(release, at: 0) }

    func releases() async throws -> [Release] { kept }

    func deleteRelease(_ id: ReleaseID) async throws { kept.removeAll { $0.id == id } }

    func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {}

    func memoryUses() async throws -> [String: MemoryUse] { [:] }
}
