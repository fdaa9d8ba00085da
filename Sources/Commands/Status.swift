import ArgumentParser
import BlueGreen
import FoundationEssentials
import Glibc
import HostSystem
import Orchestration

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Say who has traffic, and how each of its containers is.",
        discussion: """
            Looks at the link that nginx follows, at Docker, at nginx's workers and at the \
            history, probes each container of the active colour once, and says what memory the \
            host has left and whether another set of this release would fit. Changes nothing.

            Exit codes: 0 all is well, 5 the active colour is unhealthy, 6 two of these disagree.

            Examples:
              teal status
              teal status --app shop --json
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await VerbRun.reading(common) { app, console in
            try await Wiring.looking(at: app) { wiring in
                let ports = try wiring.ports(.reading)
                let report = try await report(app, ports)
                try console.result(
                    StatusText(report, app).text,
                    StatusDocument(
                        app: app.name, report, preview: app.configuration.preview?.url))
                return report.status
            }
        }
    }

    private func report(_ app: AppContext, _ ports: Ports) async throws -> StatusReport {
        let traffic = try ports.router.traffic()
        async let routing = routing(as: traffic, ports)
        let situation = try await Situation.observe(ports)
        let services = StatusReport.services(of: situation)
        async let room = HostRoom.look(
            ports, at: situation, services, reserve: app.configuration.deployment.settle.memoryFree)
        let health = await ReplicaLook(ports: ports).look(
            at: StatusReport.shown(in: situation), services: services)
        let findings = StatusReport.Findings(
            health: health, traffic: traffic, routing: await routing, holder: holder(of: app),
            room: await room, now: ports.clock.now)
        return StatusReport(situation, findings)
    }

    /// Before the first deployment there is nothing that nginx could be asked.
    private func routing(as traffic: Traffic, _ ports: Ports) async -> String? {
        guard let live = traffic.colour else { return nil }
        do {
            if let share = traffic.canary {
                try await ports.router.confirmDiversion(of: share, to: live.other)
            } else {
                try await ports.router.confirm(live)
            }
            return nil
        } catch {
            return "\(error)"
        }
    }

    /// Who holds the lock, as far as its file and the list of processes tell. Taking the lock to
    /// find out would refuse a run that begins at this moment.
    private func holder(of app: AppContext) -> LockHolder? {
        let path = app.state.lock(of: app.name)
        // A lock file that cannot be read names nobody; what it is asked for is a word in a line.
        guard let bytes = try? FileSystem().readBytes(path),
            let holder = try? JSONDecoder().decode(LockHolder.self, from: Data(bytes)),
            kill(pid_t(holder.pid), 0) == 0 || errno == EPERM
        else { return nil }
        return holder
    }
}
