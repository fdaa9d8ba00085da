package import BlueGreen
package import DockerEngine
import HostSystem
package import Orchestration

/// Today's compose files, for a swarm.
package struct SwarmSource: ReleaseSource {
    private let engine: SwarmEngine
    private let files: ComposeProject.Source
    private let services: [String: ServiceSettings]

    package init(
        _ engine: SwarmEngine, files: ComposeProject.Source, services: [String: ServiceSettings]
    ) {
        self.engine = engine
        self.files = files
        self.services = services
    }

    package func findPrograms() async throws { _ = try await engine.settings.tool() }

    package func draft() async throws -> any ReleaseDraft {
        let choices = engine.settings.choices
        guard choices.updateShared.isEmpty else {
            throw ReleaseSourceError.unfit(
                reason: "\(SwarmError.unsupported(act: "replace a shared service")) Leave "
                    + "`--update-shared` out.")
        }
        guard choices.build != .always || engine.settings.swarm.registry != nil else {
            throw ReleaseSourceError.unfit(
                reason: "Nodes get no image that is built here unless teal.yml names a registry "
                    + "(`registry:`). Name one, or leave `--build` out.")
        }
        do {
            let tool = try await engine.settings.tool()
            let project = try await ComposeProject.resolve(
                files, tool: tool, runner: engine.settings.runner)
            let known = project.serviceNames
            let unknown = services.keys.filter { !known.contains($0) }.sorted()
            guard unknown.isEmpty else {
                throw ReleaseSourceError.unknownServices(unknown, known: known)
            }
            var plan = SwarmPlan(
                project: try project.taking(choices.artifacts, services), settings: services,
                choices: engine.settings.swarm,
                release: ReleaseID(at: SystemClock().now, entropy: 0))
            let problems = try SwarmProblems(plan).all
            guard problems.isEmpty else { throw SwarmError.refused(problems) }
            let environment = try await files.variables(
                for: plan.project, beside: engine.settings.environment, tool: tool,
                runner: engine.settings.runner)
            let (contents, objects) = try SwarmContents.read(for: plan, environment)
            plan.objects = objects
            return SwarmDraft(
                engine: engine, plan: plan, contents: contents, services: try plan.services)
        } catch let error as DockerError {
            throw ReleaseSourceError.unfit(reason: "\(error)")
        } catch let error as SwarmError {
            throw ReleaseSourceError.unfit(reason: "\(error)")
        }
    }
}

/// A resolved compose project that can run in two colours of a swarm.
struct SwarmDraft: ReleaseDraft {
    let engine: SwarmEngine
    let plan: SwarmPlan
    let contents: SwarmContents
    let services: [PlannedService]

    var notices: [String] {
        plan.project.notices(plan.settings) + plan.objectNotices(of: services)
    }

    /// The record stands in the swarm and needs no room here; the files of one release need little.
    func checkRoom() {}

    func record(as release: ReleaseID) async throws -> [String] {
        let recorded = SwarmPlan(
            project: plan.project, settings: plan.settings, choices: plan.choices,
            release: release, objects: plan.objects)
        try engine.record(of: release).write(contents)
        try engine.record(of: release).write(recorded)
        return try await engine.sharedNotices(of: recorded)
    }

    func obstacles() async throws -> [Obstacle] {
        let forecast = SwarmForecast(engine, plan)
        return try await engine.obstacles(to: plan) + forecast.obstacles()
    }

    func imageNotices() async throws -> [String] {
        try await SwarmForecast(engine, plan).imageNotices()
    }

    func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom? {
        try await SwarmForecast(engine, plan).room(question)
    }

    func forecast(
        at candidate: Placement, beside active: Placement?, with others: [PlannedService]
    ) async throws -> SetForecast {
        try await SwarmForecast(engine, plan)
            .forecast(at: candidate, beside: active, with: others)
    }
}
