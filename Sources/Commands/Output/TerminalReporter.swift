import BlueGreen
import Orchestration
import Synchronization

/// The live view of a terminal: a deployment's ladder, drawn anew in place, with all that is said
/// meanwhile above it.
final class TerminalReporter: Reporter {
    private struct State {
        var ladder = Ladder()
        /// Whether the last lines of the screen are the ladder's.
        var isShown = false
        var frame: TerminalFrame
    }

    private let clock: any WallClock
    private let colours: OutputStyle.Colours
    private let characters: LadderText.Characters
    private let resizing: TerminalFrame.Resizing
    private let size: @Sendable () -> LadderText.Size
    private let write: @Sendable (String) -> Void
    private let state: Mutex<State>

    /// - Parameter size: asked for every time, since a window may change.
    init(
        clock: any WallClock, colours: OutputStyle.Colours,
        characters: LadderText.Characters, resizing: TerminalFrame.Resizing,
        size: @escaping @Sendable () -> LadderText.Size,
        write: @escaping @Sendable (String) -> Void
    ) {
        self.clock = clock
        self.colours = colours
        self.characters = characters
        self.resizing = resizing
        self.size = size
        self.write = write
        state = Mutex(State(frame: TerminalFrame(resizing)))
    }

    /// The usual times from now on.
    func learn(_ usual: UsualTimes) {
        state.withLock { $0.ladder.usual = usual }
    }

    func report(_ event: ProgressEvent) {
        let now = clock.now
        state.withLock { state in
            let lines = isOwnLine(event, state) ? Self.lines(of: event).map(painted) : []
            state.ladder.take(event, at: now)
            switch event {
            case .began, .advanced: state.isShown = true
            case .finished, .awaitingPromotion:
                // It stays as it is, and what comes now stands below.
                state.isShown = true
                draw(&state, at: now)
                leave(&state)
            case .entered, .resting, .rested, .room, .starting, .leftAlone, .up, .settling,
                .waiting, .draining, .observed, .note, .warning, .output:
                break
            }
            draw(&state, at: now, above: lines)
        }
    }

    /// Draws the ladder anew until the task is cancelled.
    func animate() async {
        while !Task.isCancelled {
            state.withLock { draw(&$0, at: clock.now) }
            // A cancelled sleep ends the loop by its condition.
            try? await clock.sleep(until: clock.now + .milliseconds(200))
        }
    }

    /// The ladder stays on the screen as it is now.
    func end() {
        state.withLock { state in
            draw(&state, at: clock.now)
            leave(&state)
        }
    }

    private func leave(_ state: inout State) {
        state.isShown = false
        state.frame = TerminalFrame(resizing)
    }

    /// Whether the event has lines above the ladder; the others are a part of it.
    private func isOwnLine(_ event: ProgressEvent, _ state: State) -> Bool {
        switch event {
        case .began, .note, .warning, .awaitingPromotion, .finished: true
        case .entered, .advanced, .resting: false
        case .output:
            // A pull and a build tell thousands of lines.
            !(state.isShown && state.ladder.deployment?.isPreparing ?? false)
        case .room, .starting, .leftAlone, .up, .rested, .settling, .waiting, .draining,
            .observed:
            !state.isShown
        }
    }

    private static func lines(of event: ProgressEvent) -> [ProgressLine] {
        // The ladder's last line has the outcome.
        if case .finished(let deployment) = event { return ProgressLine.waits(of: deployment) }
        return ProgressLine.lines(for: event)
    }

    private func draw(
        _ state: inout State, at now: Timestamp, above: [TerminalFrame.Line] = []
    ) {
        let size = size()
        let lines =
            state.isShown
            ? LadderText(state.ladder, at: now, in: size, characters).lines : []
        let text = state.frame.drawing(
            lines.map { TerminalFrame.Line(painted($0), width: $0.text.displayWidth) },
            above: above, in: size)
        if !text.isEmpty { write(text) }
    }

    private func painted(_ line: ProgressLine) -> TerminalFrame.Line {
        let head = line.kind == .warning ? "warning: " : ""
        return TerminalFrame.Line(
            painted("33", head) + line.text, width: (head + line.text).displayWidth)
    }

    private func painted(_ line: StyledLine) -> String {
        line.parts.map { part in
            switch part.style {
            case .plain: part.text
            case .strong: painted("1", part.text)
            case .faint: painted("2", part.text)
            case .good: painted("32", part.text)
            case .warning: painted("33", part.text)
            case .bad: painted("31", part.text)
            }
        }.joined()
    }

    private func painted(_ code: String, _ text: String) -> String {
        switch colours {
        case .on where text.contains { $0 != " " }: "\u{1B}[\(code)m\(text)\u{1B}[0m"
        case .on, .off: text
        }
    }
}
