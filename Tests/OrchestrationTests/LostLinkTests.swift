import BlueGreen
import Orchestration
import TestSupport
import Testing

/// A lost link is never taken for "nobody has traffic".
@Suite("A lost link")
struct LostLinkTests {
    enum Verb: CaseIterable {
        case resume
        case deploy
        case rollBack
        case promote
        case abort
        case clean
        case maintain
        case down
    }

    private static let before = Placement(colour: .blue, release: Sample.release(1))
    private static let active = Placement(colour: .green, release: Sample.release(2))
    private static let next = Placement(colour: .blue, release: Sample.release(3))
    private static let lost = LostLink(path: "/nginx/shop/live", .missing)

    private static func container(_ placement: Placement) -> Container {
        Container(
            id: "\(placement)", name: "web", replica: Replica(service: "web", index: 1),
            role: .exposed, placement: placement, state: .running, address: "10.213.6.10")
    }

    /// Green has traffic, blue is warm, and the link is lost.
    private func host(_ prepare: (inout ScriptedHost.Script) -> Void = { _ in }) -> ScriptedHost {
        ScriptedHost { script in
            script.store.deployments = [Sample.finished(.promoted, previous: Self.before)]
            script.store.releases = [Self.active, Self.before].map { placement in
                Release(
                    id: placement.release, label: nil, createdAt: Sample.moment,
                    services: [Sample.web])
            }
            script.router.lost = .lost(Self.lost)
            script.engine.looks = [[Self.before, Self.active, Self.next].map(Self.container)]
            prepare(&script)
        }
    }

    private func run(_ verb: Verb, _ host: ScriptedHost) async throws {
        let source = ScriptedSource(host: host, services: [Sample.web])
        let deployer = AppDeployer(
            host.ports(source), announcer: KeepingAnnouncer(), interruption: Interruption())
        let settings = DeploymentSettings()
        switch verb {
        case .resume: _ = try await deployer.takeUp()
        case .deploy:
            _ = try await deployer.deploy(
                ReleaseWish(id: Self.next.release, settings: settings))
        case .rollBack: _ = try await deployer.rollBack(to: nil, settings: settings)
        case .promote: _ = try await deployer.promote()
        case .abort: _ = try await deployer.abort(reason: "No.")
        case .clean: _ = try await deployer.clean(nil, keeping: 5, by: source)
        case .maintain:
            _ = try await AppDeployer.maintain(.on, by: host, mending: { host.ports(source) })
        case .down: _ = try await deployer.down(.kept, by: source)
        }
    }

    private static func changes(_ host: ScriptedHost) -> [String] {
        host.calls.filter { call in
            !["confirm", "read the files"].contains { call.hasPrefix($0) }
        }
    }

    @Test(
        "A5: Every command that writes first puts it back on the colour that had traffic",
        arguments: Verb.allCases)
    func putBack(verb: Verb) async throws {
        let host = host()
        try await run(verb, host)
        #expect(Self.changes(host).first == "put back green")
        let confirmed = host.calls.drop { $0 != "put back green" }.dropFirst().first
        #expect(confirmed == "confirm green")
        #expect(host.calls.contains("switch none") == (verb == .down))
        let warnings = host.with(\.events).filter { event in
            if case .warning(let text) = event {
                text.contains("Traffic is put back on green")
            } else {
                false
            }
        }
        #expect(warnings.count == 1)
    }

    @Test("A5: A rollback with a lost link goes back from the colour that had traffic")
    func rollBack() async throws {
        let host = host()
        try await run(.rollBack, host)
        let newest = try #require(host.with { $0.store.deployments.first })
        #expect(newest.outcome == .promoted && newest.candidate == Self.before)
        #expect(newest.previous == Self.active)
    }

