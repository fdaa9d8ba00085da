package import BlueGreen

/// The releases that stay, so that one can go back to them. They are the newest of those that ever
/// had traffic, the active one, and the one it came from.
///
/// A killed run leaves a release that never had traffic. Nobody goes back to it, and it pushes none
/// out.
package struct KeptReleases {
    /// How far back a release's traffic is looked up; rollbacks between two releases count too.
    package static let history = 1000

    package let releases: Set<ReleaseID>

    /// - Parameters:
    ///   - recorded: newest first.
    ///   - past: all deployments that are known, the one under way included.
    ///   - ends: kept whatever else holds.
    ///   - count: how many are kept.
    package init(
        among recorded: [ReleaseID], past: [Deployment], ends: some Sequence<ReleaseID>,
        count: Int
    ) {
        let seen = past.flatMap { [$0.outcome == .promoted ? $0.candidate : nil, $0.previous] }
            .compactMap { $0?.release }
        let served = Set(seen).union(ends)
        releases = Set(recorded.filter(served.contains).prefix(count)).union(ends)
    }

    /// Those of an app at rest. The releases of containers stay as well, and so do the two of an
    /// unfinished deployment.
    package init(in situation: Situation, past: [Deployment], count: Int) {
        var ends = Set(situation.containers.compactMap { $0.placement?.release })
        if let active = situation.active {
            let bringer = past.first {
                $0.outcome == .promoted && $0.candidate.release == active.release
            }
            ends.formUnion([active.release, bringer?.previous?.release].compactMap(\.self))
        }
        for deployment in past where deployment.outcome == nil {
            ends.formUnion(
                [deployment.candidate.release, deployment.previous?.release].compactMap(\.self))
        }
        self.init(
            among: situation.releases.map(\.id), past: past, ends: ends, count: count)
    }
}
