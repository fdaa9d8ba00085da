package import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

/// The restart policies of containers, which Teal gives them step by step.
///
/// Docker has no policy that brings a container back after a reboot and leaves one alone that
/// ended by itself. Measured with 20.10: after the daemon was restarted in order, `on-failure`
/// brings back only what ended with another code than 0, and a server that obeys SIGTERM ends with
/// 0. After a power cut it brings back all. So a container without a policy of the user's has `no` while it starts, then `on-failure`,
/// and `unless-stopped` once it is known to keep running.
extension ComposeEngine {
    package func keepRunning(_ placement: Placement, _ endurance: Endurance) async throws {
        let shared = try await sharedContainers()
        for container in try await shared + api.containers(labels: labels(of: placement)) {
            try await keepRunning(container, endurance)
        }
    }

    func keepRunning(_ container: ListedContainer, _ endurance: Endurance) async throws {
        // One that ended has done its work, and one that was not started waits for its turn:
        // neither must be started by a reboot.
        guard let inspected = try await api.inspectContainer(container.id),
            ["running", "restarting"].contains(inspected.state.status)
        else { return }
        let now = inspected.hostConfig
        let intended = inspected.policy(by: container.labels[ResourceLabel.restart], endurance)
        // One that was stopped has lost its `always` to `unless-stopped`, and one that has proved
        // itself before keeps what it got.
        if let intended, intended.name != "no", now.restartPolicy?.name != intended.name,
            !(intended.name == "on-failure" && now.restartPolicy?.name == "unless-stopped")
        {
            try await api.updateRestartPolicy(of: container, to: intended)
        }
        let weight = container.labels[ResourceLabel.weight].flatMap { Int($0) }
        if let weight, now.processorWeight != weight {
            try await api.updateProcessorWeight(of: container, to: weight)
        }
    }

    /// Whether a shared container that nobody waits for has ended as a program ends that has done
    /// its work. One that was known to keep running would have been started again, so somebody has
    /// stopped it.
    func hasEndedByItself(_ container: ListedContainer) async throws -> Bool {
        guard container.state == "exited", container.hasStepwisePolicy,
            let inspected = try await api.inspectContainer(container.id)
        else { return false }
        // A server that ended has been stopped, if only by an orderly reboot; and work by the image
        // of a server is better done twice than a database left down.
        return inspected.state.exitCode == 0 && !inspected.isServer
            && inspected.hostConfig.restartPolicy?.name != "unless-stopped"
    }

    /// A program that ends again and again with code 0 has work that ends, and was taken for one
    /// that keeps running. It runs to its end once more.
    func letEnd(_ container: ListedContainer) async throws {
        guard container.hasStepwisePolicy, ["running", "restarting"].contains(container.state),
            let inspected = try await api.inspectContainer(container.id),
            inspected.restartCount > 0,
            inspected.hostConfig.restartPolicy?.name == "unless-stopped"
        else { return }
        let since = Timestamp(milliseconds: SystemClock().now.milliseconds - Self.memory)
        let ends = try await endings(since: since)
            .filter { $0.replica == container.replica && $0.placement == container.placement }
        guard !ends.isEmpty, ends.allSatisfy({ $0.exitCode == 0 }) else { return }
        try await api.updateRestartPolicy(of: container, to: RestartPolicy(composeText: "no"))
        settings.reporter.report(
            .note(
                "\(container.name) ended by itself with code 0 and was started again each time. "
                    + "Now it stays ended; `restart: \"no\"` in the compose file says so too."))
    }

    /// In milliseconds; the engine's own memory is seldom longer.
    private static let memory: Int64 = 3_600_000
}

extension ListedContainer {
    /// Whether the user left its policy to Teal.
    fileprivate var hasStepwisePolicy: Bool {
        labels[ResourceLabel.restart].map(ResourceLabel.stepwiseRestarts.contains) ?? false
    }
}

extension InspectedContainer {
    /// - Parameter label: of `ResourceLabel.restart`.
    /// - Returns: nil where it is to have none.
    func policy(by label: String?, _ endurance: Endurance) -> RestartPolicy? {
        guard let label else { return nil }
        guard ResourceLabel.stepwiseRestarts.contains(label) else {
            return RestartPolicy(composeText: label)
        }
        let serves = isServer && label == ResourceLabel.usualRestart
        return switch endurance {
        case .deployed: RestartPolicy(composeText: "unless-stopped")
        case .started:
            RestartPolicy(composeText: serves ? "unless-stopped" : "on-failure")
        }
    }

    /// A program with a port or a check of its own is no work that ends.
    fileprivate var isServer: Bool {
        let test = config.healthCheck?["Test"]?.array?.first?.string
        return !(config.exposedPorts ?? [:]).isEmpty || (test != nil && test != "NONE")
    }
}
