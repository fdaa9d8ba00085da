import BlueGreen
import Orchestration
import Synchronization

/// One line per event with its time of day in UTC: `21:34:05 starting web`.
final class LineReporter: Reporter {
    enum Format: Hashable, Sendable {
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
    init(
        _ format: Format, clock: any WallClock, write: @escaping @Sendable (String) -> Void
    ) {
        self.format = format
        self.clock = clock
        self.write = write
    }

    func report(_ event: ProgressEvent) {
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

/// Drops the events of waits that would fill a log: their figures change all the time.
struct ProgressThrottle {
    private var drain: (event: ProgressEvent, at: Timestamp)?
    private var observed: (stage: ObservationStage, at: Timestamp)?
    private var settling: (bounds: Set<WaitBound>, at: Timestamp)?

    /// Whether the event is shown.
    mutating func passes(_ event: ProgressEvent, at now: Timestamp) -> Bool {
        switch event {
        case .draining:
            // A drain is looked at ten times a second.
            if let drain, drain.event == event || now - drain.at < .seconds(1) { return false }
            drain = (event, now)
            return true
        case .observed(let stage, _, _, let until):
            // The last look of a stage has the figures that it is judged by.
            if let observed, observed.stage == stage, now - observed.at < .seconds(10), now < until
            {
                return false
            }
            observed = (stage, now)
            return true
        case .settling(let strains):
            let bounds = Set(strains.map(\.bound))
            if let settling, settling.bounds == bounds || now - settling.at < .seconds(5) {
                return false
            }
            settling = (bounds, now)
            return true
        case .starting, .finished:
            // The next wait is another one.
            settling = nil
            return true
        case .began, .entered, .resting, .rested, .leftAlone, .up, .room, .waiting,
            .awaitingPromotion, .note, .warning, .output:
            return true
        }
    }
}
