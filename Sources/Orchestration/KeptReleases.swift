package import BlueGreen

/// Which releases stay, so that one can go back to them: the newest of those that ever had
/// traffic, and always the one that has it and the one it came from.
///
/// A release that never had traffic, as a run that was killed leaves it, is nothing to go back to
/// and pushes none out.
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

    /// Those of an app at rest. What belongs to a container stays as well, and so does what a
    /// deployment that nobody has finished moves between.
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
