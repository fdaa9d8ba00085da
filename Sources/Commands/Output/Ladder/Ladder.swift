import BlueGreen
import HostSystem
import Orchestration

/// The stages of a deployment as a person follows them: made of events and moments, and shown by a
/// terminal or a page. Without events it shows what the record of the deployment tells.
struct Ladder: Sendable {
    /// One container of the present launch.
    struct Start: Hashable, Sendable {
        enum State: Hashable, Sendable {
            case starting
            case up(Duration)
            case leftAlone
        }

        let since: Timestamp
        var state: State
        /// Why it is not up; empty where that is not known.
        var reason = ""
    }

    struct Drain: Hashable, Sendable {
        /// The most connections that were seen.
        let most: Int
        let remaining: RemainingTraffic
    }

    private(set) var deployment: Deployment?
    private(set) var starts: [Replica: Start] = [:]
    private(set) var drain: Drain?
    /// The newest fact of the present rung, of interest only while that lasts.
    private(set) var detail = ""
    /// A remark for each rung that has one, kept after its end.
    private(set) var remarks: [Rung.Name: String] = [:]
    var usual = UsualTimes()

    mutating func take(_ event: ProgressEvent, at now: Timestamp) {
        switch event {
        case .began(let next), .advanced(let next), .awaitingPromotion(let next),
            .finished(let next):
            goOn(to: next)
        case .resting(let until):
            detail = until > now ? "a rest before the next start (start.pause)" : ""
        case .settling(let strains):
            detail = "waiting for the host: " + strains.map(\.text).joined(separator: "; ")
        case .rested: detail = ""
        case .room(let report): remark("the set \(report.summary)")
        case .starting(let replica):
            detail = ""
            starts[replica] = Start(since: now, state: .starting)
        case .leftAlone(let replica): starts[replica]?.state = .leftAlone
        case .waiting(let replica, let failure):
            starts[replica]?.reason = failure.map { PrintableText("\($0)").text } ?? ""
        case .up(let replica, let time, _): noteUp(replica, after: time, at: now)
        case .draining(_, let remaining):
            let most = max(drain?.most ?? 0, remaining.connections)
            drain = Drain(most: most, remaining: remaining)
        case .output(let text): detail = PrintableText(text).text
        case .entered, .observed, .note, .warning: break
        }
    }

    private var presentName: Rung.Name? {
        deployment?.rungs.first { if case .current = $0.state { true } else { false } }?.name
    }

    private mutating func goOn(to next: Deployment) {
        if next.number != deployment?.number { remarks = [:] }
        let last = presentName
        deployment = next
        guard presentName != last else { return }
        detail = ""
        starts = [:]
        drain = nil
    }

    private mutating func remark(_ text: String) {
        if let presentName { remarks[presentName] = text }
    }

    private mutating func noteUp(_ replica: Replica, after time: Duration, at now: Timestamp) {
        // It ran already, or its start was seen: from there on it counts.
        guard let start = starts[replica], start.state == .starting else { return }
        starts[replica]?.state = .up(max(time, now - start.since))
        let times = starts.compactMap { replica, start in
            if case .up(let time) = start.state { (replica, time) } else { nil }
        }
        let longest = times.max { ($0.1, $1.0) < ($1.1, $0.0) }
        guard let longest else { return }
        remark(
            times.count == 1
                ? "\(longest.0) is up"
                : "\(times.count) are up, \(longest.0) after \(longest.1.text)"
        )
    }
}
