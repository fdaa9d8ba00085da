import BlueGreen
import DockerEngine
import Orchestration

@testable import DockerSwarm

/// The processes of the edges' tasks: the real agent on a simulated node.
extension SimulatedSwarm {
    func begin(_ task: SimulatedTask) async {
        let process = EdgeProcess(host)
        let folder = with { state in
            state.nodes[task.node].processes[task.number] = process
            return state.nodes[task.node].folder
        }
        await process.begin {
            do {
                let state = try Self.state(of: task, in: folder)
                let nginx = SimulatedNginx(self, task.node, process)
                let agent = EdgeAgent(
                    state, router: nginx, edge: nginx, observer: nginx, gauge: nginx,
                    clock: process
                ) { report in
                    self.note(report, of: task, by: process)
                }
                try await agent.run { isConfirmed in
                    if isConfirmed { self.noteConfirmed(task, state.epoch, by: process) }
                }
            } catch {
                self.noteEnd(of: task, by: process)
            }
        }
    }

    /// All nodes have the folder at one path, which here are folders of one host.
    private static func state(of task: SimulatedTask, in folder: String) throws -> EdgeState {
        var state = try EdgeState(environment: [task.environment])
        let site = state.site
        state.site = EdgeState.Site(
            app: site.app, services: site.services, mode: site.mode, directory: folder,
            binary: site.binary, config: site.config, status: site.status,
            trustedProxies: site.trustedProxies)
        return state
    }

    private func note(_ report: EdgeReport, of task: SimulatedTask, by process: EdgeProcess) {
        guard !process.isKilled, let line = try? report.line else { return }
        with { state in
            guard let index = state.tasks.firstIndex(where: { $0.number == task.number }) else {
                return
            }
            state.tasks[index].log.append(line)
        }
    }

    private func noteConfirmed(_ task: SimulatedTask, _ epoch: Int, by process: EdgeProcess) {
        guard !process.isKilled else { return }
        let now = now
        with { state in
            // It follows the newest record again, and counts as all others do.
            let newest = state.service?.spec["Labels"]?[EdgeState.epochLabel]?.integer
            if epoch == newest { state.nodes[task.node].isForgotten = false }
            state.set(.running, of: task, at: now)
        }
        check(after: "a confirmation")
    }

    private func noteEnd(of task: SimulatedTask, by process: EdgeProcess) {
        guard !process.isKilled else { return }
        let now = now
        with { state in
            state.count("refused")
            state.nodes[task.node].processes[task.number] = nil
            state.set(.failed, of: task, at: now)
        }
    }
}

extension SimulatedSwarm.State {
    fileprivate mutating func set(
        _ word: SimulatedTask.State, of task: SimulatedTask, at now: Timestamp
    ) {
        guard let index = tasks.firstIndex(where: { $0.number == task.number }) else { return }
        tasks[index].state = word
        if word == .failed { tasks[index].endedAt = now }
        if nodes[task.node].condition == .well { scheduleSync(task.node, at: now) }
    }
}
