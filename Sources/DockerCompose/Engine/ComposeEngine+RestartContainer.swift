import DockerEngine
package import Orchestration

extension ComposeEngine {
    /// The daemon's own restart, which it carries to its end when Teal is killed meanwhile.
    ///
    /// A daemon marks a container that it was asked to stop. One with the mark stays down when the
    /// daemon starts again after a crash, under every policy but `always`. So it has that one
    /// meanwhile.
    package func restart(_ container: Container) async throws {
        let all = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
        guard let listed = all.first(where: { $0.id == container.id }) else {
            throw DockerError.containerMissing(container.name)
        }
        if listed.mayRun {
            try await runPreStop(in: [listed])
            try await neverLeftDown(listed) {
                try await api.restartContainer(listed, grace: listed.grace)
            }
        } else {
            try await api.startContainer(listed)
        }
        try await forgivingHooks(of: listed) { try await runPostStart(in: listed) }
    }

    private func neverLeftDown(
        _ container: ListedContainer, _ act: () async throws -> Void
    ) async throws {
        let always = RestartPolicy(composeText: "always")
        let inspected = try await api.inspectContainer(container.id)
        var policy = inspected?.hostConfig.restartPolicy ?? RestartPolicy(composeText: "no")
        if policy.name == always.name {
            // Its user's own, or that of a restart which was cut off.
            let label = container.labels[ResourceLabel.restart]
            policy = inspected?.policy(by: label, .deployed) ?? policy
        } else {
            try await api.updateRestartPolicy(of: container, to: always)
        }
        do {
            try await act()
        } catch let error where !(error is CancellationError) {
            try await api.updateRestartPolicy(of: container, to: policy)
            throw error
        }
        try await api.updateRestartPolicy(of: container, to: policy)
    }
}
