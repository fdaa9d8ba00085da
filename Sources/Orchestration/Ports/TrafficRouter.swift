package import BlueGreen

/// The one who sends requests to a colour: nginx, by live switch or by reload.
package protocol TrafficRouter: Sendable {
    /// Checks before anything is launched that nginx runs, takes its configuration as it stands
    /// on disk, and reads Teal's files; writes the app's first files where there are none.
    func prepare() async throws

    /// Makes both colours' addresses known to the running nginx, as one transaction: on any
    /// failure the files of before are back and nginx runs on them. Traffic does not move. The
    /// same table again is no reload.
    func arm(_ table: RoutingTable) async throws

    /// Moves traffic; nil takes it from both colours. Durable when it returns.
    func switchTraffic(to colour: Colour?) async throws

    /// Throws unless the running workers route to the colour.
    func confirm(_ colour: Colour?) async throws

    /// The colour that the symlink names: the one truth about who has traffic.
    ///
    /// - Throws: `OrchestrationError.unknownLink` where it names anything else.
    func liveColour() throws -> Colour?

    /// What nginx still has open to a colour.
    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic

    /// Takes the app's files away as one transaction; fails while nginx still includes one.
    func remove() async throws
}

package struct RemainingTraffic: Hashable, Sendable {
    /// TCP connections from nginx to the colour's addresses, idle kept-alive ones included; those
    /// close by themselves within seconds.
    package let connections: Int
    /// Workers of the configuration before, which go on feeding the previous colour until they
    /// end; always 0 in `live` mode without a reload.
    package let oldWorkers: Int

    package init(connections: Int, oldWorkers: Int) {
        self.connections = connections
        self.oldWorkers = oldWorkers
    }

    package var isNone: Bool { connections == 0 && oldWorkers == 0 }
}
