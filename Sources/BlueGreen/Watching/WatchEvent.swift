/// One thing that a watch noticed or did, as the history keeps it.
package struct WatchEvent: Hashable, Codable, Sendable {
    /// The raw value is the word in `--json`, and stable.
    package enum Kind: String, Hashable, Codable, CaseIterable, Sendable {
        case unhealthy
        case recovered
        /// A person has stopped the container; it is left alone.
        case stopped
        case restarted
        case restartFailed = "restart_failed"
        case circuitOpen = "circuit_open"
        case circuitClosed = "circuit_closed"
        case rolledBack = "rolled_back"
        case rollbackFailed = "rollback_failed"
        /// The host, the engine or the prober is ill, so that nothing is done.
        case hostIll = "host_ill"
        case hostWell = "host_well"
        /// nginx does not reach a service that is well.
        case edgeBroken = "edge_broken"
        case edgeWell = "edge_well"
        /// The run of a deployment is gone, and nothing is done until that is finished or undone.
        case deploymentCutOff = "deployment_cut_off"
        /// A person has asked for an act on the page.
        case asked
        case maintenanceBegan = "maintenance_began"
        case maintenanceEnded = "maintenance_ended"
    }

    /// An act of the watch itself, as it is counted.
    package struct Did: Hashable, Codable, Sendable, Comparable {
        /// The raw values are words of the metrics, and stable.
        package enum Action: String, Hashable, Codable, Sendable {
            case restart
            case rollBack = "rollback"
        }

        package enum Outcome: String, Hashable, Codable, Sendable {
            case done
            case failed
        }

        package let action: Action
        package let outcome: Outcome
        /// nil for an act on all of the app.
        package let service: String?

        package init(_ action: Action, _ outcome: Outcome, service: String?) {
            self.action = action
            self.outcome = outcome
            self.service = service
        }

        package init(_ act: WatchAct, _ outcome: Outcome) {
            switch act {
            case .restart(let watched, _):
                self.init(.restart, outcome, service: watched.replica.service)
            case .rollBack: self.init(.rollBack, outcome, service: nil)
            }
        }

        package static func < (left: Did, right: Did) -> Bool {
            (left.service ?? "", left.action.rawValue, left.outcome.rawValue)
                < (right.service ?? "", right.action.rawValue, right.outcome.rawValue)
        }
    }

    /// The part of the app that it is about.
    package enum Patient: Hashable, Codable, Sendable {
        case replica(WatchedReplica)
        case service(WatchedService)
        /// All of a release in its colour.
        case release(Placement)

        /// nil for what is shared.
        package var placement: Placement? {
            switch self {
            case .replica(let watched): watched.placement
            case .service(let service): service.placement
            case .release(let placement): placement
            }
        }

        /// Without its colour: `web-1`, `web`; nil for all of a release.
        package var name: String? {
            switch self {
            case .replica(let watched): watched.replica.description
            case .service(let service): service.name
            case .release: nil
            }
        }
    }

    package let kind: Kind
    /// By the wall clock.
    package let at: Timestamp
    /// `green web-1`, `web`, `the host`, `token ops`.
    package let subject: String
    /// A whole sentence's predicate, or how it ended.
    package let reason: String
    /// The probes that decided, oldest first.
    package let probes: [ProbeNote]
    /// How long the state before lasted; nil where that means nothing.
    package let after: Duration?
    /// nil where the watch did nothing itself.
    package let did: Did?
    /// nil where it is about the host or people, and in events that an earlier Teal kept.
    package let patient: Patient?

    package init(
        _ kind: Kind, _ subject: String, at moment: Timestamp, reason: String,
        probes: [ProbeNote] = [], after: Duration? = nil, did: Did? = nil,
        patient: Patient? = nil
    ) {
        self.kind = kind
        self.subject = subject
        at = moment
        self.reason = reason
        self.probes = probes
        self.after = after
        self.did = did
        self.patient = patient
    }
}
