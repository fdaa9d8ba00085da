import BlueGreen
import HostSystem
import Orchestration

/// The acts that were asked for on the page. Each is a run of Teal's own program, which takes the
/// app's lock as any other and outlives the watch.
actor PageActs {
    /// One act as somebody asked for it.
    struct Wish: Sendable {
        let app: String
        /// `token ops`
        let asker: String
        /// `a rollback`
        let words: String
        /// Of `teal`, without the app.
        let arguments: [String]
    }

    private struct Act {
        enum State {
            case underWay
            case done
            case failed(String)
        }

        let wish: Wish
        let began: Timestamp
        var state = State.underWay
        var ended: Timestamp?
    }

    /// The asker waits so long for an end that comes at once, such as a refusal.
    private static let patience = Duration.seconds(3)
    private static let memory = Duration.seconds(900)
    /// A cold rollback of many services waits for each of them.
    private static let longest = Duration.seconds(24 * 3600)
    /// The file of this process also where another version has been put in its place.
    private static let program = "/proc/self/exe"

    private let runner: any CommandRunner
    private let clock: any WallClock
    private let note: @Sendable (String) -> Void
    private var acts: [String: Act] = [:]
    private var runs: [String: Task<Void, Never>] = [:]
    private var plans: [String: Task<String, any Error>] = [:]

    init(
        runner: any CommandRunner, clock: any WallClock, note: @escaping @Sendable (String) -> Void
    ) {
        self.runner = runner
        self.clock = clock
        self.note = note
    }

    /// - Parameter writeDown: who asks, before anything is done.
    /// - Throws: `PageActRefusal` where it cannot begin, or has failed at once.
    func begin(_ wish: Wish, writeDown: @Sendable () async -> Void) async throws {
        if let other = acts[wish.app], case .underWay = other.state {
            throw PageActRefusal(
                description: "\(other.wish.words.capitalizedFirst) is under way, which "
                    + "\(other.wish.asker) asked for.")
        }
        acts[wish.app] = Act(wish: wish, began: clock.now)
        await writeDown()
        note("\(wish.app): \(wish.asker) asked for \(wish.words) on the page.")
        runs[wish.app] = Task { await run(wish) }
        let end = ContinuousClock.now + Self.patience
        while ContinuousClock.now < end, case .underWay = acts[wish.app]?.state {
            try await Task.sleep(for: .milliseconds(50))
        }
        if case .failed(let reason) = acts[wish.app]?.state {
            throw PageActRefusal(description: reason)
        }
    }

    private func run(_ wish: Wish) async {
        var command = Command(
            Self.program, wish.arguments.withApp(wish.app), timeLimit: Self.longest,
            outputLimit: .kibibytes(64))
        // The end of the watch, or a new one, must not cut a rollback off.
        command.orphan = .left
        do {
            let result = try await runner.run(command)
            end(wish, result.succeeded ? .done : .failed(Self.reason(result)))
        } catch {
            end(wish, .failed("\(error)"))
        }
    }

    private func end(_ wish: Wish, _ state: Act.State) {
        acts[wish.app]?.state = state
        acts[wish.app]?.ended = clock.now
        runs[wish.app] = nil
        switch state {
        case .underWay: break
        case .done: note("\(wish.app): \(wish.words) is done.")
        case .failed(let reason):
            note("\(wish.app): \(wish.words) has failed: \(SafeLine.own(reason))")
        }
    }

    /// The last lines say all that a person needs.
    private static func reason(_ result: CommandResult) -> String {
        let lines = SafeLine.lines(result.standardError + "\n" + result.standardOutput)
        let ending =
            switch result.ending {
            case .exited(let code): "exit code \(code)"
            case .signalled(let signal): "ended by signal \(signal)"
            case .timedOut(let limit): "not done within \(limit.text)"
            }
        return lines.suffix(8).joined(separator: " ") + " (\(ending))"
    }

    /// The last act and its course, as a sentence.
    func lines(of app: String) -> [String] {
        guard let act = acts[app] else { return [] }
        let head = "\(act.wish.words.capitalizedFirst), which \(act.wish.asker) asked for "
        let age = clock.now - (act.ended ?? act.began)
        switch act.state {
        case .underWay: return [head + "\(age.text) ago, is under way."]
        case _ where age > Self.memory: return []
        case .done:
            return [head + "here, was done at \((act.ended ?? act.began).timeOfDay) UTC."]
        case .failed(let reason): return [head + "here, has failed: \(reason)"]
        }
    }

    /// The plan of a deploy now. All who ask at the same time get the same one.
    ///
    /// - Returns: as `teal plan --json` prints it.
    func plan(of app: String) async throws -> String {
        if let task = plans[app] { return try await task.value }
        let command = Command(
            Self.program, ["plan", "--json"].withApp(app), timeLimit: .seconds(120))
        let runner = runner
        let task = Task {
            let result = try await runner.run(command)
            // A deploy that could not begin is a plan too.
            guard !result.standardOutput.isEmpty else {
                throw PageActRefusal(description: Self.reason(result))
            }
            return result.standardOutput
        }
        plans[app] = task
        defer { plans[app] = nil }
        return try await task.value
    }
}

/// An act that was not begun, or that failed at once.
struct PageActRefusal: Error, Hashable, CustomStringConvertible {
    let description: String
}

extension [String] {
    /// Before the operands, which `--` sets apart.
    fileprivate func withApp(_ app: String) -> [String] {
        let end = firstIndex(of: "--") ?? endIndex
        return self[..<end] + ["--app", app] + self[end...]
    }
}

extension String {
    fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
