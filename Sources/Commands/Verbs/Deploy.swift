import ArgumentParser
import BlueGreen
import HostSystem
import Orchestration

struct Deploy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deploy",
        abstract: "Start a new release beside the running one, prove it healthy, move traffic.",
        discussion: """
            Resolves the compose file with today's environment and starts the result in the \
            colour without traffic. When it is healthy, nginx switches to it. The previous colour \
            drains. A release that does not become healthy never gets a request.

            A release that does badly with traffic (`bake`, `canary`) loses it again (exit 4). \
            With `promote: manual` it waits for `teal promote` or `teal abort` from any terminal.

            Hooks of teal.yml run on the way. A hook that fails before the switch ends the deploy \
            (exit 3). One that fails after it takes the traffic back (exit 4).

            Examples:
              teal deploy
              teal deploy --release v2 --env-file releases/v2.env
              teal deploy --app shop --pull always --wait-lock 10m
              teal deploy --artifact imageDetail.json
              teal deploy --update-shared db --release v3
              teal deploy --detach
            """)

    @OptionGroup var common: CommonOptions
    @OptionGroup var lock: LockOptions

    @OptionGroup var options: ReleaseOptions

    @Flag(
        help: """
            With `promote: manual`, end with exit code 0 when the release waits for `teal \
            promote`.
            """)
    var detach = false

    func run() async throws {
        let id = ReleaseID(at: SystemClock().now, entropy: Randomness.entropy())
        let name = "\(ReleaseName(id, label: options.release?.text))"
        try await WritingSession.run(common, for: .newRelease) { session in
            let choices = try options.choices
            try session.app.state.prepare(
                for: session.app.name, toBegin: true)
            let status = try await session.locked(
                "deploy", waitingAtMost: lock.waitLock.duration, release: name,
                choices: choices
            ) { run in
                let wish = ReleaseWish(
                    id: id, label: options.release?.text,
                    settings: run.app.configuration.deployment)
                let deployment = try await run.acting { try await $0.deploy(wish) }
                // Its last lines come when the waiting is over.
                if deployment.waitsUntil != nil, !detach { return .done }
                return try await run.close(deployment)
            }
            guard status == .done, !detach else { return status }
            return try await Following(session: session).follow()
        }
    }
}
