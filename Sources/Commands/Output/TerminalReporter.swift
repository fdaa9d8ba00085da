import BlueGreen
import Orchestration
import Synchronization

/// The live view of a terminal: finished phases above, the current one in a last line that is
/// rewritten with its elapsed time.
final class TerminalReporter: Reporter {
    private struct State {
        var phase: String?
        var since = Timestamp(milliseconds: 0)
        /// The newest event inside the phase.
        var detail = ""
    }

    private let clock: any WallClock
    private let colours: OutputStyle.Colours
    private let width: @Sendable () -> Int
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    /// - Parameter width: columns, asked for every line, since a window may change.
    init(
        clock: any WallClock, colours: OutputStyle.Colours, width: @escaping @Sendable () -> Int,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.clock = clock
        self.colours = colours
        self.width = width
        self.write = write
    }

    func report(_ event: ProgressEvent) {
        state.withLock { state in
            for line in ProgressLine.lines(for: event) { show(line, of: event, &state) }
            if case .resting(let until) = event, until > clock.now {
                state.detail = "a rest before the next start (start.pause)"
            }
            if event.isEnd { state.phase = nil }
            write(liveLine(state))
        }
    }

    /// Rewrites the last line ten times a second until the task is cancelled.
    func animate() async {
        while !Task.isCancelled {
            state.withLock { write(liveLine($0)) }
            // A cancelled sleep ends the loop by its condition.
            try? await clock.sleep(until: clock.now + .milliseconds(100))
        }
    }

    private func show(_ line: ProgressLine, of event: ProgressEvent, _ state: inout State) {
        switch line.kind {
        case .phase:
            writeAbove(finishedPhase(state))
            state = State(phase: line.text, since: clock.now)
        case .output:
            state.detail = line.text
        case .warning:
            writeAbove(painted("33", "warning: ") + line.text)
        case .note:
            if Self.isDetail(event) {
                state.detail = line.text
            } else {
                writeAbove(line.text)
            }
        }
    }

    /// Whether the event is of interest only while it lasts.
    private static func isDetail(_ event: ProgressEvent) -> Bool {
        switch event {
        case .starting, .waiting, .settling, .rested, .draining, .observed: true
        case .began, .entered, .resting, .room, .leftAlone, .up, .awaitingPromotion, .note,
            .warning, .output, .finished:
            false
        }
    }

    private func finishedPhase(_ state: State) -> String {
        guard let phase = state.phase else { return "" }
        return painted("32", "done ") + padded(phase) + (clock.now - state.since).text
    }

    private func writeAbove(_ text: String) {
        guard !text.isEmpty else { return }
        write("\r\u{1B}[2K\(text)\n")
    }

    private func liveLine(_ state: State) -> String {
        guard let phase = state.phase else { return "\r\u{1B}[2K" }
        let elapsed = (clock.now - state.since).text
        let head = "  .. " + padded(phase) + elapsed
        let room = max(0, width() - head.count - 3)
        let detail = state.detail.isEmpty ? "" : "  " + shortened(state.detail, to: room)
        return "\r\u{1B}[2K" + head + painted("2", detail)
    }

    /// With a mark where something is missing: half a figure would be read as another one.
    private func shortened(_ text: String, to room: Int) -> String {
        text.count <= room ? text : text.prefix(max(0, room - 3)) + "..."
    }

    private func padded(_ text: String) -> String {
        text + String(repeating: " ", count: max(1, 18 - text.count))
    }

    private func painted(_ code: String, _ text: String) -> String {
        switch colours {
        case .on: text.isEmpty ? "" : "\u{1B}[\(code)m\(text)\u{1B}[0m"
        case .off: text
        }
    }
}
