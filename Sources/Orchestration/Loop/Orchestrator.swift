package import BlueGreen

/// Carries a deployment out, one step at a time: decide, act, record, save.
package struct Orchestrator: Sendable {
    private let ports: Ports
    private let interruption: Interruption

    package init(_ ports: Ports, interruption: Interruption) {
        self.ports = ports
        self.interruption = interruption
    }

    /// Runs a deployment to its end, or until a person has the word, wherever it stands.
    ///
    /// Failures of its steps are in it, and failures to record them. Every step tries to record
    /// anew. Where the last one is not on disk either, the next run takes the deployment up by what
    /// the symlink says.
    package func run(_ begun: Deployment) async -> Deployment {
        var deployment = begun
        await save(&deployment, after: begun)
        ports.reporter.report(.began(deployment))
        ports.reporter.report(.entered(phase: deployment.phaseName))
        report(deployment, after: begun)
        while case .perform(let step) = deployment.next(at: ports.clock.now) {
            let result = await perform(step, for: deployment)
            let before = deployment
            deployment.record(result, at: ports.clock.now)
            await save(&deployment, after: before)
            report(deployment, after: before)
        }
        await endWatch(of: &deployment)
        // No later step would see it.
        _ = try? await LinkMending(ports).putBack(during: deployment)
        ports.reporter.report(
            deployment.outcome == nil ? .awaitingPromotion(deployment) : .finished(deployment))
        return deployment
    }

    private func save(_ deployment: inout Deployment, after before: Deployment) async {
        let recorded = deployment.recorded
        do {
            try await ports.store.save(recorded)
            deployment = recorded
        } catch {
            let cause = (error as? any ClusterFailure)?.meaning?.cause ?? .unrecorded
            deployment.meetUnrecorded(
                "\(error)", since: before, as: cause, at: ports.clock.now)
        }
    }

    /// Also where a way back ended the loop before the step that does it.
    private func endWatch(of deployment: inout Deployment) async {
        guard deployment.isWatched else { return }
        let before = deployment
        do {
            try await ports.observer.end()
            deployment.settle(.watch)
        } catch {
            // nginx ends it by itself, and nothing of the deployment depends on it.
            ports.reporter.report(.warning("\(error)"))
            if deployment.outcome != nil { deployment.owe(.watch) }
        }
        if deployment != before { await save(&deployment, after: before) }
    }

    private func report(_ deployment: Deployment, after before: Deployment) {
        for warning in deployment.warnings where !before.warnings.contains(warning) {
            ports.reporter.report(.warning(warning.message))
        }
        guard let position = deployment.position else { return }
        if deployment.phases.count != before.phases.count {
            ports.reporter.report(.entered(phase: deployment.phaseName))
        }
        if case .launching(let launch) = position.mark, case .resting(let until) = launch.state {
            ports.reporter.report(.resting(until: until))
        }
        ports.reporter.report(.advanced(deployment))
    }

    private func perform(_ step: Step, for deployment: Deployment) async -> StepResult {
        let act = StepPerformer(ports)
        guard deployment.isInterruptible else { return await act.perform(step, for: deployment) }
        return await interruption.racing(orElse: .failed(.ended(in: deployment.phaseName))) {
            await act.perform(step, for: deployment)
        }
    }
}

extension Interruption {
    /// The act's result, or that a signal ended it.
    func racing(
        orElse none: StepResult, _ act: @escaping @Sendable () async -> StepResult
    ) async -> StepResult {
        await withTaskGroup(of: StepResult?.self) { group in
            group.addTask { await act() }
            group.addTask { await self.wait().map { .interrupted(signal: $0) } }
            let first = await group.next() ?? nil
            group.cancelAll()
            // Waiting for the act to end is part of it: nothing of it may run beside the clean-up.
            await group.waitForAll()
            return first ?? none
        }
    }
}

extension Failure {
    static func ended(in phase: String) -> Failure {
        Failure(.step(phase: phase), "The step \(phase) ended without a result.")
    }
}
