package import BlueGreen
import FoundationEssentials
import Orchestration

/// One line of an edge task's output, by which the swarm's managers know what its node does.
package struct EdgeReport: Hashable, Codable, Sendable {
    package let epoch: Int
    /// The state that the node's nginx was seen to follow; nil where it could not be made to.
    package let confirmed: Confirmation?
    /// Why it could not; nil where it was.
    package let failure: String?
    /// The fault of somebody else in the node's nginx, which follows all the same, and which the next
    /// deploy meets; nil where there is none.
    package internal(set) var fault: String?
    /// The node's; nil where it could not be read, or where the edge is of an older Teal.
    package let memory: NodeMemory?

    package struct Confirmation: Hashable, Codable, Sendable {
        package let division: Division
        /// By the node's own clock.
        package let at: Timestamp
        package let blue: Side
        package let green: Side

        package subscript(colour: Colour) -> Side {
            switch colour {
            case .blue: blue
            case .green: green
            }
        }
    }

    /// The requests of this node's nginx to one colour.
    package struct Side: Hashable, Codable, Sendable {
        /// Of TCP, from this nginx.
        package var connections = 0
        /// Those that were answered since the task began to count; nil while it does not.
        package var answered: RequestTally?

        package init(connections: Int = 0, answered: RequestTally? = nil) {
            self.connections = connections
            self.answered = answered
        }
    }

    init(epoch: Int, confirmed: Confirmation, memory: NodeMemory? = nil) {
        self.epoch = epoch
        self.confirmed = confirmed
        failure = nil
        self.memory = memory
    }

    init(epoch: Int, failure: String, memory: NodeMemory? = nil) {
        self.epoch = epoch
        confirmed = nil
        self.failure = failure
        self.memory = memory
    }

    /// The same again is told every few seconds only: each line lies on the node's disk.
    private static let rhythm = Duration.seconds(10)

    func isNews(after last: EdgeReport?) -> Bool {
        guard let last, let now = confirmed, let before = last.confirmed else { return true }
        return now.blue != before.blue || now.green != before.green
            || now.division != before.division || fault != last.fault
            || now.at - before.at >= Self.rhythm
    }

    package var line: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// The last report among the lines of a log; nil where there is none.
    init?(lines: [String]) {
        let reports = lines.lazy.reversed().compactMap { line in
            // Another line of the log is no report.
            try? JSONDecoder().decode(EdgeReport.self, from: Data(line.utf8))
        }
        guard let last = reports.first else { return nil }
        self = last
    }
}
