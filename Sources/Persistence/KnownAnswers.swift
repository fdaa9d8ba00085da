import BlueGreen
import GRDB
import Orchestration
import Synchronization

/// The answers of a store that stays open, good until somebody else writes to its file.
final class KnownAnswers: Sendable {
    struct Answers: Sendable {
        /// By how many were asked for.
        var deployments: [Int: [Deployment]] = [:]
        var releases: [Release]?
    }

    private struct State: Sendable {
        var version: Int?
        var answers = Answers()
    }

    private let state = Mutex(State())

    /// Another value than before where another connection has written since.
    static func version(in database: Database) throws -> Int? {
        try Int.fetchOne(database, sql: "PRAGMA data_version")
    }

    /// - Returns: nil where nothing is known of this version.
    func answer<Answer: Sendable>(
        _ place: any KeyPath<Answers, Answer?> & Sendable, at version: Int?
    ) -> Answer? {
        state.withLock { state in
            guard let version, state.version == version else { return nil }
            return state.answers[keyPath: place]
        }
    }

    /// Another connection's writing changes the version, and this one's own does not.
    func forget() {
        state.withLock { $0 = State() }
    }

    func keep<Answer: Sendable>(
        _ answer: Answer, _ place: any WritableKeyPath<Answers, Answer?> & Sendable,
        at version: Int?
    ) {
        state.withLock { state in
            if state.version != version { state = State(version: version) }
            state.answers[keyPath: place] = answer
        }
    }
}
