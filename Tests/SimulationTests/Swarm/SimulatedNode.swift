import BlueGreen
import Orchestration

/// A node of a simulated swarm: its nginx, its daemon and the line to the managers.
struct SimulatedNode: Sendable {
    enum Condition: CaseIterable {
        case well
        /// Its daemon hears nobody; nginx and tasks go on.
        case cut
        /// Nothing of it goes on, and all of it does once it is over.
        case frozen
        /// It was powered off, and boots at the end of that.
        case off
    }

    /// An nginx's files, or the part of them that its workers run on.
    struct Files: Hashable, Sendable {
        var isWritten = false
        var division = Division.nobody
        var table = RoutingTable.empty

        var colours: Set<Colour> { Traffic(division.colour, canary: division.share).colours }
    }

    let number: Int
    /// The host's own folder of nginx's files.
    let folder: String
    var condition = Condition.well
    /// It hears nothing although it could; only by a planted bug.
    var isDeaf = false
    /// As the managers see it.
    var isReady = true
    /// No change waits for it, until it has confirmed again.
    var isForgotten = false
    var disk = Files()
    /// Before the last change.
    var before = Files()
    var workers = Files()
    var processes: [Int: EdgeProcess] = [:]
    var looks = 0

    init(_ number: Int, folder: String) {
        self.number = number
        self.folder = folder
    }

    var id: String { "n\(number)" }
    var name: String { "node\(number)" }

    mutating func write(_ change: (inout Files) -> Void) {
        before = disk
        disk.isWritten = true
        change(&disk)
    }

    var edge: SimulatedEdge {
        let armed = Set(Colour.allCases.filter { !workers.table[$0].isEmpty })
        return SimulatedEdge(
            node: name, sends: condition == .off ? [] : workers.colours,
            maySend: workers.colours.union(disk.colours), armed: armed)
    }
}

/// A task of the edges' service.
struct SimulatedTask: Sendable {
    enum State: String, Sendable {
        case assigned
        case starting
        case running
        case failed
        case shutdown

        var isOver: Bool { self == .failed || self == .shutdown }
    }

    let number: Int
    let node: Int
    /// The change of the service's template that it is of.
    let template: Int
    let environment: String
    var isWanted = true
    /// On its node.
    var state = State.assigned
    /// By what the managers have heard.
    var told = State.assigned
    var endedAt: Timestamp?
    var log: [String] = []

    var id: String { "t\(number)" }
}
