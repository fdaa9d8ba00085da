import BlueGreen
import Orchestration
import TestSupport

/// Containers of somebody else in the compose projects of the app's colours. They may come at any
/// moment, and only their owner takes them away.
struct SimulatedStrangers {
    /// One of a service's name, where Compose would take it for its own.
    struct Stranger: Hashable {
        let colour: Colour
        let service: String
        /// False for one that only exists; Compose would start it.
        var isRunning: Bool
    }

    /// One in so many acts brings one; nil for none.
    var rate: UInt64?
    private(set) var present: [Stranger] = []
    /// As its owner left it.
    private var left: [Stranger] = []
    /// How often one was met before anything was touched.
    private(set) var refusals = 0

    mutating func mayCome(_ random: inout SeededGenerator) {
        guard let rate, random.isOne(in: rate), present.isEmpty else { return }
        let stranger = Stranger(
            colour: random.isOne(in: 2) ? .blue : .green,
            service: random.isOne(in: 2) ? "web" : "worker", isRunning: random.isOne(in: 2))
        present = [stranger]
        left = present
    }

    mutating func leave() {
        present = []
        left = []
    }

    mutating func obstacles() -> [Obstacle] {
        if !present.isEmpty { refusals += 1 }
        return present.map { Obstacle("A stranger \($0.service) is in \($0.colour).") }
    }

    /// Compose works on the project, without a look at who made what.
    mutating func compose(_ colour: Colour) {
        present = present.map { stranger in
            var stranger = stranger
            if stranger.colour == colour { stranger.isRunning.toggle() }
            return stranger
        }
    }

    /// Every container of the project is taken for one of the colour.
    mutating func remove(_ colour: Colour) {
        present.removeAll { $0.colour == colour }
    }

    func isIn(_ colour: Colour) -> Bool { present.contains { $0.colour == colour } }

    var wereTouched: Bool { present != left }
}
