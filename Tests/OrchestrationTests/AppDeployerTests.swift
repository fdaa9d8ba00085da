import BlueGreen
import Orchestration
import TestSupport
import Testing

/// The use cases of an app: they take up, forget and announce deployments.
@Suite("The deployer of an app")
struct AppDeployerTests {
    private let before = Placement(colour: .blue, release: Sample.release(1))
    private let candidate = Placement(colour: .green, release: Sample.release(2))
    private let announcer = KeepingAnnouncer()
    private let settings = DeploymentSettings()

    /// Blue has traffic, and the candidate's containers are well.
    private func host(_ prepare: (inout ScriptedHost.Script) -> Void = { _ in }) -> ScriptedHost {
        ScriptedHost { script in
            script.store.releases = [release(1)]
            script.engine.looks = [[container("api", before), container("api", candidate)]]
            prepare(&script)
        }
    }

    private func release(_ number: UInt16, _ label: String? = nil) -> Release {
        Release(
            id: Sample.release(number), label: label, createdAt: Sample.moment,
            services: [Sample.api])
    }

    private func container(_ service: String, _ placement: Placement) -> Container {
        Container(
            id: "\(service) \(placement.colour)", name: service,
            replica: Replica(service: service, index: 1), role: .internal,
            placement: placement, state: .running, address: "10.213.6.10")
    }

    private func deployer(
        _ host: ScriptedHost, _ change: (inout ScriptedSource) -> Void = { _ in }
    ) -> AppDeployer {
        var source = ScriptedSource(host: host, services: [Sample.api])
        change(&source)
        return AppDeployer(
            host.ports(source), announcer: announcer, interruption: Interruption())
    }

    private func wish(_ settings: DeploymentSettings? = nil) -> ReleaseWish {
        ReleaseWish(id: candidate.release, label: "v2", settings: settings ?? self.settings)
    }

    private func releases(_ host: ScriptedHost) -> [ReleaseID] {
        host.with { $0.store.releases.map(\.id) }
    }

    @Test("A release that keeps traffic is recorded, kept and told of")
    func deploys() async throws {
        let host = host()
        let ended = try await deployer(host) { $0.notices = ["A port is dropped."] }.deploy(wish())
        #expect(ended.outcome == .promoted && ended.label == "v2")
        #expect(releases(host) == [candidate.release, before.release])
        #expect(announcer.told == [ended])
        let events = host.with { $0.events }
        #expect(events.contains(.note("A port is dropped.")))
        #expect(events.contains(.note("db is left alone.")))
    }

    @Test("A deploy over containers whose history is gone says so, and goes on")
    func lostHistory() async throws {
        let host = host()
        #expect(try await deployer(host).deploy(wish()).outcome == .promoted)
        let warning = ProgressEvent.warning("\(Disagreement.noHistory)")
        #expect(host.with { $0.events }.contains(warning))
        let again = self.host { $0.store.deployments = [Sample.deployment()] }
        _ = try await deployer(again).deploy(wish())
        #expect(!again.with { $0.events }.contains(warning))
    }

    @Test("A release that never kept traffic is forgotten, and told of")
    func forgets() async throws {
        let host = host { $0.router.prepareError = "nginx refuses its files." }
        let ended = try await deployer(host).deploy(wish())
        #expect(ended.outcome == .aborted)
        #expect(releases(host) == [before.release])
        #expect(announcer.told == [ended])
    }

