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
        Traffic(try folder.liveColour())
    }

    /// Also ends what a crash has left of a change, and makes files and workers follow the link.
    package func prepare() async throws {
        var container = try await nginx.container()
        // A container that was made anew has lost the networks that Teal put it on, and with them
        // the colour that has traffic.
        if let found = container, try folder.liveColour() != nil {
            container = try await nginx.joinNetworks(found)
        }
        let examination = try await nginx.examine()
        let facts = NginxFacts(build: examination.build, container: container)
        await survey.remember(facts)
        let isRestored = try folder.restorePrevious()
        let present = try folder.read()
        let wanted = try startingFiles(present, facts)
        let change = ConfigurationChange(nginx: nginx, folder: folder, facts: facts)
        if wanted == present && !isRestored {
            let dump = try examination.configuration.get()
            try ConfigurationExamination(dump, settings).check(present)
            _ = try nginx.master(examination.build, dump, container)
        }
        try await change.apply(wanted)
        try folder.forgetPrevious()
    }

    /// What is on disk, unless files are missing or the link asks for others.
    private func startingFiles(
        _ present: GeneratedFiles, _ facts: NginxFacts
    ) throws -> GeneratedFiles {
        let live = try folder.liveColour()
        let environment = facts.environment(settings)
        let isComplete =
            present.texts["server.conf"] != nil && present.fits(environment)
            && settings.services.allSatisfy {
                present.services.contains($0.name) && present.texts["\($0.name).conf"] != nil
            }
        if isComplete { return try present.adapted(to: live, settings: settings) }
        return Blueprint(
            settings: settings, table: present.table(of: settings.app), live: live,
            environment: environment
        ).files
    }

    package func arm(_ table: RoutingTable) async throws {
        try NginxGrammar.check(table)
        try NginxGrammar.checkDistinct(
            Set(settings.services.map(\.name) + (table.blue + table.green).map(\.service)).sorted(),
            app: settings.app)
        let facts = try await survey.factsOnNetworks()
        let wanted = Blueprint(
            settings: settings, table: table, live: try folder.liveColour(),
            environment: facts.environment(settings)
        ).files
        try await ConfigurationChange(nginx: nginx, folder: folder, facts: facts).apply(wanted)
    }

    package func switchTraffic(to colour: Colour?) async throws {
        guard colour != nil || folder.exists else { return }
        let before = try folder.liveColour()
        let present = try folder.read()
        switch present.mode {
        case .live where colour == nil:
            // The files say "nobody" before the link does: a link that names a colour is healed
            // by the next run, a colour without a link would have traffic that nobody knows of.
            try await follow(try present.adapted(to: nil, settings: settings))
            try folder.point(to: nil)
        case .live, .reload:
            try folder.point(to: colour)
            do {
                try await follow(try present.adapted(to: colour, settings: settings))
            } catch let error where before != colour {
                try await goBack(to: before, after: error)
                throw error
            }
        }
    }

    private func follow(_ wanted: GeneratedFiles) async throws {
        let facts = try await survey.facts()
        try await ConfigurationChange(nginx: nginx, folder: folder, facts: facts).apply(wanted)
    }

    private func goBack(to before: Colour?, after cause: any Error) async throws {
        try folder.point(to: before)
        // In live mode the failed change has already put back what the workers run.
        guard settings.mode == .reload else { return }
        do {
            try await follow(try folder.read())
        } catch {
            throw NginxError.notPutBack(cause: "\(cause)", reason: "\(error)")
        }
    }

    /// In `live` mode each request looks at the link, so that one worker's answer is every
    /// worker's; in `reload` mode many fresh connections are asked.
    package func confirm(_ colour: Colour?) async throws {
        let files = try folder.read()
        guard let expected = files.answer(routingTo: colour) else {
            throw NginxError.notConfirmed(
                expected: "for \(settings.app)", answered: "there is no file of the app")
        }
        let inquiry = RunningNginx.Inquiry(
            expected: expected, address: try await survey.address(),
            answers: files.mode == .live ? 1 : 20, patience: .seconds(3))
        try await nginx.awaitWorkers(inquiry)
    }
}
