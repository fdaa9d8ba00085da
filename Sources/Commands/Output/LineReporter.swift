import BlueGreen
package import Orchestration
import Synchronization

/// One line per event with its time of day in UTC: `21:34:05 starting web`.
package final class LineReporter: Reporter {
    package enum Format: Hashable, Sendable {
        case plain
        /// For a GitHub Actions job: a group per phase, warnings as annotations.
        case actions
    }

    private struct State {
        var throttle = ProgressThrottle()
        var isInGroup = false
    }

    private let format: Format
    private let clock: any WallClock
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameter write: takes whole lines, each with its line break.
    package init(
        _ format: Format, clock: any WallClock, write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        self.clock = clock
        self.write = write
    }

    package func report(_ event: ProgressEvent) {
        let now = clock.now
        state.withLock { state in
            guard state.throttle.passes(event, at: now) else { return }
            // The end stands outside of any group, so that it is read without a click.
            if event.isEnd { endGroup(&state) }
            for line in ProgressLine.lines(for: event) {
                switch format {
                case .plain: write("\(now.timeOfDay) \(line.marked)\n")
                case .actions: writeCommand(line, at: now, &state)
                }
            }
        }
    }

    private func writeCommand(_ line: ProgressLine, at now: Timestamp, _ state: inout State) {
        switch line.kind {
        case .phase:
            endGroup(&state)
            write(ActionsCommand.group(line.text))
            state.isInGroup = true
        case .warning:
            write(ActionsCommand.warning(line.text))
        case .note, .output:
            write("\(now.timeOfDay) \(line.text)\n")
        }
    }

    private func endGroup(_ state: inout State) {
        guard state.isInGroup else { return }
        write(ActionsCommand.endGroup)
        state.isInGroup = false
    }
}
