import BlueGreen
import HostSystem
import Orchestration
import Synchronization
import TestSupport
import Testing

@testable import DockerSwarm

@Suite("One edge that follows the desired state")
struct EdgeAgentTests {
    private let folder: TemporaryFolder
    private let nginx = OneNginx()

    init() throws {
        folder = try TemporaryFolder()
    }

    private func state(
        _ epoch: Int, _ division: Division, proof: EdgeState.Proof? = nil
    ) -> EdgeState {
        let site = EdgeState.Site(
            app: "shop", services: ["web"], mode: .live, directory: folder("nginx"), binary: nil,
            config: nil, status: nil, trustedProxies: [])
        let routes = [Route(service: "web", endpoints: ["10.99.0.1:18081"])]
        var state = EdgeState(
            epoch: epoch, site: site, table: RoutingTable(blue: routes, green: routes),
            division: division)
        state.proof = proof
        return state
    }

    private func follow(_ state: EdgeState) async throws {
        try await EdgeAgent(
            state, router: nginx, edge: nginx, observer: nginx, gauge: nginx, clock: ManualClock(),
            report: { _ in }
        ).follow()
    }

    @Test("It arms, moves the link, and asks the workers last")
    func follows() async throws {
        try await follow(state(2, .all(.green)))
        #expect(nginx.acts == ["prepare", "arm", "route green", "count no more", "confirm green"])
    }

    @Test("Another's fault in its nginx is told in the report, and keeps it from nothing")
    func fault() async throws {
        nginx.spoil("nginx refuses its configuration.")
        let reports = Mutex<[EdgeReport]>([])
        let agent = EdgeAgent(
            state(2, .all(.green)), router: nginx, edge: nginx, observer: nginx, gauge: nginx,
            clock: ManualClock(), report: { report in reports.withLock { $0.append(report) } })
        struct Confirmed: Error {}
        await #expect(throws: Confirmed.self) {
            try await agent.run { if $0 { throw Confirmed() } }
        }
        let first = try #require(reports.withLock { $0.first })
        #expect(first.fault == "nginx refuses its configuration." && first.confirmed != nil)
        #expect(EdgeReport(lines: [try first.line])?.fault == first.fault)
    }

    @Test("The page of maintenance comes and goes with the state, and once")
    func maintenance() async throws {
        var closed = state(2, .all(.green))
        closed.isInMaintenance = true
        try await follow(closed)
        try await follow(closed)
        try await follow(state(3, .all(.green)))
        let pages = nginx.acts.filter { $0.hasPrefix("maintenance") }
        #expect(pages == ["maintenance on", "maintenance off"])
    }

    @Test("A share of the traffic is given, and answers are counted from then on")
    func watched() async throws {
        var canary = state(2, .share(Share(percent: 10), to: .green))
        canary.watchedUntil = ManualClock().now + .seconds(60)
        try await follow(state(1, .all(.blue)))
        nginx.forget()
        try await follow(canary)
        #expect(
            nginx.acts == ["prepare", "arm", "route 10% to green", "count", "confirm 10% to green"])
        nginx.forget()
        canary.watchedUntil = nil
        try await follow(canary)
        #expect(nginx.acts == ["prepare", "arm", "count no more", "confirm 10% to green"])
    }

    @Test("A watched task tells what its nginx answered, each second in which that is more")
    func tells() async throws {
        var watched = state(2, .all(.green))
        watched.watchedUntil = ManualClock().now + .seconds(60)
        let reports = Mutex<[EdgeReport]>([])
        let clock = ManualClock()
        let agent = EdgeAgent(
            watched, router: nginx, edge: nginx, observer: nginx, gauge: nginx, clock: clock
        ) { report in reports.withLock { $0.append(report) } }
        // It goes on until a task of a later epoch takes over.
        let record = EdgeRecord(watched.site)
        nginx.answer(3) { try? record.advance(to: 3) }
        let work = Task { try await agent.run { _ in } }
        while reports.withLock({ $0.count }) < 3 { await Task.yield() }
        work.cancel()
        _ = try? await work.value
        let counts = reports.withLock {
            $0.prefix(3).map { $0.confirmed?.green.answered?.requests }
        }
        #expect(counts == [1, 2, 3])
        #expect(reports.withLock { $0.first?.confirmed?.blue.answered } == nil)
        #expect(
            reports.withLock { $0.first?.memory?.text }
                == "1024 of 3900 MB free, tasks wait for it 3% of the time")
    }

    @Test("A report of an older Teal, without a figure of memory, is read all the same")
    func older() {
        let line = #"{"epoch":7,"failure":"nginx does not run"}"#
        #expect(EdgeReport(lines: [line])?.epoch == 7)
        #expect(EdgeReport(lines: [line])?.memory == nil)
    }

    @Test("An app that leaves has no traffic before its files go, and nothing is armed")
    func leaves() async throws {
        try await follow(state(2, .all(.green)))
        nginx.forget()
        try await follow(state(2, .all(.green)).leaving())
        #expect(nginx.acts == ["route nobody", "remove"])
    }

    @Test("What is so already is not done again, and confirmed all the same")
    func again() async throws {
        try await follow(state(2, .all(.green)))
        nginx.forget()
        try await follow(state(2, .all(.green)))
        #expect(nginx.acts == ["prepare", "arm", "count no more", "confirm green"])
    }

    @Test("An epoch of before moves nothing, however late its task comes")
    func oldEpoch() async throws {
        try await follow(state(5, .all(.green)))
        nginx.forget()
        await #expect(throws: SwarmError.oldEpoch(4, applied: 5)) {
            try await follow(state(4, .all(.blue)))
        }
        #expect(nginx.acts.isEmpty)
    }

    @Test("A higher epoch that fails still keeps those of before away")
    func failedEpoch() async throws {
        nginx.fail()
        await #expect(throws: (any Error).self) { try await follow(state(6, .all(.green))) }
        await #expect(throws: SwarmError.oldEpoch(5, applied: 6)) {
            try await follow(state(5, .all(.blue)))
        }
    }

    @Test("A link that the node has lost is made anew by the state")
    func lostLink() async throws {
        nginx.lose()
        try await follow(state(2, .all(.green)))
        #expect(nginx.acts.first == "put back green")
    }

    @Test("It confirms no service that its own nginx does not reach, unless asked too late")
    func proof() async throws {
        nginx.breakEdge()
        let asked = EdgeState.Proof(
            colour: .green, services: [PlannedService(name: "web", role: .exposed)],
            until: ManualClock().now + .seconds(30))
        await #expect(throws: (any Error).self) {
            try await follow(state(2, .all(.blue), proof: asked))
        }
        let late = EdgeState.Proof(
            colour: .green, services: asked.services, until: ManualClock().now)
        try await follow(state(3, .all(.blue), proof: late))
    }
}

