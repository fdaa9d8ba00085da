import BlueGreen
package import HostSystem
package import NIOCore
import NIOPosix
package import Orchestration

/// Sends an app's requests to a colour through nginx.
///
/// Nothing is remembered between two calls but what nginx and its container are; who has traffic
/// stands in the symlink alone, and where the colours are in the generated files alone.
package struct NginxRouter: TrafficRouter {
    let settings: NginxSettings
    let nginx: RunningNginx
    let folder: AppFolder
    let known: NginxFactsCache
    /// Called whenever nginx has taken the files that these settings make.
    package var onArmed: @Sendable () -> Void = {}

    /// - Parameter group: asks the status server on one of its loops.
    package init(
        _ settings: NginxSettings, runner: any CommandRunner, clock: any WallClock,
        group: any EventLoopGroup = NIOSingletons.posixEventLoopGroup
    ) {
        self.init(
            nginx: RunningNginx(
                settings: settings, runner: runner, status: StatusClient(group: group),
                processes: ProcProcesses(root: settings.hostRoot), clock: clock))
    }

    init(nginx: RunningNginx) {
        self.nginx = nginx
        settings = nginx.settings
        folder = AppFolder(nginx.settings)
        known = NginxFactsCache(nginx)
    }

    /// Also ends what a crash has left of a change, and makes files and workers follow the link.
    package func prepare() async throws {
        let isHealed = try !healFolder().isEmpty
        var container = try await nginx.container()
        // A container that was made anew has lost the networks that Teal put it on, and with them
        // the colour that has traffic.
        if let found = container, try folder.state().colour != nil {
            container = try await nginx.joinNetworks(found)
        }
        let found = isHealed ? nil : await known.takeExamination()
        let examination = if let found { found } else { try await nginx.examine() }
        let facts = NginxFacts(examination, container, settings)
        await known.remember(facts)
        let isRestored = try folder.restorePrevious()
        let present = try folder.contents()
        let live = present.live
        let recorded = try recorded(present)
        let wanted = { (environment: Blueprint.Environment) in
            let new = Blueprint(
                settings: settings, table: recorded?.table ?? .empty, live: live,
                environment: environment)
            guard let recorded, recorded.suffices(for: new) else { return new }
            return recorded.with(live)
        }
        let files = try folder.placeable(wanted(environment(facts, present)).files)
        if files == present.files, !isRestored {
            if let fault = try await fault(of: examination, present, container),
                await !isSwitchable(present, facts)
            {
                throw fault
            }
        }
        // If nginx refuses its configuration as it stands, the next calls tell it or put it right.
        let dump = try? examination.configuration.get()
        try await checkStatusAddress(dump, facts, present)
        try checkPreviewAddress(dump, container)
        try await apply(facts, present, wanted)
        try folder.forgetPrevious()
        try page.put()
    }

    /// The fault of somebody else since the workers read their files; nil where there is none.
    ///
    /// - Throws: what keeps nginx from following a switch.
    func fault(
        of examination: RunningNginx.Examination, _ present: AppFolder.Contents,
        _ container: NginxContainer?
    ) async throws -> NginxError? {
        do {
            let dump = try examination.configuration.get()
            try ConfigurationExamination(dump, settings).check(present.files)
            _ = try nginx.master(examination.build, dump, container)
            return nil
        } catch let fault as NginxError {
            switch fault {
            case .refused, .noSnippet, .notIncluded: return fault
            default: throw fault
            }
        }
    }

    /// Whether traffic can move without a reload: the workers run the files that stand here, and
    /// look where the link leads with each request.
    func isSwitchable(_ present: AppFolder.Contents, _ facts: NginxFacts) async -> Bool {
        guard let manifest = present.files.manifest, manifest.blueprint.mode == .live,
            present.live.colour != nil,
            let address = try? facts.address(settings, of: present.files)
        else { return false }
        return await nginx.answersAsExpected(
            RunningNginx.WorkerCheck(
                expected: manifest.answer(live: present.live), address: address, answers: 1,
                patience: .zero))
    }

    /// While nginx cannot say what it reads, its log is where it was.
    private func environment(
        _ facts: NginxFacts, _ present: AppFolder.Contents
    ) -> Blueprint.Environment {
        var environment = facts.environment(settings)
        if facts.log == nil, let log = present.files.manifest?.blueprint.log {
            environment.log = log
        }
        return environment
    }

    /// The blueprint of the files on disk; nil where there are none, or where no colour has traffic
    /// that it could lose.
    ///
    /// - Throws: `NginxError.noManifest` where a colour has traffic and no file says where it is.
    func recorded(_ present: AppFolder.Contents) throws -> Blueprint? {
        let manifest = present.files.manifest
        guard manifest == nil, let colour = present.live.colour else { return manifest?.blueprint }
        throw NginxError.noManifest(file: folder.paths.http, colour)
    }

    /// Where nginx may not open the log, a deployment is better than one that is watched.
    func apply(
        _ facts: NginxFacts, _ present: AppFolder.Contents,
        _ blueprint: (Blueprint.Environment) -> Blueprint
    ) async throws {
        let change = ConfigurationChange(
            nginx: nginx, folder: folder, facts: facts, present: present)
        var environment = environment(facts, present)
        do {
            try await change.apply(try blueprint(environment).files)
        } catch NginxError.logRefused {
            environment.log = .nowhere
            try await change.apply(try blueprint(environment).files)
        }
    }

    package func arm(_ table: RoutingTable) async throws {
        try NginxGrammar.check(table)
        let services = Set(settings.services + (table.blue + table.green).map(\.service)).sorted()
        try NginxGrammar.checkDistinct(services, app: settings.app)
        try NginxGrammar.checkDistinct(services, app: settings.app, from: folder.otherApps)
        let facts = try await known.factsOnNetworks()
        let present = try folder.contents()
        try await apply(facts, present) {
            Blueprint(settings: settings, table: table, live: present.live, environment: $0)
        }
        try page.put()
        onArmed()
    }
}
