import ArgumentParser
import BlueGreen
import Glibc
import HostSystem
import Orchestration
import UnixSignals

struct Watch: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Watch every app of this host, restart what is ill, go back where that is asked.",
        discussion: """
            A service for systemd. Each app is probed every 15 s (`watch: {every: ...}` of its \
            teal.yml), and at once when Docker tells that a container died. By default an ill \
            replica is restarted, within a budget; `watch: {on_failure: ...}` says otherwise. New \
            apps, changed files and removed apps are taken up by themselves. SIGHUP reads all \
            files anew, SIGTERM ends it.

            With --page it serves a web page with its own API and /metrics. `teal watch token \
            create` makes the token that the page asks for.

            Examples:
              teal watch
              teal watch --page 127.0.0.1:9180
              systemctl enable --now teal-watch
            """,
        subcommands: [WatchToken.self])

    @OptionGroup var page: PageOptions

    /// systemd and people wait no longer.
    private static let farewell = Duration.milliseconds(1500)

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        ProcessHeap.shareOnePool()
        let invocation = Invocation.current
        let console = Console(invocation, json: false)
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let metrics = HostMetrics()
        let page = pageService(invocation, metrics: metrics, note: console.note)
        let service = WatchService(
            invocation, ServiceNotification(), metrics: page == nil ? nil : metrics,
            note: console.note)
        let running = Task { await service.run() }
        let serving = Task { await page?.run() }
        for await signal in signals {
            if signal == .sighup {
                await service.reload()
            } else {
                running.cancel()
                serving.cancel()
                await service.stop(within: Self.farewell)
                break
            }
        }
        // Nobody waits for an act that is still in the engine's hands.
        Glibc.exit(ExitStatus.done.rawValue)
    }

    /// What the environment says wrong of the page must not keep the apps from being watched.
    private func pageService(
        _ invocation: Invocation, metrics: HostMetrics,
        note: @escaping @Sendable (String) -> Void
    ) -> PageService? {
        do throws(PageMistake) {
            return try page.choice(invocation.environment).map {
                PageService($0, invocation, metrics: metrics, note: note)
            }
        } catch {
            note("There is no page: \(error)")
            return nil
        }
    }
}
