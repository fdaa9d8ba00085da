import BlueGreen
import Orchestration
import Synchronization

/// The process of an edge's task, whose agent goes on only when the simulation lets it. So one part
/// of a life runs at a time, and its order depends on the seed alone.
final class EdgeProcess: WallClock {
    private struct State {
        var due: Timestamp?
        var isKilled = false
        var isOver = false
        var agent: CheckedContinuation<Void, any Error>?
        var driver: CheckedContinuation<Void, Never>?
        var work: Task<Void, Never>?

        mutating func takeDriver() -> CheckedContinuation<Void, Never>? {
            defer { driver = nil }
            return driver
        }

        mutating func takeAgent() -> CheckedContinuation<Void, any Error>? {
            defer { agent = nil }
            due = nil
            return agent
        }
    }

    private let host: SimulatedHost
    private let state = Mutex(State())

    init(_ host: SimulatedHost) {
        self.host = host
    }

    var now: Timestamp { host.with { $0.now } }

    /// When it goes on; nil where it does not.
    var due: Timestamp? { state.withLock(\.due) }

    /// Nothing that it does counts any more.
    var isKilled: Bool { state.withLock(\.isKilled) }

    /// Returns when the work has come to its first wait, or is over.
    func begin(_ work: @escaping @Sendable () async -> Void) async {
        let task = Task {
            await work()
            end()
        }
        state.withLock { $0.work = task }
        await untilItWaits()
    }

    /// Lets it go on to its next wait.
    func resume() async {
        let agent = state.withLock { $0.takeAgent() }
        agent?.resume()
        await untilItWaits()
    }

    func kill() async {
        let agent = state.withLock { state in
            state.isKilled = true
            return state.takeAgent()
        }
        agent?.resume(throwing: CancellationError())
        await untilItWaits()
    }

    func sleep(until moment: Timestamp) async throws {
        try await withCheckedThrowingContinuation { continuation in
            let (isRefused, driver) = state.withLock { state in
                if state.isKilled { return (true, nil as CheckedContinuation<Void, Never>?) }
                state.due = moment
                state.agent = continuation
                return (false, state.takeDriver())
            }
            if isRefused { continuation.resume(throwing: CancellationError()) }
            driver?.resume()
        }
    }

    private func end() {
        let driver = state.withLock { state in
            state.isOver = true
            return state.takeDriver()
        }
        driver?.resume()
    }

    private func untilItWaits() async {
        await withCheckedContinuation { continuation in
            let isReady = state.withLock { state in
                if state.isOver || state.agent != nil { return true }
                state.driver = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
