import BlueGreen
import Orchestration

/// Lets through what a reader of lines wants to see: a drain is looked at ten times a second, and
/// only a change, at most once a second, is worth a line.
struct DrainSieve {
    private var last: (event: ProgressEvent, at: Timestamp)?

    mutating func lets(_ event: ProgressEvent, at now: Timestamp) -> Bool {
        guard case .draining = event else { return true }
        if let last, last.event == event || now - last.at < .seconds(1) { return false }
        last = (event, now)
        return true
    }
}
