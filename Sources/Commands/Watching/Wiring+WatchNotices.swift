import BlueGreen
import Notices
import Orchestration

extension Notice {
    /// A finding or an act of the watch.
    ///
    /// - Parameter situation: as the round found it, before its act.
    /// - Returns: nil for what people have done themselves.
    init?(_ event: WatchEvent, of app: String, at situation: Situation?) {
        guard let news = NoticeEvent(event.kind) else { return nil }
        let placement = event.patient?.placement
        self.init(
            news, about: event.patient?.name ?? event.subject, colour: placement?.colour,
            release: placement?.release, reason: WatchEventText(event).why, took: event.after,
            next: Self.next(after: event.kind, app, hasWayBack: situation?.hasWayBack ?? false),
            from: NoticeOrigin(app: app, preview: nil), at: event.at)
        label = placement.flatMap { situation?.label(of: $0.release) }
        // The one that was idle in that round has the traffic now.
        if news == .rolledBack { previousRelease = situation?.idle?.release }
    }

    private static func next(
        after kind: WatchEvent.Kind, _ app: String, hasWayBack: Bool
    ) -> String? {
        switch kind {
        case .circuitOpen where hasWayBack, .rollbackFailed where hasWayBack,
            .restartFailed where hasWayBack:
            "teal rollback --app \(app)"
        case .deploymentCutOff: "teal resume --app \(app)"
        case .unhealthy, .stopped, .restarted, .rolledBack, .hostIll, .edgeBroken, .circuitOpen,
            .rollbackFailed, .restartFailed:
            "teal status --app \(app)"
        case .recovered, .circuitClosed, .hostWell, .edgeWell, .asked, .maintenanceBegan,
            .maintenanceEnded:
            nil
        }
    }
}

extension NoticeEvent {
    /// nil for what people have done themselves.
    init?(_ kind: WatchEvent.Kind) {
        switch kind {
        case .unhealthy, .stopped, .hostIll, .edgeBroken, .rollbackFailed, .restartFailed,
            .deploymentCutOff:
            self = .unhealthy
        case .recovered, .circuitClosed, .hostWell, .edgeWell: self = .recovered
        case .restarted: self = .restarted
        case .circuitOpen: self = .circuitOpen
        case .rolledBack: self = .rolledBack
        case .asked, .maintenanceBegan, .maintenanceEnded: return nil
        }
    }
}
