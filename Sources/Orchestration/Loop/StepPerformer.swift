import BlueGreen

/// Carries out single steps. An adapter's error becomes a failure of the step.
struct StepPerformer: Sendable {
    let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// Memory is watched beside each step that starts something, and the link beside each that may
    /// take long.
    func perform(_ step: Step, for deployment: Deployment) async -> StepResult {
        // In a cluster no file says who has traffic.
        guard step.takesLong, ports.engine.runsOnThisHost else {
            return await watched(step, for: deployment)
        }
        return await LinkGuard(ports, deployment).beside { await watched(step, for: deployment) }
    }

    private func watched(_ step: Step, for deployment: Deployment) async -> StepResult {
        guard let watch = MemoryWatch(ports, deployment) else {
            return await outcome(of: step, for: deployment)
        }
        return await watch.beside { await outcome(of: step, for: deployment) }
    }

    private func outcome(of step: Step, for deployment: Deployment) async -> StepResult {
        do {
            return try await act(step, for: deployment)
        } catch {
            let meaning = (error as? any ClusterFailure)?.meaning
            let cause = meaning?.cause ?? .step(phase: deployment.phaseName)
            return .failed(Failure(cause, "\(error)"))
        }
    }

    /// - Throws: whatever an adapter throws.
    @discardableResult
    func act(_ step: Step, for deployment: Deployment) async throws -> StepResult {
        let candidate = deployment.candidate
        if try await LinkMending(ports).putBack(during: deployment) {
            try await watchAgain(step, deployment)
        }
        switch step {
        case .resolve:
            let release = try await ReleaseReader(ports).read(
                as: candidate.release, label: deployment.label)
            return .resolved(release.services)
        case .preflight:
            try await Preflight(ports).pass(deployment)
        case .checkRoom:
            return try await checkRoom(deployment)
        case .prepare:
            if let moved = try await LinkWatch(ports, deployment).trouble(in: .before) {
                return .failed(moved)
            }
            try await prepare(deployment)
        case .start(let container, let placement):
            return try await start(container, of: placement, in: deployment)
        case .awaitUp(let container, let placement):
            return try await awaitUp(container, of: placement, in: deployment)
        case .settle(let bounds, let notBefore, let until):
            return try await SettleWait(ports, bounds).settle(notBefore: notBefore, until: until)
        case .verify:
            return try await verify(deployment)
        case .runHook(let hook, let point):
            var circumstances = deployment.circumstances(at: point)
            if point.comesAfterArming {
                circumstances.previewURL = try await ports.router.previewURL()
            }
            let failure = try await HookRun(ports).run(hook, circumstances)
            return failure.map { .failed($0) } ?? .done
        case .arm:
            try await ports.router.arm(try await routes(for: deployment))
        case .probeEdge:
            return try await EdgeCheck(ports, deployment).pass()
        case .route(let division):
            if try await WayBack(ports, deployment).isOver(at: division) { return .unneeded }
            try await ports.router.route(division)
        case .confirm(let division):
            try await ports.router.confirm(division)
        case .beginWatch(let until):
            let unseen = try await ports.observer.begin(until: until)
            if !unseen.isEmpty { return .doneWithWarning(unseen.joined(separator: " ")) }
        case .observe(let stage, let until):
            return .observed(try await observe(stage, until: until, deployment))
        case .endWatch:
            try await ports.observer.end()
        case .drain(let colour, let until):
            let isStopped = deployment.stopsFirst || colour == candidate.colour
            let fate = isStopped ? .stopped : deployment.settings.previous
            return try await DrainWait(ports, deployment, colour)
                .wait(until: until, then: fate)
        case .stop(let colour):
            try await refuseLive(colour)
            // Until the candidate is made, its colour may hold a release to go back to.
            colour == candidate.colour
                ? try await ports.engine.stop(candidate) : try await ports.engine.stop(colour)
        case .stopSingletons(let colour):
            if deployment.position?.way == .forward,
                let moved = try await LinkWatch(ports, deployment).trouble()
            {
                return .failed(moved)
            }
            try await refuseLive(colour)
            let lost = try await ports.engine.stopSingletons(
                of: colour, and: deployment.order.singletonServices)
            if !lost.isEmpty { return .doneWithWarning(lost.joined(separator: " ")) }
        case .prove(let until):
            return try await prove(until: until, deployment)
        case .retire(let colour, let fate):
            return try await retire(colour, fate, deployment)
        case .cleanUp(let colour):
            try await refuseLive(colour)
            try await ports.engine.remove(candidate, .atOnce)
        }
        return .done
    }

    /// Where a candidate is watched, its share and the writing down of answers are gone with a link
    /// that was lost. Nothing is to be promoted unseen.
    private func watchAgain(_ step: Step, _ deployment: Deployment) async throws {
        guard case .observe(let stage, let until) = step else { return }
        if case .canary(let share) = stage {
            try await ports.router.route(.share(share, to: deployment.candidate.colour))
        }
        let end = max(until, ports.clock.now) + Deployment.margin
        for unseen in try await ports.observer.begin(until: end) {
            ports.reporter.report(.warning(unseen))
        }
    }

    private func prepare(_ deployment: Deployment) async throws {
        try await ports.router.prepare()
        // Containers that nginx routes to against the link must not be replaced.
        if let live = try await ports.router.liveColour() {
            try await ports.router.confirm(.all(live))
        }
        try await refuseLive(deployment.candidate.colour)
        try await ports.engine.prepare(deployment.candidate, kind: deployment.kind)
    }

