package import BlueGreen
import DockerEngine
package import HostSystem
package import Orchestration

extension ComposeEngine {
    package func stop(_ colour: Colour) async throws {
        try await stop(try await api.containers(labels: labels(of: colour)))
    }

    package func stop(_ placement: Placement) async throws {
        try await stop(try await api.containers(labels: labels(of: placement)))
    }

    package func stopSingletons(
        of colour: Colour, and services: Set<String>
    ) async throws -> [String] {
        let meant = try await api.containers(labels: labels(of: colour)).filter { container in
            guard let service = container.replica?.service, let role = container.role else {
                return false
            }
            return role.runsOnce(service, beside: services)
        }
        try await runPreStop(in: meant)
        try await forAll(meant) { container in
            // A daemon that starts again must not start this one, even if its policy would.
            try await api.updateRestartPolicy(of: container, to: RestartPolicy(composeText: "no"))
        }
        try await end(meant)
        return []
    }

    package func remove(_ colour: Colour, _ haste: Haste) async throws {
        try await remove(try await api.containers(labels: labels(of: colour)), haste)
    }

    package func remove(_ placement: Placement, _ haste: Haste) async throws {
        try await remove(try await api.containers(labels: labels(of: placement)), haste)
        try await putBackShared(replacedBy: placement.release)
    }

    package func checkTakeDown() async throws {
        try await networks.refuseGuests()
    }

    package func takeDown() async throws -> [UnnamedVolume] {
        let all = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
        // The users of a shared service end before it.
        try await remove(all.filter { $0.role != .shared }, .graceful)
        let shared = all.filter { $0.role == .shared }
        // Nothing names them when the containers are gone.
        let unnamed = shared.flatMap(\.unnamedVolumes)
        try await remove(shared, .graceful, volumes: .kept)
        try await networks.removeAll()
        return unnamed.sorted { ($0.service, $0.target) < ($1.service, $1.target) }
    }

    package func removeVolumes(_ unnamed: [UnnamedVolume]) async throws {
        do {
            let volumes = try await api.volumes(labels: ["\(ResourceLabel.app)=\(app)"])
            try await forAll(volumes.map(\.name) + unnamed.map(\.id)) { name in
                try await api.removeVolume(name)
            }
        } catch let error where !(error is CancellationError) {
            throw DockerError.volumesNotRemoved(reason: "\(error)")
        }
    }

    /// A call of Compose on the release that stands in the colour, for `teal compose`.
    package func composeCommand(
        for colour: Colour, arguments: [String]
    ) async throws -> Command {
        let releases = try await api.containers(labels: labels(of: colour))
            .compactMap { $0.placement?.release }
        guard let release = releases.max() else {
            throw DockerError.emptyColour(app: app, colour)
        }
        return try await settings.permitted(
            ComposeCommand(
                project: ResourceNames.project(app, colour),
                files: [folder(of: release).colourFile(colour)], verbs: arguments))
    }

    func remove(
        _ containers: [ListedContainer], _ haste: Haste,
        volumes: EngineAPI.UnnamedVolumes = .removed
    ) async throws {
        switch haste {
        case .graceful: try await stop(containers)
        case .atOnce: try await runPreStop(in: containers)
        }
        try await forAll(containers) { try await api.removeContainer($0, volumes) }
    }

    private func stop(_ containers: [ListedContainer]) async throws {
        try await runPreStop(in: containers)
        try await forAll(containers.filter(\.mayRun)) { container in
            // With `always`, the user's or that of a restart which was cut off, the daemon would
            // start it again after a reboot.
            guard let inspected = try await api.inspectContainer(container.id),
                inspected.hostConfig.restartPolicy?.name == "always"
            else { return }
            try await api.updateRestartPolicy(
                of: container, to: RestartPolicy(composeText: "unless-stopped"))
        }
        try await end(containers)
    }

    private func end(_ containers: [ListedContainer]) async throws {
        try await forAll(containers.filter(\.mayRun)) { container in
            try await api.stopContainer(container, grace: container.grace)
        }
    }

    /// At the same time; the first failure is thrown when all have been tried.
    private func forAll<Thing: Sendable>(
        _ things: [Thing], _ act: @escaping @Sendable (Thing) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for thing in things { group.addTask { try await act(thing) } }
            var failure: (any Error)?
            while let result = await group.nextResult() {
                if case .failure(let error) = result, failure == nil { failure = error }
            }
            if let failure { throw failure }
        }
    }
}
