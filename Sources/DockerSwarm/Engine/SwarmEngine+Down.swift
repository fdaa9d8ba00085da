import BlueGreen
import DockerEngine
import Orchestration

extension SwarmEngine {
    /// The services that no colour has, then all that only they were in. Nothing without the app's
    /// label is touched.
    package func takeDown() async throws {
        try await remove(try await appServices())
        for colour in Colour.allCases { try await removeNetwork(of: colour) }
    }

    private func removeNetwork(of colour: Colour) async throws {
        let name = ResourceNames.project(app, colour)
        guard let found = try await api.network(name),
            found["Labels"]?[ResourceLabel.app]?.string == app
        else { return }
        let deadline = settings.clock.now + Self.networkPatience
        while try await !api.removeNetwork(name) {
            guard settings.clock.now < deadline else {
                throw SwarmError.networkInUse(name, within: Self.networkPatience)
            }
            try await settings.clock.sleep(until: settings.clock.now + .milliseconds(500))
        }
    }

    /// The swarm's own bookkeeping of a task that ended takes a second or two.
    private static let networkPatience = Duration.seconds(30)
}
