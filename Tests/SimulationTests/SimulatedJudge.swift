import BlueGreen
import Orchestration

/// Holds the ends of deployments against the promises of Teal.
struct SimulatedJudge: Sendable {
    let host: SimulatedHost

    func judge(_ ended: Deployment) {
        judgeWatch(of: ended)
        judgeMemory(of: ended)
        judgeTelling(of: ended)
        let live = host.with { $0.mustServe ? $0.routed : $0.live }
        switch ended.outcome {
        case .promoted where live != ended.candidate.colour:
            violate("promoted, but traffic is not on the candidate")
        case .aborted where isSucceeded(ended), .rolledBack where isSucceeded(ended): break
        // A move by hand, and nobody could ask nginx whether it had followed, or Docker what runs
        // there: the last lines say that others have moved the link.
        case .aborted where host.with({ $0.hasUnjudgedMove(live) }): break
        case .aborted where live != ended.previous?.colour:
            violate("aborted, but traffic is not where it was")
        case .rolledBack where live != ended.previous?.colour:
            violate("rolled back, but traffic is not where it was")
        case .promoted where host.with({ $0.overruled.contains(ended.number) }):
            violate("promoted, and somebody had moved the link away")
        case .promoted where isUnproved(ended):
            violate("promoted, but nginx did not run when that was proved")
        case .promoted:
            let singletons = ended.services.filter { $0.role == .singleton }.map(\.name)
            host.with { $0.checkSingletonsRun(singletons, in: ended.candidate.colour) }
        case .aborted, .rolledBack:
            guard let live else { return }
            // It was said that something could not be given back.
            if ended.warnings.contains(where: \.isOfAFailure) { return }
            host.with { state in
                state.checkSingletonsRun(state.owed, in: live)
                if !state.serves(live) { state.violations.append("\(live) was left in pieces") }
            }
        case nil where ended.waitsUntil != nil: break
        case nil:
            violate("a run ended without an outcome")
        case .unknown:
            break
        }
    }

    /// No later run tells a milder end than what happened, or takes away what was told to be kept.
    private func judgeTelling(of ended: Deployment) {
        if ended.outcome == .aborted, host.with({ $0.served.contains(ended.number) }) {
            violate("aborted before the switch, but the candidate had traffic")
        }
        guard ended.outcome == .rolledBack, ended.facts.has(.breached),
            !ended.owed.contains(.cleanUp)
        else { return }
        host.with { state in
            if state.containers.contains(where: { $0.placement == ended.candidate }) {
                state.evidence = (ended.candidate, ended.number)
            }
        }
    }

    func checkEvidence() {
        host.with { state in
            guard let (placement, _) = state.evidence else { return }
            if !state.containers.contains(where: { $0.placement == placement }) {
                state.violations.append("\(placement.release) was kept as evidence, and is gone")
            }
        }
    }

    /// A faulty release goes back, unless the one before was seen to be as faulty. A good one stays,
    /// and a rollback is not watched.
    private func judgeWatch(of ended: Deployment) {
        let isFaulty = host.with { $0.quality[ended.candidate.release] == .faulty }
        let isBreach = ended.failure?.cause == .breach
        if isBreach, !isFaulty { violate("a good release lost its traffic") }
        if ended.kind != .deploy, !ended.facts.observed.isEmpty {
            violate("a rollback was watched")
        }
        let sawAll = !ended.warnings.contains(where: \.keptFromSeeing)
        let bake = ended.facts.observed.first { $0.stage == .bake && $0.candidate != nil }
        let isNoWorse = (bake?.previous?.errors ?? 0) > 0
        if isBreach, isNoWorse {
            violate("a release no worse than the one before lost its traffic")
        }
        if ended.outcome == .promoted, isFaulty, sawAll, bake != nil, !isNoWorse {
            violate("a release that answers with errors was kept")
        }
    }

    /// A start under which a container that serves was killed ends.
    private func judgeMemory(of ended: Deployment) {
        if ended.outcome == .promoted, host.with({ $0.memory.told.contains(ended.number) }) {
            violate("a container that serves was OOM-killed, and the start went on")
        }
    }

    /// Whether nginx was gone for the whole of the last proof.
    private func isUnproved(_ ended: Deployment) -> Bool {
        guard let proof = ended.phases.lastIndex(where: { $0.name == "proving" }) else {
            return false
        }
        let (start, end) = (ended.phases[proof].at, ended.phases[proof + 1].at)
        return host.with { $0.trouble.wasNginxGone(from: start, to: end) }
    }

    /// In peace nothing is owed any more, and nothing is left of a release that lost.
    func checkOwedWork(of store: any DeploymentStore) async throws {
        for ended in try await store.deployments(limit: 20).owing where ended.outcome != .unknown {
            for work in ended.owed { violate("\(OwedWork(work, of: ended)) It is owed still.") }
            guard ended.kind == .deploy, ended.outcome != .promoted,
                !ended.facts.has(.breached)
            else { continue }
            let isLeft = host.with { state in
                state.containers.contains { $0.placement == ended.candidate }
            }
            if isLeft { violate("\(ended.candidate.release) lost, and is there still") }
        }
    }

    /// In peace the history says who has traffic, whatever could not be written down.
    func checkRecord(of store: any DeploymentStore) async throws {
        guard let newest = try await store.deployments(limit: 1).first,
            case .on(let colour) = newest.recordedTraffic, newest.outcome != nil
        else { return }
        let live = host.with { $0.live }
        if let live, live != colour {
            violate("deployment \(newest.number) is on record, and \(live) has traffic")
        }
        host.with { state in
            if state.mustServe, let live, !state.serves(live), state.serves(live.other) {
                state.violations.append("the link leads to \(live), and \(live.other) serves")
            }
        }
    }

    func violate(_ what: String) {
        host.with { $0.violations.append(what) }
    }

    /// A release that never kept traffic is forgotten, and pushes none out that did.
    func checkReleases(of store: any DeploymentStore) async throws {
        let known = Set(try await store.releases().map(\.id))
        let past = try await store.deployments(limit: 100)
        if let bringer = past.first(where: { $0.outcome == .promoted }) {
            let ends = [bringer.candidate.release, bringer.previous?.release].compactMap(\.self)
            for end in ends where !known.contains(end) { violate("\(end) was pushed out") }
        }
        for ended in past where host.with({ $0.announced[ended.number] }) == ended.outcome {
            let isForgotten = ended.outcome == .aborted || ended.outcome == .rolledBack
            if ended.kind == .deploy, isForgotten, known.contains(ended.candidate.release) {
                violate("\(ended.candidate.release) never kept traffic and is kept")
            }
        }
    }
}

extension SimulatedJudge {
    /// A later run, which could not write it down, has brought another release into its colour.
    private func isSucceeded(_ ended: Deployment) -> Bool {
        guard ended.failure?.cause == .overtaken else { return false }
        return host.with { state in
            let colour = ended.candidate.colour
            return state.live == colour && state.serves(colour)
                && !state.containers.contains { $0.placement == ended.candidate }
        }
    }
}

extension Warning {
    /// Of a failure, or of a failed look.
    fileprivate var isOfAFailure: Bool {
        switch cause {
        case .failure, .observation, .unrecorded: true
        case .act, .unsettled, .room, .signal: false
        }
    }

    fileprivate var keptFromSeeing: Bool {
        switch cause {
        case .failure, .observation, .unrecorded, .signal: true
        case .act, .unsettled, .room: false
        }
    }
}
