import BlueGreen
package import HostSystem
package import Orchestration

/// Sends notices. A failure is an outcome to warn of, never an error: no deployment may fail
/// because nobody could be told about it.
package struct NoticeSender: Sendable {
    private let runner: any CommandRunner
    let clock: any WallClock
    private let bounds: DeliveryBounds

    package init(
        runner: any CommandRunner, clock: any WallClock, bounds: DeliveryBounds = DeliveryBounds()
    ) {
        self.runner = runner
        self.clock = clock
        self.bounds = bounds
    }

    /// Tells all targets that want to know of the event, at the same time.
    ///
    /// Returns within `bounds.wholeLimit`, and two seconds more where a command ignores SIGTERM.
    /// A target may get a notice twice, where only its answer was lost. In a cancelled task
    /// nothing is sent.
    ///
    /// - Returns: an outcome for each target that wanted to know, in their order.
    package func send(_ notice: Notice, to targets: [NoticeTarget]) async -> [NoticeOutcome] {
        let interested = targets.filter { $0.events.contains(notice.event) }
        if interested.isEmpty { return [] }
        let words = PrintableNotice(notice)
        let end = clock.now + bounds.wholeLimit
        let client = WebhookClient()
        defer { client.end() }
        return await withTaskGroup(of: (Int, NoticeOutcome).self) { group in
            for (index, target) in interested.enumerated() {
                group.addTask { (index, await deliver(words, to: target, by: client, until: end)) }
            }
            var outcomes: [Int: NoticeOutcome] = [:]
            for await (index, outcome) in group { outcomes[index] = outcome }
            return outcomes.sorted { $0.key < $1.key }.map(\.value)
        }
    }

    private func deliver(
        _ words: PrintableNotice, to target: NoticeTarget, by client: WebhookClient,
        until end: Timestamp
    ) async -> NoticeOutcome {
        var attempt = 0
        while true {
            attempt += 1
            let failure = await attemptOnce(until: end, orElse: target.overdue) { limit in
                switch target.destination {
                case .webhook(let webhook): await post(words, to: webhook, by: client)
                case .command(let command): await run(command, words, within: limit)
                }
            }
            let outcome = NoticeOutcome(
                target: target.name, event: words.notice.event, attempts: attempt,
                failure: failure)
            guard let failure,
                let pause = bounds.pause(
                    after: failure, of: attempt, at: clock.now, until: end)
            else { return outcome }
            do {
                try await clock.sleep(until: clock.now + pause)
            } catch {
                // The caller has no more time, and gets the result of the last attempt.
                return outcome
            }
        }
    }

    /// The delivery, or that its time is over, whichever comes first.
    private func attemptOnce(
        until end: Timestamp, orElse overdue: @escaping @Sendable (Duration) -> DeliveryFailure,
        _ delivery: @escaping @Sendable (_ limit: Duration) async -> DeliveryFailure?
    ) async -> DeliveryFailure? {
        // The client sends before it looks whether anybody still waits.
        if Task.isCancelled { return .cancelled }
        let now = clock.now
        let limit = min(bounds.attemptLimit, end - now)
        return await withTaskGroup(of: DeliveryFailure?.self) { group in
            group.addTask { await delivery(limit) }
            group.addTask {
                do {
                    try await clock.sleep(until: now + limit)
                } catch {
                    return .cancelled
                }
                return overdue(limit)
            }
            defer { group.cancelAll() }
            for await first in group { return first }
            return .cancelled
        }
    }

    private func post(
        _ words: PrintableNotice, to webhook: Webhook, by client: WebhookClient
    ) async -> DeliveryFailure? {
        do {
            let message = try WebhookMessage(words, for: webhook.kind, at: clock.now)
            return await client.post(message, to: webhook)
        } catch {
            return .notStarted(reason: "its message could not be written as JSON")
        }
    }

    private func run(
        _ command: NoticeCommand, _ words: PrintableNotice, within limit: Duration
    ) async -> DeliveryFailure? {
        do {
            let result = try await runner.run(command.command(for: words, timeLimit: limit))
            switch result.ending {
            case .exited(0): return nil
            case .exited(let code):
                let output = result.standardError + result.standardOutput
                let last = output.split(whereSeparator: \.isNewline).last.map(String.init) ?? ""
                return .exited(code, text: command.redaction.applied(to: last))
            case .signalled(let signal): return .signalled(signal)
            case .timedOut(let limit): return .unfinished(limit)
            }
        } catch is CancellationError {
            return .cancelled
        } catch HostError.programNotFound {
            return .notStarted(reason: "the program was not found in PATH")
        } catch {
            return .notStarted(reason: command.redaction.applied(to: "\(error)"))
        }
    }
}

extension NoticeTarget {
    /// The failure of an attempt that takes longer than it may.
    fileprivate func overdue(_ limit: Duration) -> DeliveryFailure {
        switch destination {
        case .webhook: .silent(limit)
        case .command: .unfinished(limit)
        }
    }
}

/// The end of one notice at one target.
package struct NoticeOutcome: Hashable, Sendable {
    /// `NoticeTarget.name`, which holds no secret.
    package let target: String
    package let event: NoticeEvent
    /// How often it was tried, from 1.
    package let attempts: Int
    /// The last attempt's; nil where it was delivered.
    package let failure: DeliveryFailure?

    /// A sentence for the caller's warnings, with cause and next move; nil where it was delivered.
    package var warning: String? {
        guard let failure else { return nil }
        let tries = attempts == 1 ? "" : " (tried \(attempts) times)"
        return "The notice `\(event.rawValue)` did not get through to \(target)\(tries): "
            + "\(failure.reason). Next: \(failure.remedy)."
    }
}

/// How long and how often a notice is tried.
package struct DeliveryBounds: Hashable, Sendable {
    package var attempts = 3
    /// Of one attempt, from its first packet to the last of the answer.
    package var attemptLimit = Duration.seconds(10)
    /// From the start of the first attempt to the end of the last, over all targets.
    package var wholeLimit = Duration.seconds(25)
    package var firstPause = Duration.milliseconds(500)
    package var furtherPause = Duration.seconds(2)

    package init() {}

    /// How long to wait before another attempt; nil where there is to be none.
    ///
    /// - Parameter attempt: the number of the one that failed, from 1.
    func pause(
        after failure: DeliveryFailure, of attempt: Int, at now: Timestamp, until end: Timestamp
    ) -> Duration? {
        guard failure.isTransient, attempt < attempts else { return nil }
        let pause = max(
            attempt == 1 ? firstPause : furtherPause, failure.retryAfter ?? .zero)
        return now + pause < end ? pause : nil
    }
}
