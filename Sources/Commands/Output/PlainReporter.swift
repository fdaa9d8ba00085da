import BlueGreen
package import Orchestration
import Synchronization

/// One line per event with its time of day in UTC: `21:34:05 starting web`.
package final class PlainReporter: Reporter {
    private let clock: any WallClock
    private let write: @Sendable (String) -> Void
    private let sieve = Mutex(LineSieve())

    /// - Parameter write: takes whole lines, each with its line break.
    package init(clock: any WallClock, write: @escaping @Sendable (String) -> Void) {
        self.clock = clock
        self.write = write
    }

    package func report(_ event: ProgressEvent) {
        let now = clock.now
        guard sieve.withLock({ $0.lets(event, at: now) }) else { return }
        for line in ProgressLine.lines(for: event) {
            write("\(now.timeOfDay) \(line.marked)\n")
        }
    }
}

extension ProgressLine {
    /// The line with what tells its kind where neither colour nor annotation does.
    var marked: String {
        switch kind {
        case .phase: "== \(text)"
        case .note, .output: text
        case .warning: "warning: \(text)"
        }
    }
}
