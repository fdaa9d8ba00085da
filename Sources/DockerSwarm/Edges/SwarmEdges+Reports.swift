import BlueGreen
import DockerEngine
package import Orchestration

extension SwarmEdges {
    struct NodeReport: Sendable {
        let node: SwarmNode
        let task: SwarmTask?
        let report: EdgeReport?
        /// Whether it is absent, and no change waits for it.
        let isExcused: Bool
        let isForgotten: Bool
    }

    /// The words of each edge on itself, in alphabetical order of node. All are asked at once.
    func reports() async throws -> [NodeReport] {
        guard let service = try await api.service(name) else {
            throw SwarmError.noEdgeService(name)
        }
        let roll = EdgeRoll(service, try await api.tasks(of: [service]))
        let nodes = try await nodes()
        return try await withThrowingTaskGroup(of: NodeReport.self) { group in
            for node in nodes {
                group.addTask { try await self.report(on: node, roll) }
            }
            var reports: [NodeReport] = []
            for try await report in group { reports.append(report) }
            return reports.sorted { $0.node.name < $1.node.name }
        }
    }

    private func report(on node: SwarmNode, _ roll: EdgeRoll) async throws -> NodeReport {
        let task = roll.tasks(on: node).last { $0.isWanted }
        var report: EdgeReport?
        if let task, node.absence == nil {
            report = EdgeReport(lines: try await api.logs(ofTask: task.id, lines: 5))
        }
        return NodeReport(
            node: node, task: task, report: report,
            isExcused: node.absence != nil && excuses(node, roll),
            isForgotten: roll.isForgotten(node))
    }

    /// Others' faults in the nginx of an edge, which keep nobody from going back. None where the
    /// edges cannot be asked: the first change says why.
    func faults() async throws -> [Obstacle] {
        do {
            guard try await recorded() != nil else { return [] }
            // An edge looks every few seconds, and somebody may just have put it right.
            let end = clock.now + EdgeAgent.faultPeriod + .seconds(2)
            while true {
                let found = try await toldFaults()
                if found.isEmpty || clock.now >= end { return found }
                try await clock.sleep(until: clock.now + .seconds(1))
            }
        } catch let error where !(error is CancellationError) {
            return []
        }
    }

    private func toldFaults() async throws -> [Obstacle] {
        try await reports().compactMap { found in
            found.report?.fault.map {
                Obstacle("\(found.node.name): \($0)", hindersWayBack: false)
            }
        }
    }

    /// - Returns: nil before the first deployment.
    package func overview() async throws -> EdgeOverview? {
        guard let (_, state) = try await recorded() else { return nil }
        let edges = try await reports().map { found in
            let report = found.report
            return EdgeOverview.Edge(
                node: found.node.name, address: found.node.address, absence: found.node.absence,
                isForgotten: found.isForgotten,
                isConfirmed: found.node.absence == nil && found.task?.state == .running
                    && report?.epoch == state.epoch,
                epoch: report?.epoch, division: report?.confirmed?.division,
                confirmedAt: report?.confirmed?.at, failure: report?.failure ?? report?.fault,
                memory: report?.memory)
        }
        return EdgeOverview(epoch: state.epoch, division: state.division, edges: edges)
    }
}
