import BlueGreen
import DockerEngine
import DockerSwarm
import HostSystem
import Nginx
import Orchestration

extension Wiring {
    /// Whether the edge task that this process is a HEALTHCHECK of has confirmed.
    static var isEdgeConfirmed: Bool { EdgeTask.isConfirmed }

    /// Runs the arguments in the place of this process, on the host that the task's file system
    /// leads to.
    ///
    /// - Returns: why that could not be done; else it does not return.
    static func runOnHost(_ words: [String]) -> String {
        guard let program = words.first else { return "no program was named" }
        do {
            try EdgeTask.enterHost()
        } catch {
            return "\(error)"
        }
        return ProcessReplacement.replace(by: Command(program, Array(words.dropFirst())))
    }

    /// The work of a task that looks at its node for `teal check` and `teal plan`.
    static func lookAtNode(
        _ environment: [String: String], say: @Sendable (String) -> Void
    ) async throws {
        oneThread
        let api = EngineAPI(.socket(path: EdgeTask.dockerSocket))
        do {
            guard let answer = try NodeAnswer(environment, api: api, gauge: EdgeTask.gauge) else {
                throw CommandsError.noEdgeTask
            }
            say(try await answer.line())
        } catch {
            // The error of the look is the one to tell.
            try? await api.shutDown()
            throw error
        }
        try await api.shutDown()
    }

    /// The work of an edge's task: this node's nginx follows the state in the environment. Does
    /// not return but with an error.
    static func followEdgeState(
        _ environment: [String: String], say: @escaping @Sendable (String) -> Void
    ) async throws {
        guard let text = environment[EdgeState.variable],
            let image = environment[HostPrograms.imageVariable]
        else { throw CommandsError.noEdgeTask }
        oneThread
        let state = try EdgeState(text: text)
        EdgeTask.endBySignal()
        let clock = SystemClock()
        let api = EngineAPI(.socket(path: EdgeTask.dockerSocket))
        let router = NginxRouter(
            try settings(of: state.site),
            runner: HostPrograms(SubprocessCommandRunner(), api: api, image: image), clock: clock)
        let agent = EdgeAgent(
            state, router: router, edge: router, observer: NginxObserver(of: router),
            gauge: EdgeTask.gauge, clock: clock
        ) { report in
            // A report that cannot be written is one that nobody reads.
            if let line = try? report.line { say(line) }
        }
        do {
            try await agent.run { try EdgeTask.note(isConfirmed: $0) }
        } catch {
            // The agent's own error is the one to tell.
            try? await api.shutDown()
            throw error
        }
    }

    /// A host that is lost answers nothing, and each first request to it waits so long before it
    /// goes to another one. One packet that is lost on the way is sent again after a second.
    private static let connectTimeout = Duration.seconds(2)

    /// In the task's own file system, from where Teal copies it into nginx's folder.
    private static let page = "/teal-maintenance.html"

    private static func settings(of site: EdgeState.Site) throws -> NginxSettings {
        var place = NginxSettings.Place(directory: site.directory, config: site.config)
        if let binary = site.binary { place.binary = binary }
        if let status = site.status { place.statusAddress = status }
        place.hostRoot = EdgeTask.hostRoot
        var settings = try NginxSettings(
            app: site.app, services: site.services, mode: site.mode, place: place,
            rollout: NginxSettings.Rollout(
                isObserved: site.rollout.isObserved, steps: site.rollout.steps,
                stickiness: site.rollout.stickiness))
        settings.trustedProxies = site.trustedProxies.compactMap(AddressBlock.init)
        settings.connectTimeout = connectTimeout
        let page = try site.page.map { page in
            try AtomicFile.write(bytes: Array(page), to: Self.page, access: .everyoneReads)
            return Self.page
        }
        settings.maintenance = NginxSettings.MaintenanceAnswer(
            healthPaths: site.healthPaths, page: page)
        return settings
    }
}
