import BlueGreen
import DockerEngine
import Orchestration
import TestSupport

@testable import DockerSwarm

/// The time of a simulated swarm, in which one thing happens after the other.
extension SimulatedSwarm {
    /// Lets all happen that is due until the moment.
    func advance(to moment: Timestamp) async {
        // An event may ask the managers itself, which then takes no time.
        let isNested = with { state in
            defer { state.isPassing = true }
            return state.isPassing
        }
        if isNested { return }
        while let (due, act) = next(until: moment) {
            host.with { $0.now = max($0.now, due) }
            await act()
        }
        host.with { $0.now = max($0.now, moment) }
        with { $0.isPassing = false }
    }

    private func next(until moment: Timestamp) -> (Timestamp, () async -> Void)? {
        let found: (due: Timestamp, event: Event?, process: EdgeProcess?)? = with { state in
            let event = state.events.min { ($0.due, $0.number) < ($1.due, $1.number) }
            let processes = state.nodes.filter { $0.condition != .frozen && $0.condition != .off }
                .flatMap { node in node.processes.sorted { $0.key < $1.key }.map(\.value) }
            let waiting = processes.compactMap { process in process.due.map { ($0, process) } }
                .min { $0.0 < $1.0 }
            if let waiting, waiting.0 <= moment, event.map({ waiting.0 < $0.due }) ?? true {
                return (waiting.0, nil, waiting.1)
            }
            guard let event, event.due <= moment else { return nil }
            state.events.removeAll { $0.number == event.number }
            return (event.due, event.event, nil)
        }
        guard let found else { return nil }
        return (
            found.due,
            {
                if let event = found.event { await self.perform(event) }
                await found.process?.resume()
            }
        )
    }

    private func perform(_ event: Event) async {
        let now = now
        switch event {
        case .reconcile: with { $0.reconcile(at: now) }
        case .sync(let node): await sync(node)
        case .notice(let node):
            with { state in
                state.nodes[node].isReady = state.nodes[node].condition == .well
                if state.nodes[node].isReady { state.scheduleSync(node, at: now) }
                state.reconcile(at: now)
            }
        case .befall(let node, let condition): await befall(node, condition)
        case .recover(let node): await recover(node)
        case .forget(let node): await forget(node)
        }
        check(after: "\(event)")
    }

    private func befall(_ node: Int, _ condition: SimulatedNode.Condition) async {
        let processes = with { state -> [EdgeProcess] in
            guard state.nodes[node].condition == .well else { return [] }
            state.count("\(condition)")
            state.nodes[node].condition = condition
            guard condition == .off else { return [] }
            return state.nodes[node].processes.sorted { $0.key < $1.key }.map(\.value)
        }
        for process in processes { await process.kill() }
        let now = now
        with { state in
            if condition == .off { state.nodes[node].processes = [:] }
            // Shorter troubles go by without that the managers hear of them.
            state.schedule(.notice(node), at: now + .seconds(5) + state.milliseconds(upTo: 3000))
        }
    }

    /// A node that boots begins with its nginx, and with the tasks that it knows of.
    func recover(_ node: Int) async {
        let now = now
        let begun = with { state -> [SimulatedTask] in
            let condition = state.nodes[node].condition
            guard condition != .well else { return [] }
            state.nodes[node].condition = .well
            state.nodes[node].isDeaf = state.flaw == .neverCatchesUp
            state.schedule(.notice(node), at: now + state.milliseconds(upTo: 4000))
            guard condition == .off else { return [] }
            if state.flaw == .bootsByAnOlderLink {
                state.nodes[node].disk = state.nodes[node].before
            }
            state.nodes[node].workers = state.nodes[node].disk
            let own = state.tasks.indices.filter { index in
                let task = state.tasks[index]
                return task.node == node && (task.state == .starting || task.state == .running)
            }
            for index in own { state.tasks[index].state = .starting }
            return own.map { state.tasks[$0] }.shuffled(using: &state.random)
        }
        check(after: "a boot")
        for task in begun { await begin(task) }
    }

    private func sync(_ node: Int) async {
        let now = now
        let (begun, ended) = with { state -> ([SimulatedTask], [EdgeProcess]) in
            guard state.nodes[node].condition == .well, !state.nodes[node].isDeaf else {
                return ([], [])
            }
            var begun: [SimulatedTask] = []
            var ended: [EdgeProcess] = []
            for index in state.tasks.indices where state.tasks[index].node == node {
                let task = state.tasks[index]
                if task.isWanted, task.state == .assigned {
                    state.tasks[index].state = .starting
                    begun.append(state.tasks[index])
                } else if !task.isWanted, !task.state.isOver {
                    if let process = state.nodes[node].processes.removeValue(forKey: task.number) {
                        ended.append(process)
                    }
                    state.tasks[index].state = .shutdown
                    state.tasks[index].endedAt = now
                }
                state.tasks[index].told = state.tasks[index].state
            }
            state.schedule(.reconcile, at: now + .milliseconds(5))
            return (begun.shuffled(using: &state.random), ended)
        }
        for process in ended { await process.kill() }
        for task in begun { await begin(task) }
    }

    private func forget(_ node: Int) async {
        let (name, isGone) = with { ($0.nodes[node].name, !$0.nodes[node].isReady) }
        guard isGone else { return }
        var edges = SwarmEdges(
            SwarmLife.edges(.refused), api: SimulatedManagers(self, .person),
            clock: EdgeProcess(host))
        // Without a leader he tries again another day.
        edges.api.patience = .zero
        do {
            _ = try await edges.forget(name)
        } catch {
            // Nothing stands in the record yet, or somebody else writes at the same moment.
            return
        }
        with { state in
            state.count("forgotten")
            state.nodes[node].isForgotten = true
        }
    }
}

extension SimulatedSwarm.State {
    /// As many tasks as the swarm remembers of those that are over, on each node.
    private static let remembered = 3
    private static let restartDelay = Duration.seconds(2)

    /// A global service, start-first, all nodes at once: the older tasks end once the new one runs.
    mutating func reconcile(at now: Timestamp) {
        for node in nodes.indices {
            let own = tasks.indices.filter { tasks[$0].node == node }
            let before = own.map { tasks[$0].isWanted }
            let isNew = look(at: node, own, now)
            if isNew || before != own.map({ tasks[$0].isWanted }) { scheduleSync(node, at: now) }
            let over = own.filter { tasks[$0].told.isOver && !tasks[$0].isWanted }
            for index in over.dropLast(Self.remembered).reversed() { tasks.remove(at: index) }
        }
    }

    /// - Returns: whether the node gets another task.
    private mutating func look(at node: Int, _ own: [Int], _ now: Timestamp) -> Bool {
        guard nodes[node].isReady, let service else {
            for index in own { tasks[index].isWanted = false }
            return false
        }
        for index in own where tasks[index].told == .failed { tasks[index].isWanted = false }
        let present = own.last { tasks[$0].isWanted && tasks[$0].template == service.template }
        if let present {
            guard tasks[present].told == .running else { return false }
            for index in own where index != present { tasks[index].isWanted = false }
            return false
        }
        let failed = own.last {
            tasks[$0].template == service.template && tasks[$0].told == .failed
        }
        if let end = failed.flatMap({ tasks[$0].endedAt }), now < end + Self.restartDelay {
            schedule(.reconcile, at: end + Self.restartDelay)
            return false
        }
        made += 1
        let variable = service.spec["TaskTemplate"]?["ContainerSpec"]?["Env"]?.array ?? []
        tasks.append(
            SimulatedTask(
                number: made, node: node, template: service.template,
                environment: variable.first?.string ?? ""))
        return true
    }
}
