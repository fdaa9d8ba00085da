import BlueGreen
import HostSystem
import Notices
import Orchestration

/// Tells the people whom `teal.yml` names how a deployment ended, or that it waits.
struct Announcement: Announcer {
    let app: String
    let targets: [NoticeTarget]
    let sender: NoticeSender
    let clock: any WallClock
    let reporter: any Reporter
    let interruption: Interruption
    /// Where a candidate that waits can be looked at, a URL.
    var preview: String?

    /// Goes on for so long after a signal asked the run to end: enough for those who answer.
    static let grace = Duration.seconds(5)

    func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async {
        guard
            let notice = notice(waiting: deployment)
                ?? Notice(ending: deployment, of: app, known: known)
        else { return }
        await tell(notice)
    }

    private func notice(waiting deployment: Deployment) -> Notice? {
        guard let end = deployment.waitsUntil else { return nil }
        var notice = Notice(
            waiting: deployment, until: end, app: app, host: ProcessInformation.hostName,
            at: clock.now)
        notice.preview = preview
        return notice
    }

    func tell(_ notice: Notice) async {
        let names = targets.filter { $0.events.contains(notice.event) }.map(\.name)
        guard !names.isEmpty else { return }
        reporter.report(.note("telling \(names.joined(separator: ", ")): \(notice.event.rawValue)"))
        for outcome in await outcomes(of: notice) {
            if let warning = outcome.warning { reporter.report(.warning(warning)) }
        }
    }

    private func outcomes(of notice: Notice) async -> [NoticeOutcome] {
        await withTaskGroup(of: [NoticeOutcome]?.self) { group in
            group.addTask { await sender.send(notice, to: targets) }
            group.addTask {
                guard await interruption.wait() != nil else { return nil }
                // It is cancelled when all is sent, and then there is nothing to cut short.
                try? await clock.sleep(until: clock.now + Self.grace)
                return nil
            }
            var outcomes: [NoticeOutcome] = []
            for await ended in group {
                if let ended { outcomes = ended }
                group.cancelAll()
            }
            return outcomes
        }
    }
}
