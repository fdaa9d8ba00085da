package import BlueGreen

extension Situation {
    /// A deployment of a new release, beside the one that has traffic.
    ///
    /// - Parameter services: nil where the files are read in the course of the deployment.
    package func deploy(
        _ release: ReleaseID, label: String?, services: [PlannedService]?,
        settings: DeploymentSettings
    ) -> Order {
        Order(
            number: nextNumber, kind: .deploy,
            candidate: Placement(colour: live?.other ?? .blue, release: release),
            label: label, previous: active, services: services,
            previousServices: self.services(of: active), settings: settings)
    }

    /// A deployment back to an earlier release: the one that had traffic before, or the wanted one.
    /// That is named by its id, by a beginning of its id, or by its label.
    ///
    /// - Throws: `OrchestrationError` where there is no such release.
    package func rollback(
        to wanted: String?, settings: DeploymentSettings
    ) throws -> Order {
        guard let live else { throw OrchestrationError.nothingDeployed }
        guard let active else { throw OrchestrationError.activeUnknown(live) }
        let release = try wanted.map(release(called:)) ?? previousRelease(of: active)
        guard release.id != active.release else {
            throw OrchestrationError.alreadyActive(release.id)
        }
        let candidate = Placement(colour: live.other, release: release.id)
        return Order(
            number: nextNumber, kind: isWarm(candidate, release) ? .warmRollback : .coldRollback,
            candidate: candidate, label: release.label, previous: active,
            services: release.services, previousServices: services(of: active),
            settings: settings)
    }

    /// Whether there is an earlier release to go back to.
    package var hasWayBack: Bool {
        active.map { (try? previousRelease(of: $0)) != nil } ?? false
    }

    /// The services of the placement's release; nil where neither releases nor history tell.
    package func services(of placement: Placement?) -> [PlannedService]? {
        placement.flatMap { placement in
            releases.first { $0.id == placement.release }?.services
                ?? deployments.first { $0.candidate.release == placement.release }?.services
        }
    }

    /// The shared services that these do not name, as the newest deployment that does has them:
    /// one that was aborted leaves them running, be it the first.
    func sharedServices(beside services: [PlannedService]) -> [PlannedService] {
        var names = Set(services.map(\.name))
        return deployments.flatMap(\.services).filter { service in
            service.role == .shared && names.insert(service.name).inserted
        }
    }

    private var nextNumber: Int {
        (deployments.first?.number ?? 0) + 1
    }

    private func release(called wanted: String) throws -> Release {
        let byID = releases.filter { $0.id.text == wanted }
        let byLabel = releases.filter { $0.label == wanted }
        let byStart = releases.filter { $0.id.text.hasPrefix(wanted) }
        let known = releases.map { "\(ReleaseName($0.id, label: $0.label))" }
        let found =
            byID.first ?? byLabel.first ?? (byStart.count == 1 ? byStart.first : nil)
        guard let found else { throw OrchestrationError.unknownRelease(wanted, known: known) }
        return found
    }

    /// The release that the active one took traffic from, or else the newest other one that ever
    /// had traffic. So two rollbacks in a row do not go further and further back. Where no record
    /// tells who brought the active one, it came from the other colour.
    private func previousRelease(of active: Placement) throws -> Release {
        let promoted = deployments.filter { $0.outcome == .promoted }
        let known = promoted.map(\.candidate.release)
        let isRecorded = promoted.first?.candidate == active
        let origin =
            isRecorded
            ? promoted.first?.previous?.release
            : idle.map(\.release).flatMap { known.contains($0) ? $0 : nil }
        for id in [origin].compactMap(\.self) + known where id != active.release {
            if let release = releases.first(where: { $0.id == id }) { return release }
        }
        throw OrchestrationError.noPrevious
    }

    /// Warm means that every replica of the release still runs in the other colour. Singletons of
    /// either release are there and wait for their turn.
    private func isWarm(_ candidate: Placement, _ release: Release) -> Bool {
        let present = containers(of: candidate)
        let singletons = (services(of: active) ?? []).singletonNames
        return release.services.filter { $0.role != .shared && !$0.isOneShot }
            .allSatisfy { service in
                let replicas = present.filter { $0.replica.service == service.name }
                let up = replicas.filter { container in
                    service.runsOnce(beside: singletons) || container.state == .running
                        || container.hasDoneItsWork(for: service)
                }
                return up.count >= service.replicas
            }
    }
}
