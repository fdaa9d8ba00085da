import BlueGreen

/// Carries out single steps. Whatever an adapter throws becomes a failure of the step.
struct StepPerformer: Sendable {
    /// How far back a release's traffic is looked up; rollbacks between two releases count too.
    private static let history = 1000

    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    func perform(_ step: Step, for deployment: Deployment) async -> StepResult {
        do {
            return try await act(step, for: deployment)
        } catch {
            let failure = Failure(.step(phase: deployment.phase.name), "\(error)")
            return .failed(failure)
        }
    }

    private func act(_ step: Step, for deployment: Deployment) async throws -> StepResult {
        let candidate = deployment.candidate
        switch step {
        case .prepare:
            try await ports.router.prepare()
            // Containers that nginx routes to against the link must not be replaced.
            if let live = try ports.router.liveColour() {
                try await ports.router.confirm(live)
            }
            try await refuseLive(candidate.colour)
            try await ports.engine.prepare(candidate, kind: deployment.kind)
        case .start(let service):
            ports.reporter.report(.starting(service))
            try await ports.engine.start(service, of: candidate)
        case .awaitUp(let service):
            return try await ServiceWatch(ports, candidate).awaitUp(service)
        case .wait(let until):
            try await ports.clock.sleep(until: until)
        case .verify:
            return try await verify(deployment)
        case .arm:
            try await ports.router.arm(try await routes(for: deployment))
        case .switchTraffic(let colour):
            try await ports.router.switchTraffic(to: colour)
        case .confirm(let colour):
            try await ports.router.confirm(colour)
        case .drain(let colour, let until):
            return try await drain(colour, until: until, then: deployment.settings.previous)
        case .retire(let colour, let fate):
            return try await retire(colour, fate, deployment)
        case .cleanUp(let colour):
            try await refuseLive(colour)
            try await ports.engine.remove(candidate, .atOnce)
        }
        return .done
    }

    private func verify(_ deployment: Deployment) async throws -> StepResult {
        let watch = ServiceWatch(ports, deployment.candidate)
        for service in deployment.services where service.role != .shared {
            if let failure = try await watch.verify(service) { return .failed(failure) }
        }
        try await ports.engine.keepRunning(deployment.candidate)
        return .done
    }

    /// The candidate's routes beside those of the colour that has traffic, which stay as they
    /// are. On an app's first deployment the other colour gets the addresses that the same set
    /// would have there, so that the second deployment needs no reload.
    private func routes(for deployment: Deployment) async throws -> RoutingTable {
        let colour = deployment.candidate.colour
        let own = try await ports.engine.routes(for: deployment.services, in: colour)
        let others = try await otherServices(than: deployment)
        let other = try await ports.engine.routes(for: others, in: colour.other)
        return colour == .blue
            ? RoutingTable(blue: own, green: other) : RoutingTable(blue: other, green: own)
    }

    private func otherServices(than deployment: Deployment) async throws -> [PlannedService] {
        guard let previous = deployment.previous else { return deployment.services }
        let release = try await ports.store.releases().first { $0.id == previous.release }
        return release?.services ?? deployment.services
    }

    private func drain(
        _ colour: Colour, until: Timestamp, then fate: PreviousColour
    ) async throws -> StepResult {
        var remaining = try await ports.router.remainingTraffic(to: colour)
        while !remaining.isNone, ports.clock.now < until {
            ports.reporter.report(.draining(colour, remaining))
            try await ports.clock.sleep(until: min(until, ports.clock.now + .milliseconds(100)))
            remaining = try await ports.router.remainingTraffic(to: colour)
        }
        guard remaining.connections > 0 else { return .done }
        let count = remaining.connections
        let subject =
            count == 1
            ? "1 connection (a websocket or a stream) to \(colour) was"
            : "\(count) connections (websockets or streams) to \(colour) were"
        return .doneWithWarning(subject + " still open when the drain ended; " + fate.closing)
    }

    private func retire(
        _ colour: Colour, _ fate: PreviousColour, _ deployment: Deployment
    ) async throws -> StepResult {
        try await refuseLive(colour)
        switch fate {
        case .running: break
        case .stopped: try await ports.engine.stop(colour)
        case .removed: try await ports.engine.remove(colour, .graceful)
        }
        try await discardReleases(after: deployment)
        return .done
    }

    /// Old releases go, but never the one that has traffic nor the one it came from. One that
    /// never had traffic, as a run that was killed leaves it, is nothing to go back to and pushes
    /// none out.
    private func discardReleases(after deployment: Deployment) async throws {
        let releases = try await ports.store.releases().map(\.id)
        let ends = [deployment.candidate.release, deployment.previous?.release].compactMap(\.self)
        let past = try await ports.store.deployments(limit: Self.history)
            .flatMap { [$0.outcome == .promoted ? $0.candidate : nil, $0.previous] }
            .compactMap { $0?.release }
        let served = Set(past).union(ends)
        let kept = Set(releases.filter(served.contains).prefix(deployment.settings.releases))
            .union(ends)
        try await ports.engine.discardReleases(except: kept)
        for release in releases where !kept.contains(release) {
            try await ports.store.deleteRelease(release)
        }
    }

    /// The one guard that no decision above may get around: the colour that the symlink names is
    /// never stopped, whoever asks.
    private func refuseLive(_ colour: Colour) async throws {
        if try ports.router.liveColour() == colour { throw OrchestrationError.hasTraffic(colour) }
    }
}

extension PreviousColour {
    fileprivate var closing: String {
        switch self {
        case .running: "they live on while it is kept running."
        case .stopped, .removed: "they are closed now."
        }
    }
}
