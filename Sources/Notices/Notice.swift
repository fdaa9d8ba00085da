package import BlueGreen
import HostSystem

/// One event of an app, as it is told to the outside.
///
/// Its texts may come from anywhere and may hold anything: `PrintableNotice` makes them safe.
package struct Notice: Hashable, Sendable {
    package let event: NoticeEvent
    package let app: String
    /// The name of the host it happened on.
    package let host: String
    package let at: Timestamp

    /// How a failed deployment came to its end.
    package enum Course: Hashable, Sendable {
        case usual
        /// The previous set had been stopped for the candidate, and was started again.
        case madeRoom
        /// A part of the set that has traffic again does not run.
        case impaired
    }

    /// The replica, or another thing, that was found unhealthy: `web-1`; nil for all of the release.
    package var about: String?
    /// nil where it is not about a deployment.
    package var kind: DeploymentKind?
    package var colour: Colour?
    package var release: ReleaseID?
    /// The user's name for the release.
    package var label: String?
    /// The release that had traffic before. After an abort or a rollback it has it still or again.
    package var previousRelease: ReleaseID?
    /// Whole sentences: why it failed or is unhealthy.
    package var reason: String?
    /// The command line to run next, `teal promote --app shop`.
    package var next: String?
    /// The command line that does the opposite of `next`, `teal abort --app shop`.
    package var otherwise: String?
    /// The moment at which a deployment that waits aborts by itself.
    package var until: Timestamp?
    /// A URL at which people can look at a candidate without traffic.
    package var preview: String?
    /// How long it took, or how long it was or is unhealthy.
    package var took: Duration?
    package var course = Course.usual

    package init(_ event: NoticeEvent, from origin: NoticeOrigin, at moment: Timestamp) {
        self.event = event
        app = origin.app
        host = origin.host
        at = moment
    }

    /// A finding or an act of the watch.
    ///
    /// - Parameters:
    ///   - subject: the replica, `web-1`.
    ///   - reason: whole sentences; of a rollback what was ill.
    ///   - took: how long it was or is unhealthy.
    ///   - next: a command line, `teal status --app shop`.
    package init(
        _ event: NoticeEvent, about subject: String?, colour: Colour? = nil,
        release: ReleaseID? = nil, reason: String? = nil, took: Duration? = nil,
        next: String? = nil, from origin: NoticeOrigin, at moment: Timestamp
    ) {
        self.init(event, from: origin, at: moment)
        about = subject
        self.colour = colour
        self.release = release
        self.reason = reason
        self.took = took
        self.next = next
    }

    /// A deployment that waits for a person, with the lines that answer it in any folder.
    init(
        waiting deployment: Deployment, until end: Timestamp, from origin: NoticeOrigin,
        at moment: Timestamp
    ) {
        self.init(.waiting, from: origin, at: moment)
        describe(deployment)
        until = end
        next = "teal promote --app \(app)"
        otherwise = "teal abort --app \(app)"
        preview = origin.preview
    }

    /// The end of a deployment, with the command to run next, which works in any folder.
    ///
    /// - Parameter known: the releases that one can go back to; nil where they are not known.
    /// - Returns: nil while the deployment is unfinished.
    init?(ending deployment: Deployment, from origin: NoticeOrigin, known: Set<ReleaseID>? = nil) {
        guard let outcome = deployment.outcome, let end = deployment.finishedAt else { return nil }
        self.init(NoticeEvent(outcome), from: origin, at: end)
        describe(deployment)
        took = end - deployment.startedAt
        let isReturnable = deployment.previous.map { known?.contains($0.release) ?? true } ?? false
        next =
            switch outcome {
            case .promoted where isReturnable: "teal rollback --app \(app)"
            case .promoted, .aborted, .rolledBack, .unknown: "teal status --app \(app)"
            }
    }

    private mutating func describe(_ deployment: Deployment) {
        kind = deployment.kind
        colour = deployment.candidate.colour
        release = deployment.candidate.release
        label = deployment.label
        previousRelease = deployment.previous?.release
        reason = deployment.failure?.message
        if deployment.facts.has(.madeRoom) { course = .madeRoom }
        if deployment.owed.contains(.servingReplica) { course = .impaired }
    }
}

/// The app and the host that notices come from.
package struct NoticeOrigin: Hashable, Sendable {
    package let app: String
    package let host: String
    /// The URL of the candidate's preview; nil where the app has none.
    package let preview: String?

    package init(
        app: String, host: String = ProcessInformation.hostName, preview: String? = nil
    ) {
        self.app = app
        self.host = host
        self.preview = preview
    }
}

/// The subject of a notice; its raw value is the word in `teal.yml` and in JSON, and stable.
package enum NoticeEvent: String, CaseIterable, Sendable {
    /// The candidate has traffic; also the end of a rollback that somebody asked for.
    case promoted
    /// Failed before the switch.
    case aborted
    /// Failed after the switch, and went back by itself; also where the watch went back.
    case rolledBack = "rolled_back"
    /// The candidate runs and waits for `teal promote`.
    case waiting
    /// The watch found that a replica fails its check.
    case unhealthy
    /// One that was unhealthy passes its check again.
    case recovered
    /// The watch restarted one.
    case restarted
    /// The watch restarts one no more: its budget is spent.
    case circuitOpen = "circuit_open"
    /// No colour could be shown to have the traffic.
    case unknown
    case maintenanceOn = "maintenance_on"
    case maintenanceOff = "maintenance_off"

    init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .promoted: .promoted
            case .aborted: .aborted
            case .rolledBack: .rolledBack
            case .unknown: .unknown
            }
    }
}
