import ArgumentParser
import BlueGreen
import HostSystem
import Orchestration

struct Status: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Say who has traffic, and how each of its containers is.",
        discussion: """
            Compares nginx's link, Docker, nginx's workers and the history. Probes each container \
            of the active colour once. Says what memory is left and whether another set would \
            fit. Changes nothing.

            Tells what `teal watch` or `teal probe` knows: since when each replica is in its \
            state, what is left of the budget of restarts, and what is done next.

            Exit codes: 0 all is well, 5 the active colour is unhealthy, an earlier run left work \
            undone or the watch gave a service up, 6 two of these sources disagree.

            Examples:
              teal status
              teal status --app shop --json
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await VerbRun.reading(common) { app, console in
            try await Wiring.looking(at: app) { wiring in
                do {
                    return try await look(app, wiring, console)
                } catch let error where !(error is CancellationError) {
                    return try VerbRun.failure(
                        error, console, app: app.name,
                        traffic: await wiring.trafficByLink(console.note))
                }
            }
        }
    }

    private func look(
        _ app: AppContext, _ wiring: Wiring, _ console: Console
    ) async throws -> ExitStatus {
        let history = ReadableHistory { try wiring.history(console.note) }
        // Read while Docker answers.
        async let read = WatchStatus.read(app, at: wiring.clock.now, note: console.note)
        let condition = try await Condition.observe(
            wiring.ports(history), reserve: app.configuration.deployment.settle.memoryFree,
            history: history
        ) { await wiring.lockHolder() }
        let watch = await read
        var status = ExitStatus(condition.verdict)
        if status == .done, watch?.isAlarming ?? false { status = .unhealthy }
        try console.result(
            StatusText(condition, app, watch: watch).text,
            StatusDocument(
                app: app.name, condition, preview: app.configuration.preview?.url,
                status: status, watch: watch))
        return status
    }
}
