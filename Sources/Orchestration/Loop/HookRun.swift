import BlueGreen
import Synchronization

/// One hook from its announcement to its end.
struct HookRun: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Returns: nil where it ended with exit code 0.
    func run(_ hook: Hook, _ circumstances: HookCircumstances) async throws -> Failure? {
        let point = circumstances.point
        var circumstances = circumstances
        circumstances.mark =
            "\(circumstances.candidate.release)/\(point.rawValue)/\(ports.clock.now.milliseconds)"
        ports.reporter.report(.note("\(point.rawValue) hook: \(hook.text)"))
        let output = HookOutput(ports.reporter)
        let before = try await ports.hostNow()
        let reason: String
        do {
            switch try await ending(of: hook, circumstances, output) {
            case .exited(0): return nil
            case .exited(137) where try await hasKilled(since: before):
                reason = "ran out of memory and was OOM-killed (exit code 137)."
            case .exited(let code): reason = "ended with exit code \(code)."
            case .signalled(let signal): reason = "was ended by signal \(signal)."
            case .timedOut:
                reason = "did not end within its timeout of \(hook.timeout.text) and was ended."
            }
        } catch let error where !(error is CancellationError) {
            reason = "could not be run: \(error)"
        }
        return Failure(
            .step(phase: point.phaseName), "The \(point.rawValue) hook \(hook.text) \(reason)",
            logLines: output.lastLines)
    }

    /// Whether the kernel has killed a process for want of memory.
    private func hasKilled(since before: HostSample?) async throws -> Bool {
        guard let before = before?.kills, let now = try await ports.hostNow()?.kills else {
            return false
        }
        return now > before
    }

    /// Of a hook that did not end by itself nothing runs any more afterwards.
    private func ending(
        of hook: Hook, _ circumstances: HookCircumstances, _ output: HookOutput
    ) async throws -> HookEnding {
        let traces = ports.hooks.traces
        do {
            try traces.begin(circumstances.mark)
        } catch {
            // It only matters if this run is killed, and a full disk must not keep a hook away.
            ports.reporter.report(.warning("The hook runs without a trace of it: \(error)"))
        }
        do {
            let ending = try await ports.hooks[hook.place].run(
                hook, circumstances, onLine: { output.take($0) })
            switch ending {
            case .exited: try traces.forget()
            case .signalled, .timedOut: _ = try await traces.endRemains()
            }
            return ending
        } catch {
            _ = try await traces.endRemains()
            throw error
        }
    }
}

/// The output of a hook, shown as it comes, up to a limit. The last of it is kept for the failure.
package final class HookOutput: Sendable {
    /// A hook that prints without end must fill neither a terminal nor the disk.
    static let shownLines = 1000
    static let longestLine = 1000
    private static let keptLines = 20

    private struct State {
        var count = 0
        var last: [String] = []
    }

    private let reporter: any Reporter
    private let state = Mutex(State())

    package init(_ reporter: any Reporter) {
        self.reporter = reporter
    }

    /// The last lines, oldest first.
    package var lastLines: [String] { state.withLock { $0.last } }

    package func take(_ line: String) {
        let line =
            line.utf8.count > Self.longestLine ? line.prefix(Self.longestLine) + "..." : line
        let count = state.withLock { state in
            state.count += 1
            state.last.append(line)
            if state.last.count > Self.keptLines { state.last.removeFirst() }
            return state.count
        }
        if count <= Self.shownLines { reporter.report(.output(line)) }
        if count == Self.shownLines + 1 {
            reporter.report(
                .note("The hook prints more than \(Self.shownLines) lines; no more are shown."))
        }
    }
}

/// The processes that a killed run left of a hook. A migration may still run, and would run beside
/// its own repetition.
package struct HookRemains: Sendable {
    private let ports: Ports

    package init(_ ports: Ports) {
        self.ports = ports
    }

    /// Comes before all else. The caller holds the app's lock.
    package func end() async throws {
        let ended = try await ports.hooks.traces.endRemains()
        guard !ended.isEmpty else { return }
        ports.reporter.report(
            .note(
                "The last run died in a hook, which still ran and was ended: "
                    + (ended.count == 1 ? "process " : "processes ")
                    + ended.map(String.init).joined(separator: ", ") + "."))
    }
}
