import BlueGreen
import Orchestration
import Synchronization
import TestSupport

/// Ports that answer from a script and note what was asked. What a test has not scripted is
/// recorded as an issue by the test's own expectation on `calls`.
final class ScriptedHost: Sendable {
    /// The answers of the ports, each port's by itself, and what was asked of them.
    struct Script {
        var now = Sample.moment
        var router = ScriptedRouter()
        var engine = ScriptedEngine()
        var hooks = ScriptedHooks()
        var observer = ScriptedObserver()
        var gauge = ScriptedGauge()
        var store = ScriptedStore()
        /// Probe results, in order; the last one stays. The engine gives them for its own checks.
        var probes: [ProbeResult] = [.passed]
        /// Those of one address; they come before the others.
        var probesAt: [String: [ProbeResult]] = [:]
        var calls: [String] = []
        var events: [ProgressEvent] = []
        /// The act of others at the last of so many equal calls.
        var disturbance: (call: String, time: Int, act: @Sendable (inout Script) -> Void)?
    }

    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    private let script: Mutex<Script>
    private let driver = BeatDriver()

    init(_ prepare: (inout Script) -> Void = { _ in }) {
        var script = Script()
        prepare(&script)
        self.script = Mutex(script)
    }

    func with<Value: Sendable>(_ body: (inout Script) throws -> Value) rethrows -> Value {
        try script.withLock { script in try body(&script) }
    }

    var calls: [String] { with { $0.calls } }

    var ports: Ports {
        ports(ScriptedSource(host: self, services: [Sample.api, Sample.web]))
    }

    /// With another store than its own.
    func ports(_ store: any DeploymentStore) -> Ports {
        ports(ScriptedSource(host: self, services: [Sample.api, Sample.web]), store)
    }

    func ports(_ source: any ReleaseSource, _ store: (any DeploymentStore)? = nil) -> Ports {
        Ports(
            engine: self, source: source, router: self, edge: self, observer: self, probe: self,
            store: store ?? self,
            gauge: self, clock: self,
            reporter: self, hooks: HookRunners(host: self, services: self))
    }

    /// Throws where the script gives a reason.
    func refuse(_ reason: (Script) -> String?) throws {
        if let reason = with({ reason($0) }) { throw Refusal(description: reason) }
    }

    func note(_ call: String) {
        with { script in
            script.calls.append(call)
            guard let disturbance = script.disturbance, call == disturbance.call,
                script.calls.count(where: { $0 == call }) == disturbance.time
            else { return }
            script.disturbance = nil
            disturbance.act(&script)
        }
    }
}

extension Array {
    mutating func takeFirstButKeepLast() -> Element? {
        count > 1 ? removeFirst() : first
    }
}

extension ScriptedHost: HealthProbe, WallClock, Reporter {
    func probe(_ check: HealthCheck, at address: String) async -> ProbeResult {
        with { script in
            script.probesAt[address]?.takeFirstButKeepLast()
                ?? script.probes.takeFirstButKeepLast() ?? .passed
        }
    }

    var now: Timestamp { with { $0.now } }

    func sleep(until moment: Timestamp) async throws {
        try Task.checkCancellation()
        try await driver.pass(to: moment) { beat in with { $0.now = max($0.now, beat) } }
        with { $0.now = max($0.now, moment) }
        await Task.yield()
    }

    func beats(every interval: Duration) -> any Beats { driver.begin(every: interval, at: now) }

    func report(_ event: ProgressEvent) {
        with { $0.events.append(event) }
    }
}
