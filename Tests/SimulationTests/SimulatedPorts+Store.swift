import BlueGreen
import Orchestration
import TestSupport

extension SimulatedPorts: DeploymentStore {
    func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {
        try host.act("save memory") { state in
            try state.takeRoom()
            state.memoryUses[release, default: [:]].merge(seen) { $0.merged(with: $1) }
        }
    }

    func memoryUses() async throws -> [String: MemoryUse] {
        try host.act("memoryUses") { state in
            state.memoryUses.values.reduce(into: [:]) { all, seen in
                all.merge(seen) { $0.merged(with: $1) }
            }
        }
    }

    func save(_ deployment: Deployment) async throws {
        // The run goes on with it, whether or not it can be written down.
        host.with { state in
            guard state.isPowered else { return }
            if let kept = state.evidence, kept.number != deployment.number {
                state.evidence = nil
            }
            if state.current?.number != deployment.number { state.begin() }
            state.current = deployment
            state.isUnderWay = true
            state.rest.note(deployment.position, at: state.now)
        }
        try host.act("save") { state in
            do {
                try state.takeRoom()
            } catch {
                if state.flaw == .losesRecords { return }
                throw error
            }
            let isFound = deployment.outcome != nil && state.deployments[deployment.number] == nil
            if state.flaw == .losesFoundMoves, isFound { return }
            var kept = deployment
            if state.flaw == .keepsSingletonsOfAMove, isFound { kept.settle(.singletons) }
            if state.flaw == .forgetsOwedWork { for work in Owed.allCases { kept.settle(work) } }
            state.deployments[deployment.number] = kept
        }
    }

    func deployments(limit: Int) async throws -> [Deployment] {
        try host.act("deployments") { state in
            Array(state.deployments.values.sorted { $0.number > $1.number }.prefix(limit))
        }
    }

    func save(_ release: Release) async throws {
        try host.act("save release") { state in
            try state.takeRoom()
            state.releases.append(release)
        }
    }

    func releases() async throws -> [Release] {
        try host.act("releases") { $0.releases.sorted { $0.id > $1.id } }
    }

    func deleteRelease(_ id: ReleaseID) async throws {
        try host.act("delete release") { state in
            try state.takeRoom()
            if state.flaw == .keepsFailedReleases { return }
            state.releases.removeAll { $0.id == id }
            state.memoryUses[id] = nil
        }
    }
}

extension SimulatedHost.State {
    /// A new deployment begins.
    fileprivate mutating func begin() {
        rest.isOver()
        owed = Set(
            containers.filter { container in
                container.isRunning && container.hasPolicy && container.colour == live
                    && container.service.role == .singleton
            }.map(\.replica.service))
    }
}
