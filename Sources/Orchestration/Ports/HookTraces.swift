/// Remembers which hook runs, so that what a killed run of Teal left of one can be found.
package protocol HookTraces: Sendable {
    /// - Parameter mark: `HookCircumstances.mark`; from now on a hook with it runs.
    func begin(_ mark: String) throws

    /// The hook has ended by itself. What it left in the background on purpose stays.
    func forget() throws

    /// Ends all that carries the mark, in a session of its own too, and forgets it.
    ///
    /// - Returns: the processes that had to be ended; none where no hook is remembered.
    /// - Throws: where one of them could not be ended.
    func endRemains() async throws -> [Int]
}
