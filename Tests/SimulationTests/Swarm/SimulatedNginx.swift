import BlueGreen
import HostSystem
import Orchestration
import TestSupport

@testable import DockerSwarm

/// The nginx of one node, as the agent of one task has it in hand.
struct SimulatedNginx: Sendable {
    private let swarm: SimulatedSwarm
    private let node: Int
    private let process: EdgeProcess

    init(_ swarm: SimulatedSwarm, _ node: Int, _ process: EdgeProcess) {
        self.swarm = swarm
        self.node = node
        self.process = process
    }

    private var files: SimulatedNode.Files { swarm.with { $0.nodes[node].disk } }

    /// Other processes may act, and this one may end, until it is done.
    private func wait() async throws {
        let (time, refuses) = swarm.with { state in
            let refuses = state.trouble.refusalRate.map { state.random.isOne(in: $0) } ?? false
            let isSlow = state.trouble.slowRate.map { state.random.isOne(in: $0) } ?? false
            return (state.milliseconds(upTo: isSlow ? 9000 : 40), refuses)
        }
        try await process.sleep(until: process.now + time)
        if refuses { throw SimulatedHost.Fault() }
    }

    private func write(
        _ act: String, _ change: @Sendable (inout SimulatedNode.Files) -> Void
    ) async throws {
        try await wait()
        swarm.with { $0.nodes[node].write(change) }
        swarm.check(after: "\(act) on disk")
        try await wait()
        swarm.with { state in
            let isSilent = state.trouble.silentRate.map { state.random.isOne(in: $0) } ?? false
            if !isSilent { state.nodes[node].workers = state.nodes[node].disk }
        }
        swarm.check(after: act)
    }
}

extension SimulatedNginx: TrafficRouter {
    func prepare() async throws {
        try await wait()
        let (folder, flaw) = swarm.with { ($0.nodes[node].folder, $0.flaw) }
        if flaw == .takesOlderEpochs { try FileSystem().removeTree("\(folder)/.shop.epoch") }
        // The workers follow the files, whatever became of the last reload.
        swarm.with { state in
            state.nodes[node].disk.isWritten = true
            state.nodes[node].workers = state.nodes[node].disk
        }
        swarm.check(after: "prepare")
    }

    func obstacles(to services: [PlannedService]) async throws -> [Obstacle] { [] }

    func arm(_ table: RoutingTable) async throws {
        let before = files
        if before.table == table { return }
        try await write("arm") { $0.table = table }
        // A transaction: where the workers do not follow, the files of before are back.
        let isTaken = swarm.with { state in
            let isTaken = state.nodes[node].workers.table == table
            if !isTaken { state.nodes[node].disk = before }
            return isTaken
        }
        if !isTaken { throw SimulatedHost.Fault() }
    }

    func route(_ division: Division) async throws {
        try await write("route to \(division)") { $0.division = division }
    }

    func confirm(_ division: Division) async throws {
        let (workers, flaw) = swarm.with { ($0.nodes[node].workers, $0.flaw) }
        if flaw == .confirmsWithoutLooking { return }
        guard workers.division == division else { throw SimulatedHost.Fault() }
    }

    func setMaintenance(_ maintenance: Maintenance) async throws {}

    func readLink() throws -> LinkReading {
        let files = files
        guard files.isWritten else { return .unwritten(LostLink(path: "live", .unwritten)) }
        return .leads(Traffic(files.division.colour, canary: files.division.share))
    }

    func linkMadeAt() -> Timestamp? { nil }

    func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws {
        try await write("put back the link") { files in
            files.division = Division(colour)
            if let table { files.table = table }
        }
    }

    func losses() throws -> [FolderLoss] { [] }
    func heal() async throws -> [String] { [] }

    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        swarm.with { state in
            RemainingTraffic(connections: state.random.isOne(in: 3) ? 2 : 0, oldWorkers: 0)
        }
    }

    func previewURL() async throws -> String? { nil }

    func remove() async throws {
        swarm.with { $0.nodes[node].disk = SimulatedNode.Files() }
    }
}

extension SimulatedNginx: EdgeProbe {
    func probe(_ service: PlannedService, through target: EdgeTarget) async -> EdgeResult {
        let files = files
        guard case .colour(let colour) = target, !files.table[colour].isEmpty else {
            return .brokenEdge(EdgeFault(.unrouted, "has no address", remedy: ""))
        }
        return swarm.host.with { $0.serves(colour) } ? .passed : .brokenApp(.status(503))
    }
}

/// A hundred visitors more for each look, divided evenly.
extension SimulatedNginx: TallyingObserver {
    func begin(until: Timestamp) async throws -> [String] {
        swarm.with { $0.nodes[node].looks = 0 }
        return []
    }

    func tallies() async throws -> [Colour: RequestTally] {
        let (colours, looks) = swarm.with { state in
            state.nodes[node].looks += 1
            return (state.nodes[node].workers.colours, state.nodes[node].looks)
        }
        let faulty = swarm.host.with { state in
            Set(
                state.containers.filter {
                    $0.isRunning && state.quality[$0.placement.release] == .faulty
                }.map(\.colour))
        }
        let requests = looks * 100 / max(1, colours.count)
        return colours.reduce(into: [:]) { tallies, colour in
            tallies[colour] = RequestTally(
                requests: requests, errors: faulty.contains(colour) ? requests / 2 : 0,
                turnedAway: 0, latencies: [10: requests])
        }
    }

    func end() async throws {}
}

extension SimulatedNginx: HostGauge {
    func sample() async throws -> HostSample {
        HostSample(
            at: process.now, memoryAvailable: .mebibytes(1024), memoryTotal: .mebibytes(4096))
    }
}
