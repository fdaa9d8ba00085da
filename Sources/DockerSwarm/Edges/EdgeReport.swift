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

    package struct Confirmation: Hashable, Codable, Sendable {
        /// The colour that has traffic there.
        package let colour: Colour?
        /// By the node's own clock.
        package let at: Timestamp
        /// TCP connections from this nginx to each colour.
        package let blue: Int
        package let green: Int

        package func connections(to colour: Colour) -> Int {
            switch colour {
            case .blue: blue
            case .green: green
            }
        }
    }

    init(epoch: Int, confirmed: Confirmation) {
        self.epoch = epoch
        self.confirmed = confirmed
        failure = nil
    }

    init(epoch: Int, failure: String) {
        self.epoch = epoch
        confirmed = nil
        self.failure = failure
    }

    /// The same again is told every few seconds only: each line lies on the node's disk.
    private static let rhythm = Duration.seconds(10)

    func isNews(after last: EdgeReport?) -> Bool {
        guard let last, let now = confirmed, let before = last.confirmed else { return true }
        return now.blue != before.blue || now.green != before.green
            || now.colour != before.colour || now.at - before.at >= Self.rhythm
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
