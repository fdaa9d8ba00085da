import BlueGreen
import Orchestration
import Synchronization

/// The turns of one app's watch: whole rounds as they fall due, and a look at one container as soon
/// as an event tells of its end, or of somebody's wish to end it.
struct WatchTurns: Sendable {
    /// Why the next look comes.
    enum Cause: Hashable, Sendable {
        case time
        case event(WatchedReplica)
    }

    private static let longestRetry = Duration.seconds(30)

    private let pause: @Sendable (Duration) async throws -> Void
    private let look: @Sendable (AppWatch.Scope) async throws -> Void
    let causes: AsyncStream<Cause>
    private let continuation: AsyncStream<Cause>.Continuation

    init(
        pause: @escaping @Sendable (Duration) async throws -> Void,
        look: @escaping @Sendable (AppWatch.Scope) async throws -> Void
    ) {
        self.pause = pause
        self.look = look
        // Events that come while a round lasts are bounded: a later round sees the same.
        (causes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(32))
    }

    func next(_ cause: Cause) {
        continuation.yield(cause)
    }

    /// A death does not wait for a round, which may hang in a probe: the round begins anew after it.
    ///
    /// - Throws: `CancellationError`.
    func run() async throws {
        let whole = WholeRound()
        defer { whole.cancel() }
        for await cause in causes {
            switch cause {
            case .time: whole.begin { try await look(.all) }
            case .event(let watched):
                let wasUnderWay = await whole.end()
                try await look(.only([watched]))
                if wasUnderWay { next(.time) }
            }
        }
    }

    /// Hears of deaths within milliseconds. An engine that ends is asked again, and rounds come all
    /// the same.
    ///
    /// - Parameter events: a new connection to the engine with each call.
    /// - Throws: `CancellationError`.
    func listen(
        to events: @Sendable () -> AsyncThrowingStream<ContainerEvent, any Error>
    ) async throws {
        var retry = Duration.seconds(1)
        while true {
            do {
                for try await event in events() {
                    retry = .seconds(1)
                    if let watched = event.end { next(.event(watched)) }
                }
            } catch let error where !(error is CancellationError) {
                // The rounds tell it.
            }
            try Task.checkCancellation()
            try await pause(retry)
            // Nobody heard what happened meanwhile.
            next(.time)
            retry = min(retry * 2, Self.longestRetry)
        }
    }
}

/// The round of all containers that is under way, if there is one.
private final class WholeRound: Sendable {
    private struct State {
        var task: Task<Void, any Error>?
        var isUnderWay = false
        /// The one before did not come to its end.
        var wasCutShort = false
    }

    private let state = Mutex(State())

    /// Rounds that fall due while one lasts are none.
    func begin(_ round: @escaping @Sendable () async throws -> Void) {
        state.withLock { state in
            guard !state.isUnderWay else { return }
            state.isUnderWay = true
            state.task = Task {
                defer { self.state.withLock { $0.isUnderWay = false } }
                try await round()
                self.state.withLock { $0.wasCutShort = false }
            }
        }
    }

    func cancel() {
        state.withLock { $0.task }?.cancel()
    }

    /// Cuts it short and waits for its end. An act that it has begun comes to its end first. So does
    /// a round after one that was cut short: a container that ends again and again would keep all
    /// others from being looked at.
    ///
    /// - Returns: whether there was one.
    func end() async -> Bool {
        let task = state.withLock { state -> Task<Void, any Error>? in
            guard state.isUnderWay else { return nil }
            if !state.wasCutShort {
                state.wasCutShort = true
                state.task?.cancel()
            }
            return state.task
        }
        // Its end matters, and not how it ended.
        _ = await task?.result
        return task != nil
    }
}

extension ContainerEvent {
    /// The container whose end, whose lack of memory, or somebody's wish to end it, it tells; nil for
    /// all else. The engine soon forgets a wish, and the record does not.
    fileprivate var end: WatchedReplica? {
        switch change {
        case .ended, .ranOutOfMemory, .signalled: WatchedReplica(placement, replica)
        case .started, .checked: nil
        }
    }
}
