/// Everything outside that an orchestration touches, bundled for the wiring.
package struct Ports: Sendable {
    package let engine: any ContainerEngine
    package var source: any ReleaseSource
    package let router: any TrafficRouter
    package let observer: any TrafficObserver
    package let probe: any HealthProbe
    package let store: any DeploymentStore
    package let gauge: any HostGauge
    package let clock: any WallClock
    package let reporter: any Reporter
    package let hooks: HookRunners

    package init(
        engine: any ContainerEngine, source: any ReleaseSource, router: any TrafficRouter,
        observer: any TrafficObserver, probe: any HealthProbe, store: any DeploymentStore,
        gauge: any HostGauge, clock: any WallClock,
        reporter: any Reporter, hooks: HookRunners
    ) {
        self.engine = engine
        self.source = source
        self.router = router
        self.observer = observer
        self.probe = probe
        self.store = store
        self.gauge = gauge
        self.clock = clock
        self.reporter = reporter
        self.hooks = hooks
    }
}
