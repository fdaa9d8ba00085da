package import BlueGreen

/// One piece of work that a deployment left undone.
package struct OwedWork: Hashable, Sendable, CustomStringConvertible {
    package let deployment: Deployment
    package let work: Owed

    package init(_ work: Owed, of deployment: Deployment) {
        self.deployment = deployment
        self.work = work
    }

    /// The whole of it as a sentence: `Deployment 7 left its release 20261119-... in green.`
    package var description: String {
        let candidate = deployment.candidate
        let previous = deployment.previous ?? candidate
        let rest =
            switch work {
            case .servingReplica:
                "could not start all of release \(previous.release) in \(previous.colour) again."
            case .singletons where deployment.outcome == .promoted:
                "did not hand over to \(candidate.colour) what runs in one colour at a time."
            case .singletons:
                "did not hand back to \(previous.colour) what runs in one colour at a time."
            case .cleanUp:
                "left the containers of its release \(candidate.release) in "
                    + "\(candidate.colour)."
            case .retirement:
                "did not finish with release \(previous.release) in \(previous.colour) "
                    + "(`keep` in teal.yml)."
            case .watch: "could not tell nginx that its watch is over."
            case .release: "left the record of its release \(candidate.release)."
            }
        return "Deployment \(deployment.number) " + rest
    }
}

extension Deployment {
    /// What another run can do. A replica that does not come back needs a new release, and its own
    /// health tells of it.
    var workLeft: [OwedWork] {
        owed.filter { $0 != .servingReplica }.map { OwedWork($0, of: self) }
    }
}

extension Collection<Deployment> {
    /// The newest deployments that may still owe something, newest first: up to the last one that
    /// moved traffic. What is older has been overtaken, since a colour is emptied before another
    /// release goes there. One under way owes nothing, and nobody works beside it.
    package var owing: [Deployment] {
        guard first?.outcome != nil else { return [] }
        let later = prefix { $0.outcome == .aborted }
        return Array(later) + dropFirst(later.count).prefix(1).filter { $0.outcome != nil }
    }
}

/// Does what earlier runs could not finish. All of it is idempotent and harms nobody twice.
struct OwedWorkers: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// How far back a deployment may owe something.
    static let depth = 20

    /// The result of one try.
    struct Result: Sendable {
        var done: [OwedWork] = []
        var left: [OwedWork] = []
    }

    /// - Throws: where the history cannot be read.
    func work() async throws -> Result {
        var result = Result()
        let known = Set(try await ports.store.releases().map(\.id))
        for var deployment in try await ports.store.deployments(limit: Self.depth).owing {
            // The disk that kept a release from being forgotten may have kept that unsaid.
            if deployment.forgetsItsRelease, known.contains(deployment.candidate.release) {
                deployment.owe(.release)
            }
            guard !deployment.workLeft.isEmpty else { continue }
            for owed in deployment.workLeft {
                do {
                    guard try await isDone(owed.work, of: deployment) else {
                        result.left.append(owed)
                        continue
                    }
                    deployment.settle(owed.work)
                    result.done.append(owed)
                    ports.reporter.report(.note("\(owed) That is done now."))
                } catch let error where !(error is CancellationError) {
                    result.left.append(owed)
                    ports.reporter.report(.warning("\(owed) It could not be done now: \(error)"))
                }
            }
            await save(deployment)
        }
        return result
    }

    /// - Returns: whether the work is done now; false where it failed for good for this time, or only
    ///   a whole way back can do it.
    private func isDone(_ work: Owed, of deployment: Deployment) async throws -> Bool {
        let performer = StepPerformer(ports)
        let colour = deployment.candidate.colour
        switch work {
        case .servingReplica: return false
        case .singletons: return try await isHandedOver(deployment)
        case .cleanUp:
            try await performer.act(
                deployment.keepsItsSet ? .stop(colour) : .cleanUp(colour), for: deployment)
        case .retirement:
            guard let previous = deployment.previous else { break }
            let fate = deployment.settings.previous
            try await performer.act(.retire(previous.colour, fate), for: deployment)
        case .watch: try await performer.act(.endWatch, for: deployment)
        case .release: try await ports.store.deleteRelease(deployment.candidate.release)
        }
        return true
    }

    /// After a move that was found; a way back is gone as a whole.
    private func isHandedOver(_ deployment: Deployment) async throws -> Bool {
        guard deployment.outcome == .promoted, let previous = deployment.previous else {
            return false
        }
        let performer = StepPerformer(ports)
        try await performer.act(.stopSingletons(previous.colour), for: deployment)
        let order = deployment.order
        let settings = deployment.settings
        var startedAt: Timestamp?
        for replica in order.services.filter(order.runsOnce).containers {
            // The host needs its rest between two starts here too.
            if let rested = startedAt.map({ max($0 + settings.startPause, ports.clock.now) }) {
                let until = rested + settings.startAtMost
                try await performer.act(
                    .settle(settings.settle, notBefore: rested, until: until), for: deployment)
            }
            try await performer.act(.start(replica, of: deployment.candidate), for: deployment)
            startedAt = ports.clock.now
            let result = try await performer.act(
                .awaitUp(replica, of: deployment.candidate), for: deployment)
            if case .failed(let failure) = result {
                ports.reporter.report(.warning(failure.message))
                return false
            }
        }
        return true
    }

    /// What is not written down is done once more, which harms nobody.
    private func save(_ deployment: Deployment) async {
        do {
            try await ports.store.save(deployment)
        } catch {
            ports.reporter.report(.warning("\(error)"))
        }
    }
}
