import BlueGreen
import Orchestration

extension ExitStatus {
    init(_ verdict: Condition.Verdict) {
        switch verdict {
        case .well: self = .done
        case .unhealthy, .owing: self = .unhealthy
        case .unknown: self = .unknown
        }
    }
}

extension ReplicaHealth {
    var text: String {
        switch self {
        case .healthy, .done: word
        case .unhealthy(let reason): "unhealthy: \(reason.text)"
        case .unchecked: "no check"
        case .starting: "starts: its check has not passed yet"
        case .waiting: "waits for Teal to start it"
        }
    }

    /// In `--json`.
    var word: String {
        switch self {
        case .healthy: "healthy"
        case .unhealthy: "unhealthy"
        case .unchecked: "unchecked"
        case .starting: "starting"
        case .done: "done"
        case .waiting: "waiting"
        }
    }
}

extension ReplicaHealth.Reason {
    /// `answered 503`.
    var text: String {
        switch self {
        case .probe(let failure): "\(failure)"
        case .notRunning(let state): "not running (\(state.text))"
        case .crashing: "does not stay up"
        }
    }
}

extension Container.State {
    var text: String {
        switch self {
        case .exited(let code, false): "exited with \(code)"
        case .exited(_, true): "out of memory, OOM-killed"
        case .created, .running, .restarting, .other: word
        }
    }

    /// In `--json`.
    var word: String {
        switch self {
        case .created: "created"
        case .running: "running"
        case .restarting: "restarting"
        case .exited: "exited"
        case .other(let word): word
        }
    }
}

extension HostRoom {
    /// `room: memory 412M of 983M available, swap 0K; another set of this release needs 260M:
    /// fits`.
    var text: String {
        switch self {
        case .unseen(let reason): "room: unknown, since it could not be looked at: \(reason)"
        case .seen(let sample, let report):
            "room: memory \(sample.memoryAvailable.text) of \(sample.memoryTotal.text) available, "
                + "swap \(sample.swapFree.shortText)"
                + (report.map { "; \(Self.verdict(of: $0))" } ?? "")
        }
    }

    private static func verdict(of report: RoomReport) -> String {
        let freed = report.freed > .zero ? ", \(report.freed.text) are freed first" : ""
        let verdict =
            if report.fits {
                "fits"
            } else if report.fitsAlone {
                "fits only in the place of this one (\(report.reserve.text) must stay free)"
            } else {
                "does not fit (\(report.reserve.text) must stay free)"
            }
        return "another set of this release needs \(report.needed.text)\(freed): \(verdict)"
    }
}
