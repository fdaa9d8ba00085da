import BlueGreen
import Orchestration

/// The hosts whose nginx takes visitors, where there are several.
extension HostChecks {
    /// Absent ones are an obstacle, and told as such.
    func nodes() async -> [CheckItem] {
        do {
            guard let overview = try await wiring.edgeOverview() else {
                return [
                    CheckItem(
                        name: "edges", level: .ok,
                        text: "none runs yet: the first `teal deploy` starts one on each node")
                ]
            }
            return overview.edges.map(item)
        } catch {
            return [CheckItem(name: "edges", level: .fail, text: "\(error)")]
        }
    }

    private func item(_ edge: EdgeOverview.Edge) -> CheckItem {
        if let absence = edge.absence, edge.isForgotten {
            return CheckItem(
                name: "edge", level: .warn,
                text: "\(absence) and forgotten: it follows when it comes back")
        }
        if let absence = edge.absence, app.configuration.swarm.absent == .proceed {
            return CheckItem(
                name: "edge", level: .warn,
                text: "\(absence), and is passed over (`swarm: {absent: proceed}`). The colour "
                    + "that its nginx sends requests to is kept running.")
        }
        guard edge.isConfirmed else {
            let fault = edge.absence ?? edge.failure ?? "it has not confirmed"
            return CheckItem(
                name: "edge", level: .fail,
                text: "\(edge.node) does not follow: \(fault). \(app.command("nodes")) shows "
                    + "every edge.")
        }
        if let fault = edge.failure {
            return CheckItem(
                name: "edge", level: .fail,
                text: "\(edge.node) follows, and would keep the next deploy: \(fault)")
        }
        return CheckItem(
            name: "edge", level: .ok,
            text: "\(edge.node) follows, and \(Traffic.clause(edge.division?.colour))")
    }
}