    @Test(
        "A5: Where nobody can tell, every such command refuses and changes nothing",
        arguments: Verb.allCases)
    func untold(verb: Verb) async throws {
        let host = host { $0.store.deployments = [] }
        let error = await #expect(throws: OrchestrationError.self) { try await run(verb, host) }
        guard case .untoldLink(Self.lost, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let text = "\(error.map(String.init(describing:)) ?? "")"
        #expect(text.contains("`ln -sfn blue /nginx/shop/live`"))
        #expect(text.contains("`ln -sfn green /nginx/shop/live`"))
        #expect(Self.changes(host).isEmpty)
    }

    @Test("A5: An engine that does not answer leaves the link lost, and is the reason")
    func silentEngine() async throws {
        let host = host { $0.engine.error = "Docker does not answer." }
        let error = await #expect(throws: OrchestrationError.self) { try await run(.resume, host) }
        #expect("\(String(describing: error))".contains("Docker does not answer"))
        #expect(Self.changes(host).isEmpty)
    }

    @Test("A5: Something of others' in its place is left there, with the line that moves it")
    func taken() async throws {
        let taken = LostLink(path: "/nginx/shop/live", .taken)
        let host = host { $0.router.lost = .lost(taken) }
        let error = await #expect(throws: OrchestrationError.self) { try await run(.resume, host) }
        let text = "\(error.map(String.init(describing:)) ?? "")"
        #expect(text.contains("`mv /nginx/shop/live /nginx/shop/live.aside`"))
        #expect(Self.changes(host).isEmpty)
    }

    @Test("A5: nginx's files that are gone are written for the colour that had traffic")
    func unwritten() async throws {
        let gone = LostLink(path: "/nginx/shop/live", .unwritten)
        let host = host { $0.router.lost = .unwritten(gone) }
        try await run(.resume, host)
        #expect(Self.changes(host).first == "put back green at [\"blue:8080\"]")
    }

    @Test("A5: A link that is lost in the middle of a deployment is put back, and it goes on")
    func midway() async throws {
        let host = host()
        _ = await Orchestrator(host.ports, interruption: Interruption()).run(
            Sample.deployment(previous: Self.active, services: [Sample.web]))
        #expect(Self.changes(host).first == "put back green")
        #expect(host.calls.contains("start web-1"))
    }

    @Test("A5: No step stops or removes a colour while the link is lost for good")
    func guards() async throws {
        let host = host {
            $0.router.lost = .lost(LostLink(path: "/nginx/shop/live", .taken))
        }
        let ended = await Orchestrator(host.ports, interruption: Interruption()).run(
            Sample.deployment(previous: Self.active, services: [Sample.web]))
        #expect(ended.outcome != .promoted)
        #expect(!host.calls.contains { $0.hasPrefix("stop") || $0.hasPrefix("remove") })
        #expect(!host.calls.contains { $0.hasPrefix("switch") || $0.hasPrefix("prepare") })
    }

    @Test(
        "A9: Lost markers are named and written again before anything else",
        arguments: Verb.allCases.filter { $0 != .maintain })
    func markers(verb: Verb) async throws {
        let host = host { script in
            script.router.lost = nil
            script.router.live = .green
            script.router.losses = [FolderLoss("The folder /nginx/shop/green is gone.")]
        }
        try await run(verb, host)
        #expect(host.with { $0.router.losses }.isEmpty)
        let note = ProgressEvent.note("The folder /nginx/shop/green is gone. It was written again.")
        #expect(host.with { $0.events }.contains(note))
    }

    @Test("A state that a verb does not need keeps it from nothing, and is warned of")
    func takenState() async throws {
        let loss = FolderLoss("Move it away: `mv a a.aside`.", .person)
        let host = host { script in
            script.router.lost = nil
            script.router.live = .green
            script.router.losses = [loss]
        }
        try await run(.rollBack, host)
        #expect(host.with { $0.store.deployments.first }?.outcome == .promoted)
        #expect(host.with { $0.events }.contains(.warning(loss.description)))
    }

    @Test("A lost state that a person has to clear ends with the line to run, not with `resume`")
    func takenPresentState() async throws {
        let loss = FolderLoss("Move it away: `mv a a.aside`.", .person)
        let host = host { script in
            script.router.lost = .lost(LostLink(path: "/nginx/shop/live", .unmarked(marker: "a/a")))
            script.router.losses = [loss]
        }
        await #expect(throws: OrchestrationError.folderLost([loss])) {
            try await run(.resume, host)
        }
        #expect(Self.changes(host).isEmpty)
    }