/// An nginx that keeps what it is told.
private final class OneNginx: TrafficRouter, EdgeProbe, TallyingObserver, HostGauge {
    private struct Inside {
        var acts: [String] = []
        var division = Division.nobody
        var isInMaintenance = false
        var isLost = false
        var isBroken = false
        var fails = false
        var looks = 0
        var fault: String?
        var whenLast: (after: Int, act: @Sendable () -> Void)?
    }

    private struct Failure: Error {}

    func sample() async throws -> HostSample {
        HostSample(
            at: Sample.moment, memoryAvailable: .mebibytes(1024), memoryTotal: .mebibytes(3900),
            memoryStalledLately: 2.5)
    }

    private let inside = Mutex(Inside())

    var acts: [String] { inside.withLock { $0.acts } }

    func forget() { inside.withLock { $0.acts = [] } }
    func lose() { inside.withLock { $0.isLost = true } }
    func fail() { inside.withLock { $0.fails = true } }
    func spoil(_ fault: String) { inside.withLock { $0.fault = fault } }
    func breakEdge() { inside.withLock { $0.isBroken = true } }

    /// One more request at each look; the act comes with the last of them.
    func answer(_ count: Int, then act: @escaping @Sendable () -> Void) {
        inside.withLock { $0.whenLast = (count, act) }
    }

    private func note(_ act: String) { inside.withLock { $0.acts.append(act) } }

    private static func word(_ division: Division) -> String {
        switch division {
        case .nobody: "nobody"
        case .all(let colour): "\(colour)"
        case .share(let share, let colour): "\(share.preciseText) to \(colour)"
        }
    }

    func prepare() async throws {
        if inside.withLock({ $0.fails }) { throw Failure() }
        note("prepare")
    }

    func obstacles(to services: [PlannedService]) async throws -> [Obstacle] {
        inside.withLock { $0.fault.map { [Obstacle($0, hindersWayBack: false)] } ?? [] }
    }

    func arm(_ table: RoutingTable) async throws { note("arm") }

    func route(_ division: Division) async throws {
        note("route \(Self.word(division))")
        inside.withLock { $0.division = division }
    }

    func confirm(_ division: Division) async throws {
        note("confirm \(Self.word(division))")
        guard inside.withLock({ $0.division }) == division else { throw Failure() }
    }

    func setMaintenance(_ maintenance: Maintenance) async throws {
        note("maintenance \(maintenance)")
        inside.withLock { $0.isInMaintenance = maintenance == .on }
    }

    func readLink() async throws -> LinkReading {
        inside.withLock { inside in
            inside.isLost
                ? .lost(LostLink(path: "live", .missing))
                : .leads(
                    Traffic(
                        inside.division.colour, canary: inside.division.share,
                        isInMaintenance: inside.isInMaintenance))
        }
    }

    func linkMadeAt() -> Timestamp? { nil }

    func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws {
        note("put back \(colour.map { "\($0)" } ?? "nobody")")
        inside.withLock {
            $0.isLost = false
            $0.division = Division(colour)
        }
    }

    func losses() async throws -> [FolderLoss] { [] }
    func heal() async throws -> [String] { [] }

    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        RemainingTraffic(connections: 0, oldWorkers: 0)
    }

    func begin(until: Timestamp) async throws -> [String] {
        note("count")
        return []
    }
    func end() async throws { note("count no more") }

    func tallies() async throws -> [Colour: RequestTally] {
        let (looks, act) = inside.withLock { inside in
            inside.looks += 1
            let last = inside.whenLast
            return (inside.looks, inside.looks == last?.after ? last?.act : nil)
        }
        act?()
        let tally = RequestTally(requests: looks, errors: 0, turnedAway: 0, latencies: [5: looks])
        return [.green: tally]
    }

    func previewURL() async throws -> String? { nil }
    func remove() async throws { note("remove") }

    func probe(_ service: PlannedService, through target: EdgeTarget) async -> EdgeResult {
        inside.withLock { $0.isBroken }
            ? .brokenEdge(EdgeFault(.unconnected, "could not connect", remedy: "")) : .passed
    }
}
