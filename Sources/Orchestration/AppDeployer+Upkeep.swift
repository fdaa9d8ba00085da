package import BlueGreen

/// The use cases of an app beside deployments.
extension AppDeployer {
    /// Finds the things that no release needs any more.
    ///
    /// - Parameter count: how many releases are kept to go back to.
    /// - Throws: `OrchestrationError.noHistory` where there is no telling which those are.
    package func clutter(
        keeping count: Int, by housekeeping: any Housekeeping
    ) async throws -> [Clutter] {
        try await housekeeping.clutter(keeping: try await kept(count))
    }

    /// The result of a cleaning.
    package enum Cleaning: Sendable {
        case removed([Clutter], freed: ByteCount)
        /// The deployment that was taken up first left unknown who has traffic. Nothing was
        /// removed.
        case stuck(Deployment)
    }

    /// Removes the things that no release needs any more.
    ///
    /// - Parameter agreed: the things that may go; nil for all that is found.
    package func clean(
        _ agreed: Set<Clutter>?, keeping count: Int, by housekeeping: any Housekeeping
    ) async throws -> Cleaning {
        if let stuck = try await finishUnfinished().stuck { return .stuck(stuck) }
        _ = try await OwedWorkers(ports).work()
        let going = try await clutter(keeping: count, by: housekeeping)
            .filter { agreed?.contains($0) ?? true }
        let freed = try await housekeeping.remove(going)
        do {
            try await forgetReleases(keeping: count)
        } catch let error where !(error is CancellationError) {
            // Space was made all the same, and the next cleaning forgets them.
            ports.reporter.report(.warning("\(error)"))
        }
        return .removed(going, freed: freed)
    }

    /// Without a history no release would be kept, and a backup of it needs their images.
    private func kept(_ count: Int) async throws -> Set<ReleaseID> {
        let situation = try await Situation.observe(ports)
        guard !situation.hasLostHistory else { throw OrchestrationError.noHistory }
        return KeptReleases(
            in: situation,
            past: try await ports.store.deployments(limit: KeptReleases.history), count: count
        ).releases
    }

    /// A record without its folder could not be gone back to.
    private func forgetReleases(keeping count: Int) async throws {
        let kept = try await kept(count)
        for release in try await ports.store.releases() where !kept.contains(release.id) {
            try await ports.store.deleteRelease(release.id)
        }
    }
}