    private func start(
        _ container: PlannedReplica, of placement: Placement, in deployment: Deployment
    ) async throws -> StepResult {
        if deployment.order.runsOnce(container.service) {
            if deployment.position?.way == .forward, deployment.facts.has(.switched),
                let moved = try await LinkWatch(ports, deployment).trouble()
            {
                return .failed(moved)
            }
            try await ports.engine.containers().refuseSecond(container.service, of: placement)
        }
        ports.reporter.report(.starting(container.replica))
        switch try await ports.engine.start(container, of: placement) {
        case .started: return .done
        case .ranAlready:
            ports.reporter.report(.leftAlone(container.replica))
            return .unneeded
        }
    }

    /// A singleton gets its restart policy here: no last look comes after it.
    private func awaitUp(
        _ container: PlannedReplica, of placement: Placement, in deployment: Deployment
    ) async throws -> StepResult {
        let result = try await ReadinessWait(ports, placement, container).wait()
        if deployment.order.runsOnce(container.service), result == .done {
            // It is started after the proof, or goes back to where it has proved itself.
            try await ports.engine.keepRunning(placement, .deployed)
        }
        return result
    }

    private func verify(_ deployment: Deployment) async throws -> StepResult {
        for container in deployment.order.ordinary where container.service.role != .shared {
            let check = LivenessCheck(ports, deployment, container)
            if let failure = try await check.verify() { return .failed(failure) }
        }
        if let failure = try await SharedReach(ports, deployment).prove() {
            return .failed(failure)
        }
        try await ports.engine.keepRunning(deployment.candidate, .started)
        return .done
    }

    /// The candidate's routes beside those of the colour that has traffic, which stay as they are.
    /// On an app's first deployment the other colour gets the addresses of the same set there. So
    /// the second deployment needs no reload.
    private func routes(for deployment: Deployment) async throws -> RoutingTable {
        let colour = deployment.candidate.colour
        let others = deployment.order.otherServices
        return RoutingTable(
            colour, own: try await ports.engine.routes(for: deployment.services, in: colour),
            other: try await ports.engine.routes(for: others, in: colour.other))
    }

    private func observe(
        _ stage: ObservationStage, until: Timestamp, _ deployment: Deployment
    ) async throws -> Observation {
        let pause = stage == .before ? Duration.milliseconds(500) : .seconds(1)
        try await ports.clock.sleep(until: min(until, ports.clock.now + pause))
        let look = ObservationLook(ports)
        var observation = try await look.look(
            at: deployment, stage: stage, since: deployment.hadTrafficSince)
        if deployment.breach(in: observation, of: stage) != nil, observation.trouble == nil {
            observation.logLines = try await look.logLines(of: deployment)
        }
        ports.reporter.report(.observed(stage, observation, of: deployment, until: until))
        return observation
    }

    private func prove(until: Timestamp, _ deployment: Deployment) async throws -> StepResult {
        let result = try await Proof(ports, deployment).prove(until: until)
        // Where nobody is to be retired, no later step does it.
        guard result == .done, deployment.previous == nil else { return result }
        do {
            try await ports.engine.keepRunning(deployment.candidate, .deployed)
        } catch let error where !(error is CancellationError) {
            return .doneWithWarning(
                "\(deployment.candidate.colour) serves, and may not come back by itself after a "
                    + "reboot: \(error)")
        }
        return result
    }

    private func retire(
        _ colour: Colour, _ fate: PreviousColour, _ deployment: Deployment
    ) async throws -> StepResult {
        try await refuseLive(colour)
        try await MemoryRecord(ports).look(active: deployment.candidate.release)
        try await ports.engine.keepRunning(deployment.candidate, .deployed)
        // The looks above take their time.
        if fate != .running { try await refuseLive(colour) }
        switch fate {
        case .running: break
        case .stopped: try await ports.engine.stop(colour)
        case .removed: try await ports.engine.remove(colour, .graceful)
        }
        try await discardReleases(after: deployment)
        return .done
    }

    private func discardReleases(after deployment: Deployment) async throws {
        let releases = try await ports.store.releases().map(\.id)
        let ends = [deployment.candidate.release, deployment.previous?.release].compactMap(\.self)
        let kept = KeptReleases(
            among: releases,
            past: try await ports.store.deployments(limit: KeptReleases.history), ends: ends,
            count: deployment.settings.releases
        ).releases
        try await ports.engine.discardReleases(except: kept)
        for release in releases where !kept.contains(release) {
            try await ports.store.deleteRelease(release)
        }
    }

    /// A last guard that no decision above gets around: the colour that the symlink names is never
    /// stopped.
    private func refuseLive(_ colour: Colour) async throws {
        if try await ports.router.traffic().colours.contains(colour) {
            throw OrchestrationError.hasTraffic(colour)
        }
    }
}

extension Sequence<Container> {
    /// A last guard, whoever asks: a singleton does not start while it runs in the other colour.
    func refuseSecond(
        _ service: PlannedService, of placement: Placement
    ) throws(OrchestrationError) {
        let other = first { container in
            container.replica.service == service.name
                && container.placement.map { $0.colour != placement.colour } ?? false
                && container.mayRun
        }
        guard let colour = other?.placement?.colour else { return }
        throw .singletonElsewhere(service: service.name, colour)
    }
}

extension Container {
    /// Whether it runs or may do so by itself.
    var mayRun: Bool {
        switch state {
        case .created, .exited: false
        case .running, .restarting, .other: true
        }
    }
}
