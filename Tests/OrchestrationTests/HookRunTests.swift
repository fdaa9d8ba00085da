import BlueGreen
import Orchestration
import TestSupport
import Testing

@Suite("Running hooks")
struct HookRunTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let migrate = Hook(["./migrate", "--all"], in: .service("web"), timeout: .seconds(90))

    /// - Parameter services: none where the compose file is to be read first.
    private func run(
        _ host: ScriptedHost, _ hooks: Hooks,
        services: [PlannedService]? = [Sample.api, Sample.web],
        signal: String? = nil, source: ScriptedSource? = nil
    ) async throws -> Deployment {
        let interruption = Interruption()
        if let signal { interruption.receive(signal) }
        host.with { $0.engine.looks = [Self.candidates] }
        let order = Order(
            number: 1, kind: .deploy,
            candidate: Placement(colour: .green, release: Sample.release(2)), label: "v2",
            previous: before, services: services, settings: DeploymentSettings(hooks: hooks))
        let ports = source.map { host.ports($0) } ?? host.ports
        return await Orchestrator(ports, interruption: interruption)
            .run(Deployment(order, at: Sample.moment))
    }

    private static let candidates =
        [
            container("api", Placement(colour: .green, release: Sample.release(2))),
            container("web", Placement(colour: .green, release: Sample.release(2))),
            container("web", Placement(colour: .blue, release: Sample.release(1))),
        ]

    private static func container(_ service: String, _ placement: Placement) -> Container {
        Container(
            id: service, name: service, replica: Replica(service: service, index: 1),
            role: service == "web" ? .exposed : .internal, placement: placement, state: .running,
            address: "10.213.6.10")
    }

    @Test("A hook is announced, and what it prints is shown as it comes")
    func shown() async throws {
        let host = ScriptedHost { $0.hooks.lines = ["one", "two"] }
        let ended = try await run(host, Hooks(beforeSwitch: [migrate]))
        #expect(ended.outcome == .promoted)
        let shown = host.with { $0.events }.drop {
            $0 != .note("before_switch hook: \(migrate.text)")
        }
        #expect(shown.dropFirst().prefix(2) == [.output("one"), .output("two")])
    }

    @Test(
        "A failure names the hook, its ending and its last lines",
        arguments: [
            (HookEnding.exited(3), "ended with exit code 3."),
            (.signalled(9), "was ended by signal 9."),
            (.timedOut, "did not end within its timeout of 90 s and was ended."),
        ])
    func fails(ending: HookEnding, words: String) async throws {
        let host = ScriptedHost {
            $0.hooks.endings = [ending]
            $0.hooks.lines = ["no such table"]
        }
        let ended = try await run(host, Hooks(beforeSwitch: [migrate]))
        #expect(ended.outcome == .aborted)
        let failure = try #require(ended.failure)
        #expect(failure.message == "The before_switch hook `./migrate --all` in web \(words)")
        #expect(failure.logLines == ["no such table"])
    }

    @Test("A program that is not there is a failure of its hook")
    func missing() async throws {
        let host = ScriptedHost { $0.hooks.error = "There is no program ./migrate." }
        let ended = try await run(host, Hooks(afterSwitch: [migrate]))
        #expect(ended.outcome == .rolledBack)
        #expect(
            ended.failure?.message == "The after_switch hook `./migrate --all` in web could not "
                + "be run: There is no program ./migrate.")
    }

    @Test(
        "A hook's processes are ended where it did not end by itself, and else left alone",
        arguments: [
            (HookEnding.exited(0), false), (.exited(3), false), (.signalled(9), true),
            (.timedOut, true),
        ])
    func remains(ending: HookEnding, areEnded: Bool) async throws {
        let host = ScriptedHost { $0.hooks.endings = [ending] }
        _ = try await run(host, Hooks(beforeSwitch: [migrate]))
        let mark = "\(Sample.release(2))/before_switch/"
        #expect(host.calls.contains { $0.hasPrefix("end what is left of \(mark)") } == areEnded)
        #expect(host.with { $0.hooks.trace } == nil)
    }

    @Test("A hook that outlives its killed run is ended once, and told")
    func recovered() async throws {
        let host = ScriptedHost { $0.hooks.trace = "of before" }
        try await HookRemains(host.ports).end()
        try await HookRemains(host.ports).end()
        #expect(host.calls == ["end what is left of of before"])
        #expect(
            host.with { $0.events }.first
                == .note(
                    "The last run died in a hook, which still ran and was ended: process 4711."))
    }

    @Test("A hook that prints without end fills neither the progress nor its failure")
    func bounded() async throws {
        let host = ScriptedHost {
            $0.hooks.endings = [.exited(1)]
            $0.hooks.lines = (1...5000).map { "line \($0)" } + [String(repeating: "x", count: 9000)]
        }
        let ended = try await run(host, Hooks(beforeSwitch: [migrate]))
        let shown = host.with { $0.events }.filter { if case .output = $0 { true } else { false } }
        #expect(shown.count == 1000)
        #expect(ended.failure?.logLines.count == 20)
        #expect(ended.failure?.logLines.last?.utf8.count == 1003)
    }

    @Test("A hook learns where the preview is once nginx knows the candidate, and not before")
    func preview() async throws {
        let host = ScriptedHost { $0.router.previewURL = "http://127.0.0.1:8089/" }
        let url = "http://127.0.0.1:8089/"
        let hooks = Hooks(
            beforeStart: [Hook(["login"])], beforeSwitch: [migrate], afterSwitch: [migrate],
            afterRetire: [migrate])
        _ = try await run(host, hooks, services: nil)
        #expect(host.with { $0.hooks.toldURLs } == [nil, url, url, url])
    }

    @Test("Opening hooks run on the host before the compose file is read, and only once")
    func opening() async throws {
        let host = ScriptedHost()
        let hooks = Hooks(beforeStart: [Hook(["login"]), migrate])
        let ended = try await run(host, hooks, services: nil)
        #expect(ended.outcome == .promoted)
        #expect(ended.services == [Sample.api, Sample.web])
        #expect(
            host.calls.prefix(3) == [
                "hook `login` at before_start", "read the files", "record",
            ])
        #expect(host.calls.filter { $0.hasPrefix("hook") }.count == 2)
        #expect(host.with { $0.store.releases.map(\.id) } == [Sample.release(2)])
        #expect(ended.phases.first?.name == "before start")
    }

    @Test("An opening hook that fails is a deployment that ended before it touched anything")
    func openingFails() async throws {
        let host = ScriptedHost { $0.hooks.endings = [.exited(1)] }
        let hooks = Hooks(beforeStart: [Hook(["login"]), Hook(["parameters"])])
        let ended = try await run(host, hooks, services: nil)
        #expect(ended.outcome == .aborted)
        #expect(ended.label == "v2")
        #expect(ended.failure?.message == "The before_start hook `login` ended with exit code 1.")
        #expect(host.calls == ["hook `login` at before_start"])
        #expect(host.with { $0.store.deployments }.first == ended)
    }

    @Test("A compose file that cannot be read after the opening hooks ends the deployment")
    func unreadable() async throws {
        let host = ScriptedHost()
        var source = ScriptedSource(host: host)
        source.error = .unfit(reason: "compose.yml has no services.")
        let ended = try await run(
            host, Hooks(beforeStart: [Hook(["login"])]), services: nil, source: source)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.message == "compose.yml has no services.")
        #expect(!host.calls.contains { $0.hasPrefix("remove") || $0.hasPrefix("prepare") })
    }

    @Test("A release without services ends the deployment instead of being read for ever")
    func nothingResolved() async throws {
        let host = ScriptedHost()
        let ended = try await run(
            host, Hooks(beforeStart: [Hook(["login"])]), services: nil,
            source: ScriptedSource(host: host))
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.message == "The release has no services.")
        #expect(host.calls.filter { $0.hasPrefix("hook") }.count == 1)
    }

    @Test("A run that died in an opening hook is undone by nothing but its record")
    func openingDied() {
        let order = Order(
            number: 1, kind: .deploy,
            candidate: Placement(colour: .green, release: Sample.release(2)), label: nil,
            previous: before, services: nil,
            settings: DeploymentSettings(hooks: Hooks(beforeStart: [Hook(["login"])])))
        for live in [Colour.blue, .green] {
            var deployment = Deployment(order, at: Sample.moment)
            deployment.recover(live: live, at: Sample.moment)
            #expect(deployment.outcome == .aborted)
            #expect(deployment.failure?.cause == (live == .blue ? .crash : .overtaken))
        }
    }

    @Test("A signal during an opening hook ends it and the deployment")
    func openingInterrupted() async throws {
        let host = ScriptedHost { $0.hooks.hang = true }
        let ended = try await run(
            host, Hooks(beforeStart: [Hook(["login"])]), services: nil, signal: "SIGTERM")
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.cause == .signal("SIGTERM"))
        #expect(!host.calls.contains { $0.hasPrefix("prepare") })
    }
}
