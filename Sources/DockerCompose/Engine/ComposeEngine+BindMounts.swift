import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// Bind mounts whose source on the host has vanished: Docker makes an empty folder in its place,
/// and the container starts without its file.
extension ComposeEngine {
    /// Of a recorded release that is about to be deployed, or gone back to.
    func bindObstacles(
        to candidate: Placement, _ kind: DeploymentKind
    ) async throws -> [Obstacle] {
        guard seesSources, let recorded = try folder(of: candidate.release).bindSources() else {
            return []
        }
        let left = try await sharedLeftAlone()
        let binds = recorded.binds.filter { !left.contains($0.service) }
        switch kind {
        case .deploy:
            let earlier = try earlierBinds(than: candidate.release)
            return BindReview(new: binds, earlier: earlier).obstacles
        case .coldRollback:
            return BindReview(
                recorded: RecordedBinds(release: candidate.release, binds: binds)
            ).obstacles
        case .warmRollback:
            // All others run.
            let singletons = Set(
                try folder(of: candidate.release).read().services
                    .filter { $0.role == .singleton }.map(\.name))
            return BindReview(
                recorded: RecordedBinds(
                    release: candidate.release,
                    binds: binds.filter { singletons.contains($0.service) })
            ).obstacles
        }
    }

    /// Of files that are not recorded.
    func bindObstacles(to services: [ComposeService]) async throws -> [Obstacle] {
        guard seesSources else { return [] }
        let left = try await sharedLeftAlone()
        let binds = BindSource.look(at: services.filter { !left.contains($0.name) })
        return BindReview(new: binds, earlier: try earlierBinds(than: nil)).obstacles
    }

    func bindNotices(of services: [ComposeService]) -> [String] {
        guard seesSources else { return [] }
        // A record that cannot be read is told where the obstacles are looked for.
        let earlier = (try? earlierBinds(than: nil)) ?? []
        return BindReview(new: BindSource.look(at: services), earlier: earlier).notices
    }

    /// The last guard before any start, be it on the way back.
    func refuseReplacedFiles(of service: String, _ release: ReleaseID) throws {
        // What stands in a record that cannot be read keeps no container from coming back.
        guard seesSources, let recorded = try? folder(of: release).bindSources() else { return }
        let replaced = recorded.binds.first { $0.service == service && $0.isReplaced }
        guard let replaced else { return }
        throw DockerError.fileGone(replaced.refusal(release))
    }

    /// A daemon elsewhere has other files.
    private var seesSources: Bool {
        switch api.endpoint {
        case .socket: true
        case .tcp: false
        }
    }

    /// Newest first, without records that cannot be read.
    private func earlierBinds(than release: ReleaseID?) throws -> [RecordedBinds] {
        try recordedReleases().filter { $0 != release }.sorted(by: >)
            .compactMap { try? folder(of: $0).bindSources() }
    }

    private func sharedLeftAlone() async throws -> Set<String> {
        Set(try await sharedImages().keys)
    }
}
