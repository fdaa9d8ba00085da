import BlueGreen

/// One service of a compose file, as `teal init` proposes it.
struct ProposedService: Hashable, Sendable {
    enum Part: Hashable, Sendable {
        /// nginx sends requests to this port of it.
        case exposed(port: Int)
        case shared(Reason)
        /// It writes, so that two of it must not run at a time.
        case singleton
        /// Each colour has its own, which needs no line in `teal.yml`.
        case `internal`
    }

    /// Why one of it serves both colours.
    enum Reason: Hashable, Sendable {
        case infrastructure(image: String)
        case writes
        case publishes(port: String)
        case neededBy(String)
    }

    let name: String
    var part: Part
    /// The port by which nginx could reach it as well; nil where it tells none.
    var otherPort: Int?
    /// By its name it may be one that must not run twice.
    var seemsSingle = false
    /// A volume that both of its colours can write to, `data at /var/lib/data`; nil where its
    /// part settles that.
    var writes: String?
    var hasHealthCheck = false

    var role: ServiceRole {
        switch part {
        case .exposed: .exposed
        case .shared: .shared
        case .singleton: .singleton
        case .internal: .internal
        }
    }

    var port: Int? {
        switch part {
        case .exposed(let port): port
        case .shared, .singleton, .internal: nil
        }
    }
}