    @Test("Files that cannot be deployed begin no deployment")
    func unfit() async throws {
        let host = host()
        let error = ReleaseSourceError.unfit(reason: "web has no image.")
        await #expect(throws: error) {
            try await deployer(host) { $0.error = error }.deploy(wish())
        }
        #expect(host.with { $0.store.deployments }.isEmpty)
        #expect(releases(host) == [before.release])
    }

    @Test("A deploy first takes away the release that waits for a person")
    func supersedes() async throws {
        let host = host()
        let manual = DeploymentSettings(promotion: .manual(within: .seconds(600)))
        let waiting = try await deployer(host).deploy(wish(manual))
        #expect(waiting.waitsUntil != nil)
        let next = ReleaseWish(id: Sample.release(3), settings: settings)
        let third = Placement(colour: .green, release: next.id)
        host.with { $0.engine.looks = [[container("api", before), container("api", third)]] }
        let ended = try await deployer(host).deploy(next)
        #expect(ended.number == 2 && ended.outcome == .promoted)
        #expect(announcer.told.map(\.outcome) == [nil, .aborted, .promoted])
        #expect(releases(host) == [third.release, before.release])
    }

    @Test("A deploy that cannot begin takes nothing from the release that waits for a person")
    func keepsWaiting() async throws {
        let host = host()
        let manual = DeploymentSettings(promotion: .manual(within: .seconds(600)))
        _ = try await deployer(host).deploy(wish(manual))
        let before = host.calls
        let next = ReleaseWish(id: Sample.release(3), settings: settings)
        await #expect(throws: ReleaseSourceError.unfit(reason: "It is no YAML.")) {
            try await deployer(host) { $0.error = .unfit(reason: "It is no YAML.") }.deploy(next)
        }
        await #expect(throws: ReleaseSourceError.self) {
            try await deployer(host) { $0.hasNoRoom = true }.deploy(next)
        }
        let obstacle = Obstacle("Another has its port.")
        await #expect(throws: OrchestrationError.obstacles([obstacle])) {
            try await deployer(host) { $0.obstacles = [obstacle] }.deploy(next)
        }
        #expect(host.with { $0.store.deployments.first?.waitsUntil } != nil)
        #expect(host.calls.dropFirst(before.count).allSatisfy { $0 == "read the files" })
    }

    @Test("A deploy begins no deployment where what it takes up leaves traffic unknown")
    func unknown() async throws {
        let host = host { script in
            script.store.deployments = [interruptedAtConfirmation]
            script.router.live = .green
            script.router.confirmError = "The workers route to nobody."
            script.router.switchError = (.blue, "The link cannot be renamed.")
        }
        let stuck = try await deployer(host).deploy(wish())
        #expect(stuck.number == 1 && stuck.outcome == .unknown)
        #expect(!host.calls.contains("read the files"))
        #expect(announcer.told == [stuck])
    }

    private var interruptedAtConfirmation: Deployment {
        var deployment = Sample.deployment(previous: before, services: [Sample.api])
        while Spot(deployment) != .confirming {
            deployment.record(.done, at: Sample.moment)
        }
        return deployment
    }

    @Test("A hook that fails before the files are read ends the deployment, and it is told")
    func openingHook() async throws {
        let host = host { $0.hooks.endings = [.exited(1)] }
        let hooks = Hooks(beforeStart: [Hook(["./login"])])
        let ended = try await deployer(host).deploy(wish(DeploymentSettings(hooks: hooks)))
        #expect(ended.outcome == .aborted)
        #expect(!host.calls.contains("read the files"))
        #expect(announcer.told == [ended])
    }

    @Test("A hook that a killed run left behind is ended before anything else")
    func hookRemains() async throws {
        let host = host { $0.hooks.trace = "mark" }
        #expect(try await deployer(host).takeUp().deployment == nil)
        #expect(host.calls.first == "end what is left of mark")
        #expect(announcer.told.isEmpty)
    }

    @Test("A rollback is carried out at once where nothing is unfinished")
    func rollsBack() async throws {
        let host = host { script in
            script.router.live = .green
            script.store.releases = [release(2), release(1, "v1")]
        }
        let ended = try await deployer(host).rollBack(to: "v1", settings: settings)
        #expect(ended.kind == .warmRollback && ended.outcome == .promoted)
        #expect(announcer.told == [ended])
    }

    @Test("A person's word is asked for only where a deployment waits")
    func answers() async throws {
        let host = host()
        #expect(try await deployer(host).promote() == nil)
        #expect(try await deployer(host).abort(reason: "No.") == nil)
        let manual = DeploymentSettings(promotion: .manual(within: .seconds(600)))
        _ = try await deployer(host).deploy(wish(manual))
        let ended = try #require(try await deployer(host).abort(reason: "No."))
        #expect(ended.outcome == .aborted && ended.failure?.cause == .declined)
        #expect(releases(host) == [before.release])
    }

    @Test("A word that cannot be recorded is not taken, and the release waits on")
    func unrecordedWord() async throws {
        let host = host()
        let manual = DeploymentSettings(promotion: .manual(within: .seconds(600)))
        _ = try await deployer(host).deploy(wish(manual))
        let calls = host.calls
        host.with { $0.store.saveError = { _ in "The disk is read-only." } }
        for _ in 1...2 {
            await #expect(throws: ScriptedHost.Refusal.self) {
                try await deployer(host).promote()
            }
            await #expect(throws: ScriptedHost.Refusal.self) {
                try await deployer(host).abort(reason: "No.")
            }
        }
        #expect(host.calls == calls)
        host.with { $0.store.saveError = { _ in nil } }
        #expect(try await deployer(host).promote()?.outcome == .promoted)
    }

    @Test("Maintenance asks the router alone, and leaves an unfinished deployment as it is")
    func maintains() async throws {
        let host = host { $0.store.deployments = [interruptedAtConfirmation] }
        _ = try await AppDeployer.maintain(
            .on, by: host,
            mending: { throw ScriptedHost.Refusal(description: "The history is broken.") })
        #expect(host.with { $0.store.deployments.map(\.outcome) } == [nil])
        #expect(host.calls == ["maintenance on"])
    }

    @Test("A deploy without the program that reads its files does nothing at all")
    func missingProgram() async throws {
        let host = host { _ in }
        let hooks = Hooks(beforeStart: [Hook(["./login"])])
        await #expect(throws: ScriptedHost.Refusal.self) {
            try await deployer(host) { $0.missing = "There is no Compose." }
                .deploy(wish(DeploymentSettings(hooks: hooks)))
        }
        #expect(host.calls.isEmpty)
        #expect(host.with { $0.store.deployments }.isEmpty)
    }

    @Test("Files that cannot be read after the opening hooks are told as what they are")
    func unreadable() async throws {
        let host = host { _ in }
        let hooks = Hooks(beforeStart: [Hook(["./login"])])
        let error = ReleaseSourceError.unfit(reason: "compose.yml has no services.")
        await #expect(throws: error) {
            try await deployer(host) { $0.error = error }
                .deploy(wish(DeploymentSettings(hooks: hooks)))
        }
        let ended = try #require(host.with { $0.store.deployments }.first)
        #expect(ended.outcome == .aborted)
        #expect(ended.failure?.message == error.description)
        #expect(announcer.told == [ended])
    }

    @Test("Cleaning removes what was agreed to, and forgets releases that nothing needs")
    func cleans() async throws {
        let old = [Clutter(kind: .imageTag, name: "a", size: .mebibytes(1), release: release(3).id)]
        let new = Clutter(kind: .danglingImage, name: "b", size: .mebibytes(2))
        let host = host {
            $0.store.releases.insert(release(3), at: 0)
            $0.store.deployments = [Sample.finished(.aborted)]
        }
        let source = ScriptedSource(host: host, clutter: old + [new])
        let cleaning = try await deployer(host).clean(Set(old), keeping: 5, by: source)
        guard case .removed(let gone, let freed) = cleaning else {
            Issue.record("nothing was removed")
            return
        }
        #expect(gone == old && freed == .mebibytes(1))
        #expect(host.calls == ["remove a"])
        #expect(releases(host) == [before.release])
    }

    @Test("Without a history nothing is cleaned: a backup of it needs the images of its releases")
    func cleansNothingWithoutHistory() async throws {
        let image = [
            Clutter(kind: .imageTag, name: "a", size: .mebibytes(1), release: release(3).id)
        ]
        let host = host()
        let source = ScriptedSource(host: host, clutter: image)
        await #expect(throws: OrchestrationError.noHistory) {
            try await deployer(host).clutter(keeping: 5, by: source)
        }
        await #expect(throws: OrchestrationError.noHistory) {
            _ = try await deployer(host).clean(nil, keeping: 5, by: source)
        }
        #expect(host.calls.isEmpty)
        #expect(releases(host) == [before.release])
    }

    @Test("A guest in the app's networks is told before anything is removed")
    func downWithGuest() async throws {
        let host = host()
        let source = ScriptedSource(host: host, guest: "mine is in shop-blue.")
        await #expect(throws: ScriptedHost.Refusal.self) {
            _ = try await deployer(host).down(.kept, by: source)
        }
        #expect(host.calls.isEmpty)
    }

    @Test("An app goes in order: containers, its traffic, nginx's files, releases, volumes")
    func down() async throws {
        let host = host()
        let source = ScriptedSource(host: host)
        #expect(try await deployer(host).down(.removed, by: source).router == nil)
        #expect(
            host.calls == [
                "remove green", "remove blue", "switch none", "router.remove", "take down",
                "discard", "remove the volumes",
            ])
    }

    @Test("A volume without a name is told, or goes with the others")
    func unnamedVolumes() async throws {
        let volume = UnnamedVolume(service: "db", id: "3f2a", target: "/data")
        let (keeping, removing) = (host(), host())
        let kept = try await deployer(keeping).down(
            .kept, by: ScriptedSource(host: keeping, unnamed: [volume]))
        #expect(kept.volumes == [volume])
        #expect(!keeping.calls.contains { $0.contains("3f2a") })
        let removed = try await deployer(removing).down(
            .removed, by: ScriptedSource(host: removing, unnamed: [volume]))
        #expect(removed.volumes.isEmpty)
        #expect(removing.calls.last == "remove 3f2a")
    }
}
