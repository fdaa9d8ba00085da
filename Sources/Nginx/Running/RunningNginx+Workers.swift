import BlueGreen
import Orchestration

extension RunningNginx {
    /// How the workers are asked, and which.
    struct WorkerCheck: Sendable {
        /// nil where no worker should know the app any more.
        let expected: StatusAnswer?
        let address: StatusAddress
        /// The workers that accepted connections before a reload, and their master.
        var replaced: Set<Int> = []
        var master: Int?
        /// So many answers in a row, each over a fresh connection, must be the expected one. With
        /// 1 every worker answers the same, and another answer is as good as a late one.
        var answers = 3
        let patience: Duration
    }

    /// Returns when the workers answer as expected and those before accept no more.
    ///
    /// - Throws: `NginxError.notConfirmed` when that has not happened in time. A master that
    ///   rejects a configuration keeps its workers, and only they tell.
    func awaitWorkers(_ check: WorkerCheck) async throws {
        let deadline = clock.now + check.patience
        var matches = 0
        while true {
            let answer = await ask(check)
            let isReplaced = try areReplaced(check)
            matches = answer.isExpected && isReplaced ? matches + 1 : 0
            if matches >= check.answers { return }
            let now = clock.now
            let isSettled = check.answers == 1 && !answer.isSilence && !answer.isExpected
            // A busy host may have given the first of the right answers just in time.
            guard now < deadline || matches > 0, !isSettled else {
                throw refusal(of: check, answer, isReplaced: isReplaced)
            }
            if matches == 0 { try await clock.sleep(until: now + .milliseconds(10)) }
        }
    }

    private func refusal(
        of check: WorkerCheck, _ answer: Answer, isReplaced: Bool
    ) -> NginxError {
        let expected = check.expected?.description ?? "nothing about this app"
        if isReplaced, answer.missesLink {
            return .linkNotSeen(
                link: AppPaths(settings).link, expected: expected, answered: answer.text)
        }
        return .notConfirmed(
            expected: expected,
            answered: !isReplaced
                ? "workers of before still accept connections"
                : answer.isSilence ? nil : answer.text)
    }

    /// A sentence about workers that do not see where the link points; nil where they see it.
    func unseenLink(_ check: WorkerCheck) async -> String? {
        let answer = await ask(check)
        return answer.missesLink ? refusal(of: check, answer, isReplaced: true).description : nil
    }

    /// Whether one worker answers as expected now. A busy host may be slow to answer, and not to
    /// know costs a reload, so silence is not taken for an answer at once.
    func answersAsExpected(_ check: WorkerCheck) async -> Bool {
        for _ in 1...3 {
            let answer = await ask(check)
            if answer.isExpected || !answer.isSilence { return answer.isExpected }
        }
        return false
    }

    /// Waits for the workers of before to end, since until then they may serve connections that
    /// they have kept.
    func awaitEnd(of workers: Set<Int>, master: Int, patience: Duration) async throws {
        let deadline = clock.now + patience
        while clock.now < deadline {
            let left = try self.workers(of: master).shuttingDown.intersection(workers)
            if left.isEmpty { return }
            try await clock.sleep(until: clock.now + .milliseconds(50))
        }
    }

    private struct Answer {
        let isExpected: Bool
        var isSilence = false
        /// In `live` mode the files say where to look, so that workers of the right files can only
        /// err about what they see there.
        var missesLink = false
        let text: String
    }

    private func ask(_ check: WorkerCheck) async -> Answer {
        do {
            let answer = try await status.status(of: settings.app, at: check.address)
            return Answer(
                isExpected: answer == check.expected,
                missesLink: settings.mode == .live && answer != check.expected
                    && answer?.fingerprint == check.expected?.fingerprint,
                text: answer.map { "answered \($0)" } ?? "knew nothing about this app")
        } catch {
            return Answer(
                isExpected: check.expected == nil, isSilence: true, text: "no answer came")
        }
    }

    private func areReplaced(_ check: WorkerCheck) throws -> Bool {
        guard let master = check.master, !check.replaced.isEmpty else { return true }
        return try workers(of: master).accepting.isDisjoint(with: check.replaced)
    }
}
