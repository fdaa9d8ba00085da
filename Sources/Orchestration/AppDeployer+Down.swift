import BlueGreen

extension AppDeployer {
    /// Whether the app's data goes with it.
    package enum VolumeFate: Sendable {
        case kept
        case removed
    }

    /// The things of an app that are left when it is down.
    package struct Remains: Hashable, Sendable {
        /// Why the router's part is left, where nginx answers 503 from now on; nil where it is gone.
        package let router: String?
        /// Those without a name, which no later deploy takes up.
        package let volumes: [UnnamedVolume]
    }

    /// Stops and removes all of the app, whatever is unfinished; its store is the caller's.
    ///
    /// Visitors are answered as long as something may fail: the colour that has traffic goes after
    /// the other one, and nginx lets go of it when it is gone.
    package func down(
        _ volumes: VolumeFate, by housekeeping: any Housekeeping
    ) async throws -> Remains {
        try await HookRemains(ports).end()
        switch try await ports.router.readLink() {
        case .unwritten: break  // Nothing of nginx's is left to be taken away.
        case .leads, .lost: try await LinkMending(ports).mend()
        }
        let live = try await ports.router.liveColour()
        let colours = live.map { [$0.other, $0] } ?? Colour.allCases
        // It answers before anything is removed.
        _ = try await ports.engine.containers()
        try await housekeeping.checkTakeDown()
        try await ports.router.checkRemoval()
        for colour in colours { try await ports.engine.remove(colour, .graceful) }
        let remains = await letGo(live)
        // An nginx in a container may be asked by way of the networks, which go now.
        let unnamed = try await housekeeping.takeDown()
        try await ports.engine.discardReleases(except: [])
        switch volumes {
        case .kept: return Remains(router: remains, volumes: unnamed)
        case .removed:
            try await housekeeping.removeVolumes(unnamed)
            return Remains(router: remains, volumes: [])
        }
    }

    private func letGo(_ live: Colour?) async -> String? {
        do {
            if live != nil { try await ports.router.route(.nobody) }
            try await ports.router.remove()
            return nil
        } catch {
            return "\(error)"
        }
    }
}
