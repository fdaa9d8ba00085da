import BlueGreen
import DockerEngine
import HostSystem
import Orchestration
import Synchronization
import TestSupport

/// Three nodes and their managers, in the time of one simulated host. The managers' record never
/// fails by itself; word of it comes to the nodes late, or not at all.
final class SimulatedSwarm: Sendable {
    /// A planted bug of an edge, of the swarm, or of the one who asks them.
    enum Flaw: CaseIterable {
        /// Two edges of three are taken for all.
        case countsAMajority
        /// A colour is stopped without a look at the edges.
        case asksNoEdge
        /// An edge that is absent is taken for one that was forgotten.
        case forgetsByItself
        /// A node keeps no record of the epochs that it has seen.
        case takesOlderEpochs
        /// A node boots with its link of before the last change.
        case bootsByAnOlderLink
        /// A node that was away is never told of what it has missed.
        case neverCatchesUp
        /// The workers are not asked whether they follow.
        case confirmsWithoutLooking
        /// A task is taken for healthy as soon as it has begun.
        case countsBegunTasks
    }

    struct Service: Sendable {
        var version = 1
        var spec: JSONValue
        /// Counts the changes of the tasks' template.
        var template = 1
    }

    enum Event: Sendable {
        /// The managers look whether each node has the task that it should.
        case reconcile
        /// A node tells the managers of its tasks, and hears which it should run.
        case sync(Int)
        /// The managers miss a node's heartbeats, or have them again.
        case notice(Int)
        case befall(Int, SimulatedNode.Condition)
        case recover(Int)
        /// Somebody says that the node will not come back.
        case forget(Int)
    }

    struct State {
        var random: SeededGenerator
        var flaw: Flaw?
        var nodes: [SimulatedNode]
        var service: Service?
        var tasks: [SimulatedTask] = []
        var events: [(due: Timestamp, number: Int, event: Event)] = []
        var made = 0
        var trouble = SimulatedNetTrouble()
        /// The deploying process ends with this request from now.
        var endIn: Int?
        var isPassing = false
        var tally: [String: Int] = [:]

        mutating func count(_ word: String) { tally[word, default: 0] += 1 }
    }

    let host: SimulatedHost
    private let state: Mutex<State>

    init(seed: UInt64, host: SimulatedHost, folder: TemporaryFolder, flaw: Flaw?) {
        self.host = host
        state = Mutex(
            State(
                random: SeededGenerator(seed: seed &+ 0x5a_4e_70), flaw: flaw,
                nodes: (1...3).map { SimulatedNode($0, folder: folder("s\(seed)n\($0)")) }))
    }

    func with<Value>(_ body: (inout sending State) throws -> sending Value) rethrows -> Value {
        try state.withLock(body)
    }

    var now: Timestamp { host.with { $0.now } }

    /// Holds the edges as they are now against the invariants.
    func check(after act: String) {
        let edges = with { state in state.nodes.filter { !$0.isForgotten }.map(\.edge) }
        host.with { state in
            state.edges = edges
            state.checkEdges(after: act)
        }
    }

    func schedule(_ event: Event, in time: Duration) {
        let due = now + time
        with { $0.schedule(event, at: due) }
    }
}

extension SimulatedSwarm.State {
    mutating func schedule(_ event: SimulatedSwarm.Event, at due: Timestamp) {
        made += 1
        events.append((due, made, event))
    }

    /// Word between managers and a node: mostly at once, at times late.
    mutating func scheduleSync(_ node: Int, at now: Timestamp) {
        let late = random.isOne(in: trouble.lateRate)
        let time = Int(random.next() % UInt64(late ? 4000 : 80)) + 5
        schedule(.sync(node), at: now + .milliseconds(time))
    }

    mutating func milliseconds(upTo most: UInt64) -> Duration {
        .milliseconds(Int(random.next() % most) + 1)
    }
}

/// One in so many; nil for none.
struct SimulatedNetTrouble: Sendable {
    /// Word to or from a node is late.
    var lateRate: UInt64 = 40
    /// A request to the managers, or its answer, is lost.
    var lossRate: UInt64?
    /// The managers have no leader for some seconds.
    var leaderRate: UInt64?
    /// With an update a node is lost.
    var strikeRate: UInt64?
    /// An nginx takes seconds for an act.
    var slowRate: UInt64?
    /// An nginx refuses an act.
    var refusalRate: UInt64?
    /// A reload reports success, and the workers of before stay.
    var silentRate: UInt64?
    var leaderBackAt: Timestamp?
}
