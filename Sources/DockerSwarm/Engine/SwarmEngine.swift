package import BlueGreen
package import DockerEngine
package import HostSystem
package import Orchestration

/// The container set of an app as services of a Docker Swarm.
package struct SwarmEngine: Sendable {
    package struct Settings: Sendable {
        package var app: String
        /// The app's own folder, `/var/lib/teal/shop`.
        package var stateDirectory: String
        package var runner: any CommandRunner
        package var tool: ComposeTool.Search
        package var api: EngineAPI
        package var choices: ReleaseChoices
        package var swarm: SwarmChoices
        package var clock: any WallClock
        /// That of the process, where configs and secrets with `environment:` find their content.
        package var environment: [String: String] = [:]
        /// Throws while an edge may send requests to the colour, though the record of the edges says
        /// another one.
        package var refuseHeld: @Sendable (Colour) async throws -> Void = { _ in }
        /// The names of the nodes that are edges.
        package var edges: @Sendable () async throws -> [String] = { [] }
        /// The image with Teal that looks at nodes; empty where none does.
        package var edgeImage = ""
        /// When an image with a `build:` section is built, where there is a registry for it.
        package var build = BuildPolicy.always
        /// The registries that the user has logged in to; nil means none.
        package var logins: RegistryLogins?
        package var pushLimits = PushLimits()
        /// Hears of builds and pushes; nil where nobody does.
        package var reporter: (any Reporter)?
        private(set) var looks = NodeLooks()

        package init(
            app: String, stateDirectory: String, runner: any CommandRunner,
            tool: @escaping ComposeTool.Search, api: EngineAPI, choices: ReleaseChoices,
            swarm: SwarmChoices, clock: any WallClock
        ) {
            self.app = app
            self.stateDirectory = stateDirectory
            self.runner = runner
            self.tool = tool
            self.api = api
            self.choices = choices
            self.swarm = swarm
            self.clock = clock
        }
    }

    package let name = "Docker Swarm"
    package let runsOnThisHost = false
    let settings: Settings

    package init(_ settings: Settings) {
        self.settings = settings
    }

    var app: String { settings.app }
    var api: SwarmAPI {
        var api = SwarmAPI(engine: settings.api, clock: settings.clock)
        api.logins = settings.logins
        return api
    }

    func record(of release: ReleaseID) -> SwarmRecord {
        SwarmRecord(release, in: settings.stateDirectory)
    }

    var releaseConfigs: ReleaseConfigs { ReleaseConfigs(app: app, api: api) }

    /// The plan of a recorded release, also of one that another manager has deployed.
    func plan(of release: ReleaseID) async throws -> SwarmPlan {
        let record = record(of: release)
        if !record.isThere, let copy = try await releaseConfigs.read(release) {
            try record.restore(copy)
        }
        return try record.read()
    }

    func labels(of colour: Colour) -> [String] {
        ["\(ResourceLabel.app)=\(app)", "\(ResourceLabel.colour)=\(colour)"]
    }

    func labels(of placement: Placement) -> [String] {
        labels(of: placement.colour) + ["\(ResourceLabel.release)=\(placement.release)"]
    }

    /// Those of the compose file, in either colour and shared.
    func appServices() async throws -> [SwarmService] {
        try await api.services(labels: ["\(ResourceLabel.app)=\(app)"])
            .filter { $0.label(ResourceLabel.service) != nil }
    }
}
