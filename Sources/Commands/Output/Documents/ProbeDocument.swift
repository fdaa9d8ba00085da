import BlueGreen
import Orchestration

/// The result of `probe` with `--json`; a key without a value is left out.
struct ProbeDocument: Encodable {
    struct App: Encodable {
        let app: String
        /// 0, 1, 5 or 75, as for this app alone.
        let exitStatus: Int32
        let colour: String?
        let release: String?
        let durationMilliseconds: Int64?
        let replicas: [ReplicaState]
        /// Services that nginx does not reach.
        let edges: [Edge]
        /// Services whose circuit is open.
        let openCircuits: [Circuit]
        /// The events of this round.
        let events: [EventDocument]
        /// The act that was done, or tried; left out where nothing had to be.
        let act: String?
        /// Why nothing is done.
        let hold: String?
        /// Why the round was not made, or not kept.
        let error: String?
    }

    struct ReplicaState: Encodable {
        /// `green web-1`, `db-1`.
        let name: String
        /// `starting`, `healthy`, `unhealthy`, `stopped`, `finished`.
        let state: String
        /// RFC 3339.
        let since: String
        let failuresInARow: Int
        let lastFailure: String?
    }

    struct Edge: Encodable {
        let service: String
        let reason: String
    }

    struct Circuit: Encodable {
        let service: String
        let since: String
    }

    let formatVersion = 1
    /// As the process ends.
    let exitStatus: Int32
    let apps: [App]

    init(_ reports: [ProbeReport], status: ExitStatus) {
        exitStatus = status.rawValue
        apps = reports.map(App.init)
    }
}

/// One thing that a watch noticed or did.
struct EventDocument: Encodable {
    /// `unhealthy`, `recovered`, `stopped`, `restarted` and so on.
    let kind: String
    /// RFC 3339.
    let at: String
    let subject: String
    let reason: String
    /// The probes that decided, oldest first.
    let probes: [String]
    /// How long the state before lasted.
    let afterMilliseconds: Int64?

    init(_ event: WatchEvent) {
        kind = event.kind.rawValue
        at = event.at.rfc3339
        subject = event.subject
        reason = event.reason
        probes = event.probes.map(\.description)
        afterMilliseconds = event.after?.wholeMilliseconds
    }
}

extension ProbeDocument.App {
    init(_ report: ProbeReport) {
        app = report.app
        exitStatus = report.status.rawValue
        guard case .round(_, let round, let took) = report else {
            (colour, release, durationMilliseconds, act, hold) = (nil, nil, nil, nil, nil)
            (replicas, edges, openCircuits, events) = ([], [], [], [])
            error =
                switch report {
                case .failed(_, let reason): reason
                case .busy, .round: "another round is under way"
                }
            return
        }
        colour = round.active?.colour.rawValue
        release = round.active?.release.text
        durationMilliseconds = took.wholeMilliseconds
        replicas = round.watched.map { watched, state in
            ProbeDocument.ReplicaState(
                name: watched.name, state: state.verdict.rawValue, since: state.since.rfc3339,
                failuresInARow: state.failures,
                lastFailure: state.isBad ? state.lastFailures.last?.text : nil)
        }
        edges = round.record.brokenEdges.sorted { $0.key < $1.key }
            .map { ProbeDocument.Edge(service: $0.key, reason: $0.value) }
        openCircuits = round.record.openCircuits
            .map { ProbeDocument.Circuit(service: $0.service.name, since: $0.since.rfc3339) }
        events = round.decision.events.map(EventDocument.init)
        act = round.act?.text
        hold = round.decision.hold?.description
        error = round.unkept ?? round.loss
    }
}
