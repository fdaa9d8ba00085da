package import BlueGreen

/// The things that every command compares before it acts: the intention, the traffic, the
/// containers. A confirmation compares them with nginx.
package struct Situation: Sendable {
    /// The colour that the symlink names.
    package let live: Colour?
    package let containers: [Container]
    /// Newest first.
    package let deployments: [Deployment]
    /// Newest first.
    package let releases: [Release]

    package init(
        live: Colour?, containers: [Container], deployments: [Deployment], releases: [Release]
    ) {
        self.live = live
        self.containers = containers
        self.deployments = deployments
        self.releases = releases
    }

    /// Far more than anybody goes back over.
    static let mostDeployments = 100

    /// Looks at the link, the engine and the store; knows the last 100 deployments.
    ///
    /// - Parameter recent: so many are read at first, and all of them only where none of these was
    ///   promoted. Reading one takes a third of a millisecond.
    package static func observe(
        _ ports: Ports, recent: Int = mostDeployments
    ) async throws -> Situation {
        try await observe(ports, live: try await ports.router.liveColour(), recent: recent)
    }

    static func observe(
        _ ports: Ports, live: Colour?, recent: Int = mostDeployments
    ) async throws -> Situation {
        let containers = try await ports.engine.containers()
        var deployments = try await ports.store.deployments(limit: recent)
        if deployments.count == recent, !deployments.contains(where: { $0.outcome == .promoted }) {
            deployments = try await ports.store.deployments(limit: mostDeployments)
        }
        return Situation(
            live: live, containers: containers, deployments: deployments,
            releases: try await ports.store.releases())
    }

    /// The placement that has traffic. The colour comes from the symlink alone. The release comes
    /// from the colour's containers, else from the last deployment into that colour.
    package var active: Placement? {
        live.flatMap(placement(in:))
    }

    /// Each container of a colour was made by a deployment that was recorded first.
    package var hasLostHistory: Bool {
        deployments.isEmpty && containers.contains { $0.placement != nil }
    }

    /// The release in the colour without traffic, if there is one.
    package var idle: Placement? {
        live.flatMap { colour in
            containers.compactMap(\.placement).first { $0.colour == colour.other }
        }
    }

    /// The services that the release of either colour calls a singleton.
    package var singletons: Set<String> {
        let releases = [active, idle].flatMap { services(of: $0) ?? [] }.singletonNames
        return releases.union(containers.filter { $0.role == .singleton }.map(\.replica.service))
    }

    /// The containers that run beside the active colour's. Singletons of the idle colour are stopped
    /// on purpose and are none of them.
    package var warm: [Container] {
        guard let idle else { return [] }
        let once = singletons
        return containers(of: idle).filter { !$0.runsOnce(beside: once) }
    }

    package func containers(of placement: Placement) -> [Container] {
        containers.filter { $0.placement == placement }
    }

    /// nil where neither releases nor history know one.
    package func label(of release: ReleaseID) -> String? {
        releases.first { $0.id == release }?.label
            ?? deployments.first { $0.candidate.release == release }?.label
    }

    private func placement(in colour: Colour) -> Placement? {
        let running = containers.filter { $0.placement?.colour == colour }
        let newest = running.compactMap(\.placement).max { $0.release < $1.release }
        if let newest { return newest }
        return deployments.lazy.flatMap {
            [$0.outcome == .promoted ? $0.candidate : nil, $0.previous]
        }
        .compactMap(\.self).first { $0.colour == colour }
    }
}
