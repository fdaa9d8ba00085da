package import BlueGreen
package import HostSystem
package import Orchestration

extension ComposeEngine {
    package func stop(_ colour: Colour) async throws {
        try await stop(try await api.containers(labels: labels(of: colour)))
    }

    package func stopSingletons(of colour: Colour, and services: Set<String>) async throws {
        let meant = try await api.containers(labels: labels(of: colour)).filter { container in
            container.role == .singleton
                || services.contains(container.replica?.service ?? "")
        }
        try await forAll(meant) { container in
            // Whatever the policy, a daemon that starts again must not start this one.
            try await api.updateRestartPolicy(of: container, to: RestartPolicy(composeText: "no"))
        }
        try await stop(meant)
    }

    package func remove(_ colour: Colour, _ haste: Haste) async throws {
        try await remove(try await api.containers(labels: labels(of: colour)), haste)
    }

    package func remove(_ placement: Placement, _ haste: Haste) async throws {
        try await remove(try await api.containers(labels: labels(of: placement)), haste)
    }

    package func discardReleases(except needed: Set<ReleaseID>) async throws {
        let files = FileSystem()
        let parent = ReleaseFolder.parent(in: settings.stateDirectory)
        let recorded = files.isFolder(parent) ? try files.list(parent) : []
        let releases = recorded.compactMap { ReleaseID($0) }
        // Containers that exist may be started again, whoever has forgotten them.
        let present = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
            .compactMap { $0.placement?.release }
        let kept = needed.union(present)
        for release in releases where !kept.contains(release) {
            try files.removeTree(folder(of: release).path)
        }
        try await untagImages(of: kept)
        try forgetHostNumbers(keeping: kept)
    }

    /// Everything of the app that Teal has made, but for its volumes and the record of its
    /// releases.
    package func takeDown() async throws {
        let all = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
        // What uses a shared service ends before it.
        try await remove(all.filter { $0.role != .shared }, .graceful)
        try await remove(all.filter { $0.role == .shared }, .graceful)
        for colour in Colour.allCases { try await networks.remove(colour) }
    }

    /// A call of Compose on the release that stands in the colour, for `teal compose`.
    package func composeCommand(
        for colour: Colour, arguments: [String]
    ) async throws -> Command {
        let releases = try await api.containers(labels: labels(of: colour))
            .compactMap { $0.placement?.release }
        guard let release = releases.max() else {
            throw DockerComposeError.emptyColour(app: app, colour)
        }
        return settings.tool.command(
            ComposeCommand(
                project: ResourceNames.project(app, colour),
                files: [folder(of: release).colourFile(colour)], verbs: arguments))
    }

    func remove(_ containers: [ListedContainer], _ haste: Haste) async throws {
        switch haste {
        case .graceful: try await stop(containers)
        case .atOnce: break
        }
        try await forAll(containers) { try await api.removeContainer($0) }
    }

    private func stop(_ containers: [ListedContainer]) async throws {
        try await forAll(containers) { container in
            guard ["running", "restarting", "paused"].contains(container.state) else { return }
            // With `always` the daemon would start it again after a reboot.
            if container.labels[ResourceLabel.restart] == "always" {
                try await api.updateRestartPolicy(
                    of: container, to: RestartPolicy(composeText: "unless-stopped"))
            }
            try await api.stopContainer(container, grace: container.grace)
        }
    }

    /// At the same time; the first failure is thrown when all have been tried.
    private func forAll(
        _ containers: [ListedContainer],
        _ act: @escaping @Sendable (ListedContainer) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for container in containers { group.addTask { try await act(container) } }
            var failure: (any Error)?
            while let result = await group.nextResult() {
                if case .failure(let error) = result, failure == nil { failure = error }
            }
            if let failure { throw failure }
        }
    }

    /// Looks at what is tagged, not at what was removed a moment ago: what an interrupted run
    /// left is found too.
    private func untagImages(of kept: Set<ReleaseID>) async throws {
        for name in try await api.imageNames(matching: "teal/\(app)/*") {
            guard let tag = name.split(separator: ":").last,
                let release = ReleaseID(String(tag)), !kept.contains(release)
            else { continue }
            try await api.untagImage(name)
        }
    }

    private func forgetHostNumbers(keeping kept: Set<ReleaseID>) throws {
        var services: [PlannedService] = []
        for release in kept where FileSystem().exists(folder(of: release).modelFile) {
            services += try folder(of: release).read().services
        }
        guard !services.isEmpty else { return }
        let before = try readHostNumbers()
        var numbers = before
        numbers.keep(services)
        if numbers != before { try write(numbers) }
    }
}
