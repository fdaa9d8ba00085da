package import BlueGreen

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
    /// that stays as it is. All else is asked as far as it answers, since a page is wanted most when
    /// history or disk are broken.
    ///
    /// - Parameter ports: needed where the link is lost, which the router cannot mend alone.
    package static func maintain(
        _ wanted: Maintenance, by router: any TrafficRouter, mending ports: () throws -> Ports
    ) async throws -> MaintenanceChange {
        let ports = Result(catching: ports)
        try await mend(router, ports)
        let before = try await router.traffic()
        try await router.setMaintenance(wanted)
        let traffic = try await router.traffic()
        await adopt(try? ports.get())
        return MaintenanceChange(
            traffic: traffic, isChanged: before.isInMaintenance != traffic.isInMaintenance)
    }

    private static func mendIfPossible(_ ports: Ports) async throws {
        do {
            try await LinkMending(ports).mend()
        } catch let error where !(error is CancellationError) {
            ports.reporter.report(.warning("\(error)"))
        }
    }

    /// The page is on or off whatever becomes of it. It was told which colour visitors get, and a
    /// link that is lost later must be put back on that one.
    private static func adopt(_ ports: Ports?) async {
        guard let ports else { return }
        do {
            _ = try await RecordMending(ports).mend()
        } catch {
            ports.reporter.report(
                .warning("Whether the history knows who has traffic was not found out: \(error)"))
        }
    }

    private static func mend(
        _ router: any TrafficRouter, _ ports: Result<Ports, any Error>
    ) async throws {
        switch try await router.readLink() {
        case .leads:
            // A link that was moved moves no visitor by this.
            if let ports = try? ports.get() { try await mendIfPossible(ports) }
        case .lost: try await LinkMending(try ports.get()).mend()
        case .unwritten:
            // Before a first deployment there is a page without an engine.
            let ports = try ports.get()
            if try await ports.store.deployments(limit: 1).isEmpty { return }
            try await LinkMending(ports).mend()
        }
    }
}
