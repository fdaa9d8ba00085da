import BlueGreen
import HostSystem

@testable import Nginx

extension OwnNginx {
    func observedSettings(steps: [Share] = []) throws -> NginxSettings {
        let plain = try settings()
        return try NginxSettings(
            app: plain.app, services: plain.services, mode: plain.mode,
            place: NginxSettings.Place(
                directory: directory, binary: Self.binary, config: config,
                statusAddress: plain.status.description),
            rollout: NginxSettings.Rollout(isObserved: true, steps: steps))
    }

    func observedRouter(steps: [Share] = []) throws -> NginxRouter {
        NginxRouter(
            try observedSettings(steps: steps), runner: SubprocessCommandRunner(),
            clock: SystemClock())
    }

    /// One request after the other over one connection.
    ///
    /// - Parameter paths: as curl takes them, with ranges such as `/?[1-100]`.
    /// - Returns: the bodies, one behind the other.
    func requests(_ paths: [String], agent: String = "test") async throws -> String {
        try await SubprocessCommandRunner().run(
            Command(
                "curl",
                ["--silent", "--show-error", "--max-time", "30", "--user-agent", agent]
                    + paths.map { "http://127.0.0.1:\(sitePort)\($0)" },
                timeLimit: .seconds(60))
        ).standardOutput
    }

    /// Has nginx open its logs anew.
    func reopenLogs() async throws {
        _ = try await SubprocessCommandRunner().run(
            Command(Self.binary, ["-s", "reopen", "-c", config]))
    }
}
