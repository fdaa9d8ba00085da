package import BlueGreen

/// Everything outside that an orchestration touches, bundled for the wiring.
package struct Ports: Sendable {
    package let engine: any ContainerEngine
    package var source: any ReleaseSource
    package let router: any TrafficRouter
    package let edge: any EdgeProbe
    package let observer: any TrafficObserver
    package let probe: any HealthProbe
    package let store: any DeploymentStore
    package let gauge: any HostGauge
    package let clock: any WallClock
    package let reporter: any Reporter
    package let hooks: HookRunners
    var missingServices = MissingServices.refused

    package init(
        engine: any ContainerEngine, source: any ReleaseSource, router: any TrafficRouter,
        edge: any EdgeProbe, observer: any TrafficObserver, probe: any HealthProbe,
        store: any DeploymentStore,
        gauge: any HostGauge, clock: any WallClock,
        reporter: any Reporter, hooks: HookRunners
    ) {
        self.engine = engine
        self.source = source
        self.router = router
        self.edge = edge
        self.observer = observer
        self.probe = probe
        self.store = store
        self.gauge = gauge
        self.clock = clock
        self.reporter = reporter
        self.hooks = hooks
    }
}

/// One HTTP or TCP probe, over a connection of its own.
package protocol HealthProbe: Sendable {
    /// Always answers within the check's timeout. `command` and `docker` checks never come here:
    /// the engine makes those.
    func probe(_ check: HealthCheck, at address: String) async -> ProbeResult
}

/// Reads the free memory and the load of the host, or of the cgroup that Docker is confined to.
package protocol HostGauge: Sendable {
    /// One reading; costs well under a millisecond once the first one has found where to look.
    func sample() async throws -> HostSample
}

/// Time, so that decisions and tests need not wait for it.
package protocol WallClock: Sendable {
    var now: Timestamp { get }

    /// Returns at or after the moment, or throws `CancellationError`.
    func sleep(until moment: Timestamp) async throws

    /// The beat for a watch that runs beside an act.
    func beats(every interval: Duration) -> any Beats
}

/// Moments at which a watch beside an act takes a look. The watch ends with the act, so that it
/// must not hold time up, as a sleep does where a test moves the clock by its sleeps.
package protocol Beats: Sendable {
    /// Returns at the next beat, or throws `CancellationError`.
    func next() async throws
    /// Nobody waits for a beat any more.
    func end()
}

extension WallClock {
    package func beats(every interval: Duration) -> any Beats {
        SleptBeats(clock: self, interval: interval)
    }
}

private struct SleptBeats: Beats {
    let clock: any WallClock
    let interval: Duration

    func next() async throws { try await clock.sleep(until: clock.now + interval) }
    func end() {}
}

/// Tells people how a deployment ended.
package protocol Announcer: Sendable {
    /// Tells of a deployment that has ended, or that waits for a person; silent of any other. It
    /// may take its time and never fails: a person who was not reached is a warning.
    ///
    /// - Parameter known: the releases that one can go back to; nil where that is not known.
    func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async
}
