package import BlueGreen

/// One thing that happened to an app, as it is told to the outside.
///
/// Texts may come from anywhere and may hold anything: `NoticeWords` makes them safe.
package struct Notice: Hashable, Sendable {
    package let event: NoticeEvent
    package let app: String
    /// The name of the host it happened on.
    package let host: String
    package let at: Timestamp

    /// How a failed deployment came to its end, where that is not the usual way.
    package enum Course: Hashable, Sendable {
        case usual
        /// The previous set had been stopped for the candidate, and was started again.
        case madeRoom
        /// Of the set that has traffic again not all runs.
        case impaired
    }

    /// nil where it is not about a deployment.
    package var kind: DeploymentKind?
    package var colour: Colour?
    package var release: ReleaseID?
    /// What the user called the release.
    package var label: String?
    /// The release that had traffic before, and after an abort or a rollback still or again has.
    package var previousRelease: ReleaseID?
    /// Whole sentences: why it failed or is unhealthy.
    package var reason: String?
    /// The command line to run next, `teal promote --app shop`.
    package var next: String?
    /// The command line for whoever wants the opposite, `teal abort --app shop`.
    package var otherwise: String?
    /// When a deployment that waits aborts by itself.
    package var until: Timestamp?
    /// Where a candidate without traffic can be looked at, a URL.
    package var preview: String?
    /// How long it took, or how long it was unhealthy.
    package var took: Duration?
    package var course = Course.usual

    package init(_ event: NoticeEvent, app: String, host: String, at moment: Timestamp) {
        self.event = event
        self.app = app
        self.host = host
        at = moment
    }

    /// What became of a deployment; nil while it is unfinished.
    package init?(of deployment: Deployment, app: String, host: String) {
        guard let outcome = deployment.outcome, let end = deployment.finishedAt else { return nil }
        let event: NoticeEvent =
            switch outcome {
            case .promoted: .promoted
            case .aborted: .aborted
            case .rolledBack: .rolledBack
            case .unknown: .unknown
            }
        self = Notice(event, app: app, host: host, at: end).about(deployment)
        took = end - deployment.startedAt
    }

    /// A deployment that waits for a person, with the lines that answer it in any folder.
    package init(
        waiting deployment: Deployment, until end: Timestamp, app: String, host: String,
        at moment: Timestamp
    ) {
        self = Notice(.waiting, app: app, host: host, at: moment).about(deployment)
        until = end
        next = "teal promote --app \(app)"
        otherwise = "teal abort --app \(app)"
    }

    /// The same notice with what the deployment knows of its releases and of its failure.
    package func about(_ deployment: Deployment) -> Notice {
        var notice = self
        notice.kind = deployment.kind
        notice.colour = deployment.candidate.colour
        notice.release = deployment.candidate.release
        notice.label = deployment.label
        notice.previousRelease = deployment.previous?.release
        notice.reason = deployment.failure?.message
        if deployment.hasMadeRoom { notice.course = .madeRoom }
        if deployment.isImpaired ?? false { notice.course = .impaired }
        return notice
    }
}
