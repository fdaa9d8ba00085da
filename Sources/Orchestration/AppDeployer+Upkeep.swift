package import BlueGreen

/// The use cases of an app beside deployments.
extension AppDeployer {
    /// How visitors are answered.
    package struct MaintenanceChange: Sendable {
        package let traffic: Traffic
        /// Whether visitors were answered differently before.
        package let isChanged: Bool
    }

    /// Shows visitors a page instead of the app, or no longer.
    ///
    /// Nothing is taken up first: that may take minutes and stop containers, when somebody wants a
    /// page now. It makes nothing worse that was cut off: a recovery reads the link's colour, and
    /// that stays as it is. Only the router is asked, since a page is wanted most when history or
    /// disk are broken.
    package static func maintain(
        _ wanted: Maintenance, by router: any TrafficRouter
    ) async throws -> MaintenanceChange {
        let before = try router.traffic()
        try await router.setMaintenance(wanted)
        let traffic = try router.traffic()
        return MaintenanceChange(
            traffic: traffic, isChanged: before.isInMaintenance != traffic.isInMaintenance)
    }

    /// Finds the things that no release needs any more.
    ///
    /// - Parameter count: how many releases are kept to go back to.
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

    /// Whether the app's data goes with it.
    package enum VolumeFate: Sendable {
        case kept
        case removed
    }

    /// Stops and removes all of the app, whatever is unfinished; its store is the caller's.
    ///
    /// - Returns: why the router's part is left, where nginx answers 503 from now on; nil where all
    ///   is gone.
    package func down(
        _ volumes: VolumeFate, by housekeeping: any Housekeeping
    ) async throws -> String? {
        try await HookRemains(ports).end()
        var remains: String?
        do {
            if try ports.router.liveColour() != nil {
                try await ports.router.route(.nobody)
            }
            try await ports.router.remove()
        } catch {
            remains = "\(error)"
        }
        try await housekeeping.takeDown()
        try await ports.engine.discardReleases(except: [])
        switch volumes {
        case .kept: break
        case .removed: try await housekeeping.removeVolumes()
        }
        return remains
    }

    private func kept(_ count: Int) async throws -> Set<ReleaseID> {
        KeptReleases(
            in: try await Situation.observe(ports),
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
