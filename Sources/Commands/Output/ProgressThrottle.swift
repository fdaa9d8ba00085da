import BlueGreen
import Orchestration

/// Drops the events of waits that would fill a log: their figures change all the time.
struct ProgressThrottle {
    private var drain: (event: ProgressEvent, at: Timestamp)?
    private var observed: (stage: ObservationStage, at: Timestamp)?
    private var settling: (kinds: Set<Strain.Kind>, at: Timestamp)?

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
            let kinds = Set(strains.map(\.kind))
            if let settling, settling.kinds == kinds || now - settling.at < .seconds(5) {
                return false
            }
            settling = (kinds, now)
            return true
        case .starting, .finished:
            // The next wait is another one.
            settling = nil
            return true
        case .began, .entered, .resting, .leftAlone, .up, .room, .waiting, .awaitingPromotion,
            .note,
            .warning, .output:
            return true
        }
    }
}

extension Strain {
    /// Which reading it is, without its figures.
    enum Kind: Hashable {
        case memory
        case processorPressure
        case memoryPressure
        case steal
        case diskWait
        case swapIn
    }

    var kind: Kind {
        switch self {
        case .memory: .memory
        case .processorPressure: .processorPressure
        case .memoryPressure: .memoryPressure
        case .steal: .steal
        case .diskWait: .diskWait
        case .swapIn: .swapIn
        }
    }
}
