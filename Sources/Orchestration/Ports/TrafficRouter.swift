package import BlueGreen

/// Sends requests to a colour: nginx, by live switch or by reload.
package protocol TrafficRouter: Sendable {
    /// Checks that nginx runs, accepts its configuration on disk, and reads Teal's files. Comes
    /// before anything is launched, and writes the app's first files where there are none.
    func prepare() async throws

    /// Looks for all that keeps these services from being reached; changes nothing.
    func obstacles(to services: [PlannedService]) async throws -> [Obstacle]

    /// Makes both colours' addresses known to the running nginx, as one transaction. On any failure
    /// the files of before are back and nginx runs on them. Traffic does not move. The same table
    /// again is no reload.
    func arm(_ table: RoutingTable) async throws

    /// Moves traffic. Maintenance stays as it is. Durable when it returns.
    ///
    /// `all` and `nobody` end a canary and a watch. A share goes to the colour that has no traffic.
    /// It needs no reload and keeps a watch, and a client stays where it is when the share grows.
    func route(_ division: Division) async throws

    /// Throws unless the running workers divide requests like this.
    func confirm(_ division: Division) async throws

    /// Answers visitors with a page instead, or no longer; health paths are answered as before.
    /// Switches do not change it. Confirmed when it returns.
    func setMaintenance(_ maintenance: Maintenance) async throws

    /// The symlink's word: the one truth about who has traffic. A link that is lost changes nothing
    /// by itself, and `route`, `arm` and the rest refuse to act on it.
    func readLink() async throws -> LinkReading

    /// When the link was made that is there, which each `route` does anew, by the clock of `Clock`;
    /// nil where that is not known.
    func linkMadeAt() async throws -> Timestamp?

    /// Makes a lost link anew, with its markers. Nobody's is made only where nginx's files send
    /// nobody's requests anywhere.
    ///
    /// - Parameter table: where the colours are, if none of the app's files is there; they are
    ///   then written as by `arm`.
    func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws

    /// The losses of the app's folder beside the link. Changes nothing.
    func losses() async throws -> [FolderLoss]

    /// Puts right those of `losses` that need no person, the present state's first, and removes the
    /// remains of a killed run. No reload, and no request goes elsewhere meanwhile. Where the
    /// present state stays lost, the link leads to the same colour's state at rest.
    ///
    /// - Returns: what was lost and what was done, in sentences.
    func heal() async throws -> [String]

    /// The connections that nginx still has open to a colour.
    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic

    /// Where the host can look at the colour without the traffic; nil where that is not wanted.
    func previewURL() async throws -> String?

    /// Throws where `remove` could not take the app's files away wherever they are; changes
    /// nothing.
    func checkRemoval() async throws

    /// Takes the app's files away as one transaction; fails while nginx still includes one.
    func remove() async throws
}

extension TrafficRouter {
    package func checkRemoval() async throws {}
}

/// Whether visitors get a page instead of the app.
package enum Maintenance: Hashable, Sendable {
    case on
    case off
}

/// Traffic to a colour that gets no new requests.
package struct RemainingTraffic: Hashable, Sendable {
    /// TCP connections from nginx to the colour's addresses, idle kept-alive ones included; those
    /// close by themselves within seconds.
    package let connections: Int
    /// Workers of the configuration before, which feed the previous colour until they end. Always 0
    /// in `live` mode without a reload.
    package let oldWorkers: Int

    package init(connections: Int, oldWorkers: Int) {
        self.connections = connections
        self.oldWorkers = oldWorkers
    }

    package var isNone: Bool { connections == 0 && oldWorkers == 0 }
}

/// Has nginx write down its answers, and reads them.
///
/// A watch ends by itself at its moment: nothing grows behind a run that died. A switch of traffic
/// ends it as well.
package protocol TrafficObserver: Sendable {
    /// From now on requests are written down, and counted from zero. No reload. A watch that
    /// lasts already goes on until the new moment.
    ///
    /// - Returns: one sentence for each part of the site whose answers will not be counted.
    func begin(until: Timestamp) async throws -> [String]

    /// The answers since `begin`, by the colour that answered; a colour without requests may be
    /// missing. Answers of the last second may be missing as well.
    func look() async throws -> [Colour: RequestFigures]

    /// Nothing is written down any more, and nothing of it is left. Harmless without a watch.
    func end() async throws
}

/// An observer of one of several hosts, whose answers are added to those of the others.
package protocol TallyingObserver: TrafficObserver {
    /// As `look` has them.
    func tallies() async throws -> [Colour: RequestTally]
}

extension TallyingObserver {
    package func look() async throws -> [Colour: RequestFigures] {
        try await tallies().mapValues(\.figures)
    }
}
