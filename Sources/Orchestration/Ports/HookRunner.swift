package import BlueGreen

/// Runs hooks of one place: on the host, or in the candidate's containers.
package protocol HookRunner: Sendable {
    /// Runs the hook to its end, or ends it when its time is over. Nothing of it runs when this
    /// returns.
    ///
    /// - Parameter onLine: gets each whole line of both outputs as it comes.
    /// - Throws: where it could not be started; `CancellationError` after ending it where the task
    ///   was cancelled.
    func run(
        _ hook: Hook, _ circumstances: HookCircumstances,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding
}

/// How a hook ended, by its exit code or by a signal.
package enum HookEnding: Hashable, Sendable {
    case exited(Int)
    case signalled(Int)
    case timedOut
}

/// The runner of the hooks of each place.
package struct HookRunners: Sendable {
    private let host: any HookRunner
    private let services: any HookRunner
    let traces: any HookTraces

    /// - Parameter host: keeps the traces of all of them: programs in containers are processes of
    ///   the host, too.
    package init(host: any HookRunner & HookTraces, services: any HookRunner) {
        self.host = host
        self.services = services
        traces = host
    }

    subscript(place: Hook.Place) -> any HookRunner {
        switch place {
        case .host: host
        case .service: services
        }
    }
}

/// Remembers which hook runs, so that the remains of a killed run of Teal can be found.
package protocol HookTraces: Sendable {
    /// - Parameter mark: `HookCircumstances.mark`; from now on a hook with it runs.
    func begin(_ mark: String) throws

    /// The hook has ended by itself. Processes that it left in the background on purpose stay.
    func forget() throws

    /// Ends all that carries the mark, in a session of its own too, and forgets it.
    ///
    /// - Returns: the processes that had to be ended; none where no hook is remembered.
    /// - Throws: where one of them could not be ended.
    func endRemains() async throws -> [Int]
}