    @Test("Nothing is proved while the folder has lost something, or nginx follows another link")
    func proof() async throws {
        let loss = FolderLoss("The folder is gone.")
        let host = host { script in
            script.router.lost = nil
            script.router.live = .green
            script.router.losses = [loss]
        }
        let deployer = AppDeployer(
            host.ports, announcer: KeepingAnnouncer(), interruption: Interruption())
        await #expect(throws: OrchestrationError.folderLost([loss])) { try await deployer.prove() }
        host.with { script in
            script.router.losses = []
        }
        try await deployer.prove()
        host.with { $0.router.confirmError = "It says blue." }
        await #expect(throws: OrchestrationError.self) { try await deployer.prove() }
        host.with { script in
            script.router.confirmError = nil
            script.store.deployments = []
        }
        await #expect(throws: OrchestrationError.noHistory) { try await deployer.prove() }
    }

    @Test("A23: A first deploy asks the engine before nginx gets a file")
    func firstDeploy() async throws {
        let host = ScriptedHost { script in
            script.engine.error = "Docker does not answer."
            script.router.lost = .unwritten(LostLink(path: "/nginx/shop/live", .unwritten))
        }
        await #expect(throws: ScriptedHost.Refusal.self) { try await run(.deploy, host) }
        #expect(host.calls.isEmpty)
        #expect(host.with { $0.store.deployments }.isEmpty)
    }

    @Test("A maintenance page before the first deploy needs no engine")
    func firstPage() async throws {
        let host = ScriptedHost { script in
            script.engine.error = "Docker does not answer."
            script.router.lost = .unwritten(LostLink(path: "/nginx/shop/live", .unwritten))
        }
        // The scripted link stays unwritten, which says nobody.
        try await run(.maintain, host)
        #expect(host.calls == ["maintenance on"])
    }

    @Test("A5: An app goes down with its traffic last, after all that Docker may refuse")
    func down() async throws {
        let host = host()
        try await run(.down, host)
        #expect(
            host.calls == [
                "put back green", "confirm green", "remove blue", "remove green", "switch none",
                "router.remove", "take down", "discard",
            ])
        let refusing = self.host { $0.engine.removeError = (.green, "Docker has died.") }
        await #expect(throws: ScriptedHost.Refusal.self) { try await run(.down, refusing) }
        #expect(!refusing.calls.contains("switch none"))
        #expect(!refusing.calls.contains("router.remove"))
    }
}

/// What `status` says of a lost link.
extension LostLinkTests {
    private func condition(_ host: ScriptedHost) async throws -> Condition {
        try await Condition.observe(host.ports, reserve: .zero) { nil }
    }

    @Test("A5: Status tells what it found and what the next command does, and asks no worker")
    func status() async throws {
        let host = host()
        let condition = try await condition(host)
        #expect(condition.verdict == .unknown)
        let finding = try #require(condition.findings.lostLink)
        #expect(finding.verdict == .had(.green))
        #expect(condition.disagreements == [.lostLink(finding)])
        #expect(!host.calls.contains { $0.hasPrefix("confirm") })
    }

    @Test("A9: Status names a lost marker folder of a colour without traffic")
    func lostFolder() async throws {
        let loss = FolderLoss("The folder /nginx/shop/blue is gone.")
        let host = host { script in
            script.router.lost = nil
            script.router.live = .green
            script.router.losses = [loss]
        }
        let condition = try await condition(host)
        #expect(condition.disagreements.contains(.lostFile(loss)))
        #expect(condition.verdict == .unknown)
    }

    @Test("An app without files and without a past is simply not deployed")
    func fresh() async throws {
        let host = ScriptedHost { script in
            script.router.lost = .unwritten(LostLink(path: "/nginx/shop/live", .unwritten))
        }
        #expect(try await condition(host).verdict == .well)
    }
}
