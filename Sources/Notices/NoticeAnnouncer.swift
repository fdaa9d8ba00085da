package import BlueGreen
package import Orchestration

/// Announces by notices how a deployment ended, or that it waits for a person.
package struct NoticeAnnouncer: Announcer {
    private let origin: NoticeOrigin
    private let targets: [NoticeTarget]
    private let sender: NoticeSender
    private let reporter: any Reporter
    private let interruption: Interruption
    /// Hears of each target's fate; true where it was reached.
    package var onSent: @Sendable (NoticeEvent, Bool) async -> Void = { _, _ in }

    /// After a signal asked the run to end, targets have so long to answer.
    static let grace = Duration.seconds(5)

    /// - Parameters:
    ///   - reporter: hears of the targets that are told, and warnings of those not reached.
    ///   - interruption: cuts the sending short.
    package init(
        _ origin: NoticeOrigin, to targets: [NoticeTarget], by sender: NoticeSender,
        reporter: any Reporter, interruption: Interruption
    ) {
        self.origin = origin
        self.targets = targets
        self.sender = sender
        self.reporter = reporter
        self.interruption = interruption
    }

    package func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async {
        let notice =
            if let end = deployment.waitsUntil {
                Notice(waiting: deployment, until: end, from: origin, at: sender.clock.now)
            } else {
                Notice(ending: deployment, from: origin, known: known)
            }
        if let notice { await tell(notice) }
    }

    /// Tells the targets that want to know of the event; who was not reached is a warning.
    package func tell(_ notice: Notice) async {
        let names = targets.filter { $0.events.contains(notice.event) }.map(\.name)
        guard !names.isEmpty else { return }
        reporter.report(.note("telling \(names.joined(separator: ", ")): \(notice.event.rawValue)"))
        for outcome in await outcomes(of: notice) {
            await onSent(notice.event, outcome.warning == nil)
            if let warning = outcome.warning { reporter.report(.warning(warning)) }
        }
    }

    private func outcomes(of notice: Notice) async -> [NoticeOutcome] {
        await withTaskGroup(of: [NoticeOutcome]?.self) { group in
            group.addTask { await sender.send(notice, to: targets) }
            group.addTask {
                guard await interruption.wait() != nil else { return nil }
                // It is cancelled when all is sent, and then there is nothing to cut short.
                try? await sender.clock.sleep(until: sender.clock.now + Self.grace)
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
