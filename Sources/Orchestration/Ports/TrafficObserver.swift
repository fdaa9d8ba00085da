package import BlueGreen

/// Has nginx write down what it answers, and reads it.
///
/// A watch ends by itself at its moment, whatever becomes of the run that began it: nothing grows
/// behind a run that died. A switch of traffic ends it as well.
package protocol TrafficObserver: Sendable {
    /// From now on requests are written down, and counted from zero. No reload. A watch that
    /// lasts already goes on until the new moment.
    func begin(until: Timestamp) async throws

    /// What was answered since `begin`, by the colour that answered; a colour without requests
    /// may be missing. What nginx has answered within the last second may be missing as well.
    func look() async throws -> [Colour: RequestFigures]

    /// Nothing is written down any more, and nothing of it is left. Harmless without a watch.
    func end() async throws
}
