import BlueGreen
import HostSystem
import Orchestration

/// The loops of all apps of this host. It takes up a new app, a changed teal.yml and a removed app
/// by itself.
actor WatchService {
    /// The files that an app's loop was started by; another value means another loop.
    private struct Origin: Hashable {
        let configuration: FileStamp?
        let origin: FileStamp?
        let generation: Int
    }

    private static let scanInterval = Duration.seconds(5)
    private static let retryInterval = Duration.seconds(30)
    /// Rounds and the page's looks leave garbage of many sizes behind.
    private static let trimInterval = Duration.seconds(30)

    private let invocation: Invocation
    private let notification: ServiceNotification
    private let note: @Sendable (String) -> Void
    private let pulse: WatchPulse
    /// The figures of all apps, for `/metrics`; nil where nobody can ask for them.
    let metrics: HostMetrics?
    private let pause: @Sendable (Duration) async throws -> Void
    private let interruption = Interruption()
    private var loops: [String: (path: String, origin: Origin, task: Task<Void, Never>)] = [:]
    /// Counts SIGHUPs.
    private var generation = 0

    init(
        _ invocation: Invocation, _ notification: ServiceNotification,
        pulse: WatchPulse = WatchPulse(), metrics: HostMetrics? = nil,
        pause: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        note: @escaping @Sendable (String) -> Void
    ) {
        self.invocation = invocation
        self.notification = notification
        self.pulse = pulse
        self.metrics = metrics
        self.pause = pause
        self.note = note
    }

    /// Until it is cancelled.
    func run() async {
        scan()
        // Their first rounds are still to come.
        let begun = loops.isEmpty ? pulse.summary : "taking up \(loops.count) of the host's apps"
        notification.tell(.ready, .status(begun))
        let pace = notification.watchdogLimit.map { min($0 / 3, Self.scanInterval) }
        var (scanned, trimmed) = (ContinuousClock.now, ContinuousClock.now)
        while !Task.isCancelled {
            // A cancelled sleep ends the loop at its head.
            try? await pause(pace ?? Self.scanInterval)
            if ContinuousClock.now - scanned >= Self.scanInterval {
                scan()
                scanned = ContinuousClock.now
            }
            if ContinuousClock.now - trimmed >= Self.trimInterval {
                ProcessHeap.trim()
                trimmed = ContinuousClock.now
            }
            // A loop that hangs is started anew by systemd, with all others.
            if pulse.isAlive { notification.tell(.watchdog, .status(pulse.summary)) }
        }
    }

    /// Reads every configuration anew.
    func reload() {
        generation += 1
        notification.tell(.reloading)
        scan()
        notification.tell(.ready)
    }

    /// Ends all loops. An act that is under way has a moment to come to its end; one that is cut
    /// off has been written down, and goes on from there.
    func stop(within limit: Duration) async {
        notification.tell(.stopping)
        interruption.receive("SIGTERM")
        for loop in loops.values { loop.task.cancel() }
        loops = [:]
        let end = ContinuousClock.now + limit
        while pulse.isBusy, ContinuousClock.now < end {
            // Nobody cancels this; were it so, the end would come sooner.
            try? await Task.sleep(for: .milliseconds(20))
        }
    }

    private func scan() {
        let names: Set<String>
        do {
            names = Set(try invocation.state.apps())
        } catch {
            // The loops go on.
            if pulse.isNews("", "\(error)") { note("\(error)") }
            return
        }
        for name in loops.keys where !names.contains(name) {
            loops.removeValue(forKey: name)?.task.cancel()
            pulse.forget(name)
            metrics?.forget(name)
            note("\(name): not watched any more.")
        }
        for name in names.sorted() { takeUp(name) }
    }

    private func origin(of name: String, _ path: String) -> Origin {
        Origin(
            configuration: FileStamp(of: path),
            origin: FileStamp(of: invocation.state.origin(of: name)), generation: generation)
    }

    private func takeUp(_ name: String) {
        if let running = loops[name], running.origin == origin(of: name, running.path) { return }
        let app: AppContext
        do throws(CommandsError) {
            app = try CommonOptions.locate(app: name, invocation)
        } catch {
            if pulse.isNews(name, "\(error)") { note("\(name): not watched: \(error)") }
            return
        }
        metrics?.welcome(name)
        loops[name]?.task.cancel()
        let text = loops[name] == nil ? "watched" : "watched anew, by other settings"
        let every = app.configuration.watch.every.compact
        note("\(name): \(text), every \(every).")
        app.warning.map(note)
        loops[name] = (app.file.path, origin(of: name, app.file.path), loop(of: app))
    }

    private func loop(of app: AppContext) -> Task<Void, Never> {
        let (pulse, metrics, interruption, note) = (pulse, metrics, interruption, note)
        let invocation = invocation
        return Task {
            while !Task.isCancelled {
                do {
                    let wiring = try Wiring(
                        app, invocation, clock: SystemClock(), reporter: QuietReporter(note: note))
                    try await wiring.closing {
                        try await WatchLoop(
                            app: app, wiring: wiring, interruption: interruption, pulse: pulse,
                            metrics: metrics, note: note
                        ).run()
                    }
                } catch let error where !(error is CancellationError) {
                    if pulse.isNews(app.name, "\(error)") {
                        note("\(app.name): not watched: \(error)")
                    }
                    // A cancelled sleep ends the loop at its head.
                    try? await Task.sleep(for: Self.retryInterval)
                } catch {
                    // It was asked to end, or something inside of it was.
                    if Task.isCancelled { return }
                    try? await Task.sleep(for: Self.retryInterval)
                }
            }
        }
    }
}

/// Warnings are for the log of a service; progress is not.
private struct QuietReporter: Reporter {
    let note: @Sendable (String) -> Void

    func report(_ event: ProgressEvent) {
        if case .warning(let text) = event { note(text) }
    }
}
