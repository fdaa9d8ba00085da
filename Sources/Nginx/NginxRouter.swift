package import BlueGreen
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
    let survey: Survey

    /// - Parameter group: asks the status server on one of its loops.
    package init(
        _ settings: NginxSettings, runner: any CommandRunner, clock: any WallClock,
        group: any EventLoopGroup = NIOSingletons.posixEventLoopGroup
    ) {
        self.init(
            nginx: RunningNginx(
                settings: settings, runner: runner, status: StatusClient(group: group),
                processes: ProcProcesses(), clock: clock))
    }

    init(nginx: RunningNginx) {
        self.nginx = nginx
        settings = nginx.settings
        folder = AppFolder(nginx.settings)
        survey = Survey(nginx)
    }

    package func traffic() throws -> Traffic {
        try folder.state().traffic
    }

    /// Also ends what a crash has left of a change, and makes files and workers follow the link.
    package func prepare() async throws {
        var container = try await nginx.container()
        // A container that was made anew has lost the networks that Teal put it on, and with them
        // the colour that has traffic.
        if let found = container, try folder.state().colour != nil {
            container = try await nginx.joinNetworks(found)
        }
        let examination = try await nginx.examine()
        let facts = NginxFacts(examination, container, settings)
        await survey.remember(facts)
        let isRestored = try folder.restorePrevious()
        let present = try folder.read()
        let wanted = Blueprint(
            settings: settings, table: present.table(of: settings.app),
            live: try folder.state(), environment: facts.environment(settings))
        if try startingFiles(wanted, present) == present && !isRestored {
            let dump = try examination.configuration.get()
            try ConfigurationExamination(dump, settings).check(present)
            _ = try nginx.master(examination.build, dump, container)
        }
        // What nginx refuses as it stands is told, or put right, by what follows.
        try checkPreviewAddress(try? examination.configuration.get(), container)
        try await apply(wanted, facts) { try startingFiles($0, present) }
        try folder.forgetPrevious()
        try page.put()
    }

    /// What is on disk, unless files are missing or the link asks for others.
    private func startingFiles(
        _ wanted: Blueprint, _ present: GeneratedFiles
    ) throws -> GeneratedFiles {
        let isComplete =
            present.texts["server.conf"] != nil && present.fits(wanted)
            && settings.services.allSatisfy {
                present.services.contains($0.name) && present.texts["\($0.name).conf"] != nil
            }
        return isComplete
            ? try present.adapted(to: wanted.live, settings: settings) : wanted.files
    }

    /// Where nginx may not open the log, a deployment is better than one that is watched.
    private func apply(
        _ wanted: Blueprint, _ facts: NginxFacts,
        _ files: (Blueprint) throws -> GeneratedFiles
    ) async throws {
        let change = ConfigurationChange(nginx: nginx, folder: folder, facts: facts)
        do {
            try await change.apply(try files(wanted))
        } catch NginxError.logRefused {
            var unobserved = wanted
            unobserved.log = .nowhere
            try await change.apply(try files(unobserved))
        }
    }

    package func arm(_ table: RoutingTable) async throws {
        try NginxGrammar.check(table)
        try NginxGrammar.checkDistinct(
            Set(settings.services.map(\.name) + (table.blue + table.green).map(\.service)).sorted(),
            app: settings.app)
        let facts = try await survey.factsOnNetworks()
        let wanted = Blueprint(
            settings: settings, table: table, live: try folder.state(),
            environment: facts.environment(settings))
        try await apply(wanted, facts) { $0.files }
        try page.put()
    }
}
