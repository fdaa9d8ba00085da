import BlueGreen
import DockerEngine
package import Orchestration

extension SwarmEdges {
    struct NodeReport: Sendable {
        let node: SwarmNode
        let task: SwarmTask?
        let report: EdgeReport?
    }

    /// The words of each edge on itself, in alphabetical order of node. All are asked at once.
    func reports() async throws -> [NodeReport] {
        guard let service = try await api.service(name) else {
            throw SwarmError.noEdgeService(name)
        }
        let tasks = try await api.tasks(of: [service])
        let nodes = try await nodes()
        return try await withThrowingTaskGroup(of: NodeReport.self) { group in
            for node in nodes {
                let own = tasks.filter { $0.nodeID == node.id && $0.isWanted }
                let task = own.max { $0.created < $1.created }
                group.addTask { try await self.report(of: task, on: node) }
            }
            var reports: [NodeReport] = []
            for try await report in group { reports.append(report) }
            return reports.sorted { $0.node.name < $1.node.name }
        }
    }

    private func report(of task: SwarmTask?, on node: SwarmNode) async throws -> NodeReport {
        guard let task, node.absence == nil else {
            return NodeReport(node: node, task: task, report: nil)
        }
        let lines = try await api.logs(ofTask: task.id, lines: 5)
        return NodeReport(node: node, task: task, report: EdgeReport(lines: lines))
    }

    /// - Returns: nil before the first deployment.
    package func overview() async throws -> EdgeOverview? {
        guard let (_, state) = try await recorded() else { return nil }
        let edges = try await reports().map { found in
            let report = found.report
            return EdgeOverview.Edge(
                node: found.node.name, address: found.node.address, absence: found.node.absence,
                isConfirmed: found.node.absence == nil && found.task?.state == .running
                    && report?.epoch == state.epoch,
                epoch: report?.epoch, colour: report?.confirmed?.colour,
                confirmedAt: report?.confirmed?.at, failure: report?.failure)
        }
        return EdgeOverview(epoch: state.epoch, colour: state.division.colour, edges: edges)
    }
}
