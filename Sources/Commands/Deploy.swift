import ArgumentParser
import BlueGreen
import DockerCompose
import HostSystem
import Orchestration

struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Start a new release beside the running one, prove it healthy, move traffic.",
        discussion: """
            Resolves the compose file with today's environment, starts the result in the colour \
            without traffic, waits until it is healthy, switches nginx to it and lets the previous \
            colour drain. A release that does not become healthy never gets a request.

            A release that then does badly (`bake`, `canary` in teal.yml) loses its traffic again \
            by itself (exit 4). With `promote: manual` it waits for `teal promote` or \
            `teal abort`, from wherever they come.

            Hooks of teal.yml run on the way. One that fails before the switch ends the deploy \
            (exit 3), one that fails after it takes traffic back (exit 4).

            Examples:
              teal deploy
              teal deploy --release v2 --env-file releases/v2.env
              teal deploy --app shop --pull always --wait-lock 10m
              teal deploy --update-shared db --release v3
              teal deploy --detach
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    @OptionGroup var options: ReleaseOptions

    @Flag(
        help: """
            With `promote: manual`, end when the release waits for `teal promote`, with exit \
            code 0, instead of waiting with it.
            """)
    var detach = false

    func run() async throws {
        let id = ReleaseID(at: SystemClock().now, entropy: Randomness.entropy())
        let name = "\(ReleaseName(id, label: options.release?.text))"
        try await WritingRun.listening(common) { stage in
            try stage.app.state.prepare(for: stage.app.name)
            let status = try await stage.locked(
                "deploy", waitingAtMost: lock.waitLock.duration, release: name
            ) { run in
                var run = run
                run.waiting = detach ? .closes : .isFollowed
                return try await deploy(id, run)
            }
            guard status == .done, !detach else { return status }
            return try await Following(stage: stage).follow()
        }
    }

    private func deploy(_ id: ReleaseID, _ run: WritingRun) async throws -> ExitStatus {
        let tool = try await run.wiring.composeTool()
        let engine = options.engine(run.wiring, tool)
        let ports = try run.wiring.ports(engine, .writing)
        let superseded = Recovery.Waiting.answer(
            .abort(reason: "A new deploy began while it waited to be promoted."))
        if let recovered = try await run.recover(ports, superseded), recovered.outcome == .unknown {
            return try await run.close(recovered, ports)
        }
        if let ended = try await runOpeningHooks(id, run, ports) {
            return try await run.conclude(ended, ports)
        }
        let files = try options.environmentFilePaths()
        let project = try await run.wiring.project(tool, environmentFiles: files)
        let settings = run.app.configuration.services
        for notice in project.notices(settings) { ports.reporter.report(.note(notice)) }
        let release = Release(
            id: id, label: options.release?.text, createdAt: ports.clock.now,
            services: try project.plan(settings))
        try await engine.record(project, settings: settings, as: id)
        for notice in try await engine.sharedNotices(of: id) {
            ports.reporter.report(.note(notice))
        }
        try await ports.store.save(release)
        try AppOrigin(configuration: run.app.file.path).write(
            for: run.app.name, in: run.app.state)
        let situation = try await Situation.observe(ports)
        let request = situation.deploy(release, settings: run.app.configuration.deployment)
        return try await run.carryOut(request, ports)
    }

    /// What they write, the compose file and its env files may be made of.
    ///
    /// - Returns: the deployment that one of them ended.
    private func runOpeningHooks(
        _ id: ReleaseID, _ run: WritingRun, _ ports: Ports
    ) async throws -> Deployment? {
        let settings = run.app.configuration.deployment
        guard !settings.hooks.opening.isEmpty else { return nil }
        let release = Release(
            id: id, label: options.release?.text, createdAt: ports.clock.now, services: [])
        let situation = try await Situation.observe(ports)
        let request = situation.deploy(release, settings: settings)
        return try await run.progress.shown {
            try await OpeningHooks(ports, interruption: run.interruption).run(before: request)
        }
    }
}
