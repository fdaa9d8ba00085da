package import BlueGreen
import DockerEngine
import Orchestration

/// Has every edge count what its nginx answers, and adds the counts up.
///
/// The wish to count stands in the state of the edges, and their tasks tell the counts in their
/// reports. Each change of the state makes new tasks, which begin at zero: the last report of each
/// task of this watch counts. The last second before each change may be missing.
package actor SwarmObserver: TrafficObserver {
    private let edges: SwarmEdges
    /// The reports of tasks that are over, by the task's id.
    private var past: [String: EdgeReport] = [:]

    package init(_ edges: SwarmEdges) {
        self.edges = edges
    }

    package func begin(until: Timestamp) async throws -> [String] {
        try await edges.publish { $0.watchedUntil = until }
        return []
    }

    /// An edge that is absent is missing.
    package func look() async throws -> [Colour: RequestFigures] {
        guard let (service, state) = try await edges.recorded(), let watch = state.watchedUntil
        else { return [:] }
        let roll = EdgeRoll(service, try await edges.api.tasks(of: [service]))
        var sums: [Colour: RequestTally] = [:]
        for node in try await edges.nodes() where node.absence == nil {
            for task in roll.tasks(on: node)
            where EdgeRoll.state(of: task)?.watchedUntil == watch {
                guard let confirmed = try await report(of: task)?.confirmed else { continue }
                for colour in Colour.allCases {
                    guard let answered = confirmed[colour].answered else { continue }
                    sums[colour, default: .none].add(answered)
                }
            }
        }
        return sums.mapValues(\.figures)
    }

    private func report(of task: SwarmTask) async throws -> EdgeReport? {
        if let known = past[task.id] { return known }
        let report = EdgeReport(lines: try await edges.api.logs(ofTask: task.id, lines: 5))
        if !task.mayRun { past[task.id] = report }
        return report
    }

    package func end() async throws {
        guard let (_, state) = try await edges.recorded(), state.watchedUntil != nil else { return }
        try await edges.publish { $0.watchedUntil = nil }
    }
}
