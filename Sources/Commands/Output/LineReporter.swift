import BlueGreen
import Orchestration
import Synchronization

/// One line per event with its time of day in UTC: `21:34:05 starting web`. A log says once what
/// comes again for each container, and how long each part of the way took.
final class LineReporter: Reporter {
    enum Format: Hashable, Sendable {
        case plain
        /// For a GitHub Actions job: a group per phase, warnings as annotations.
        case actions
    }

    private struct State {
        var throttle = ProgressThrottle()
        var isInGroup = false
        var climb = Climb()
        var usual = UsualTimes()
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

    /// The usual times from now on.
    func learn(_ usual: UsualTimes) {
        state.withLock { $0.usual = usual }
    }

    func report(_ event: ProgressEvent) {
        let now = clock.now
        state.withLock { state in
            guard state.throttle.passes(event, at: now) else { return }
            // The end stands outside of any group, so that it is read without a click.
            if event.isEnd { endGroup(&state) }
            switch format {
            case .plain:
                for line in plainLines(event, at: now, &state) {
                    write("\(now.timeOfDay) \(line)\n")
                }
            case .actions:
                for line in ProgressLine.lines(for: event) { writeCommand(line, at: now, &state) }
            }
        }
    }

    private func plainLines(
        _ event: ProgressEvent, at now: Timestamp, _ state: inout State
    ) -> [String] {
        let lines = ProgressLine.lines(for: event).map(\.marked)
        switch event {
        case .began(let deployment):
            state.climb = Climb(deployment.kind)
            return lines
        case .entered(let phase):
            let step = state.climb.enter(phase, at: now)
            let time = step.left.map { " (\(text($0, state)))" } ?? ""
            return step.isNews ? lines.map { $0 + time } : []
        case .finished:
            let left = state.climb.end(at: now)
            return [left].compactMap(\.self).map { text($0, state) } + lines
        case .advanced, .resting, .rested, .room, .starting, .leftAlone, .up, .settling,
            .waiting, .draining, .observed, .awaitingPromotion, .note, .warning, .output:
            return lines
        }
    }

    /// `starting took 3.2 s, usually 4 s`
    private func text(_ left: Climb.Left, _ state: State) -> String {
        let usual = state.climb.kind.flatMap { state.usual[left.name, of: $0] }
        return "\(left.name.word) took \(left.time.text)"
            + (usual.map { ", usually \($0.text)" } ?? "")
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

/// The rung that the phases of a log stand on.
struct Climb: Sendable {
    struct Left: Hashable {
        let name: Rung.Name
        let time: Duration
    }

    let kind: DeploymentKind?
    private var name: Rung.Name?
    private var since = Timestamp(milliseconds: 0)
    /// The phases of this rung that were said.
    private var said: Set<String> = []
    private var occurrences: [String: Int] = [:]

    init(_ kind: DeploymentKind? = nil) {
        self.kind = kind
    }

    /// - Returns: the rung that this phase ends, and whether the phase was not said on its rung.
    mutating func enter(_ phase: String, at now: Timestamp) -> (left: Left?, isNews: Bool) {
        let word = Rung.word(of: phase, after: name?.word)
        guard word != name?.word else { return (nil, said.insert(phase).inserted) }
        let left = end(at: now)
        occurrences[word, default: 0] += 1
        name = Rung.Name(word: word, occurrence: occurrences[word] ?? 1)
        since = now
        said = [phase]
        return (left, true)
    }

    mutating func end(at now: Timestamp) -> Left? {
        defer { name = nil }
        return name.map { Left(name: $0, time: now - since) }
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
        case .began, .entered, .advanced, .resting, .rested, .leftAlone, .up, .room, .waiting,
            .awaitingPromotion, .note, .warning, .output:
            return true
        }
    }
}
