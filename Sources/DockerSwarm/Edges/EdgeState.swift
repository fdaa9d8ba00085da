package import BlueGreen
import DockerEngine
package import FoundationEssentials
package import Orchestration

/// The desired state of every edge, as it stands in the specification of the service `APP-edge`:
/// the one record of who has traffic.
package struct EdgeState: Hashable, Codable, Sendable {
    static let currentVersion = 1

    /// An nginx on each edge, and what of the app it serves.
    package struct Site: Hashable, Codable, Sendable {
        package let app: String
        /// The names of the exposed services.
        package let services: [String]
        package let mode: SwitchMode
        package let directory: String
        /// nil for `nginx` in PATH and the system's sbin folders.
        package let binary: String?
        /// nil for the file that nginx was built with.
        package let config: String?
        /// Where the status server listens; nil for the usual place.
        package let status: String?
        /// Addresses and blocks of addresses, in text.
        package let trustedProxies: [String]
        /// Of the exposed services' checks, which are answered also in maintenance.
        package var healthPaths: [HealthPath] = []
        package var rollout = Rollout()
        /// The page for maintenance; nil for Teal's own.
        package var page: Data?

        package init(
            app: String, services: [String], mode: SwitchMode, directory: String, binary: String?,
            config: String?, status: String?, trustedProxies: [String]
        ) {
            self.app = app
            self.services = services
            self.mode = mode
            self.directory = directory
            self.binary = binary
            self.config = config
            self.status = status
            self.trustedProxies = trustedProxies
        }
    }

    /// How a deployment is watched, as far as nginx's files depend on it.
    package struct Rollout: Hashable, Codable, Sendable {
        package var isObserved = false
        /// Of a canary.
        package var steps: [Share] = []
        package var stickiness = Stickiness.client

        package init(
            isObserved: Bool = false, steps: [Share] = [], stickiness: Stickiness = .client
        ) {
            self.isObserved = isObserved
            self.steps = steps
            self.stickiness = stickiness
        }
    }

    /// Services that each edge asks by way of its own nginx before it confirms.
    package struct Proof: Hashable, Codable, Sendable {
        package let colour: Colour
        package let services: [PlannedService]
        /// An edge that comes later asks nobody: the colour may be gone.
        package let until: Timestamp
    }

    private let version: Int
    /// Grows with each change. An edge never goes back to a lower one.
    package private(set) var epoch: Int
    package var site: Site
    package var table: RoutingTable
    package var division: Division
    /// Whether visitors get a page instead of the app.
    package var isInMaintenance: Bool
    /// Whether each edge lets go of the app, and removes its files.
    package var isLeaving = false
    package var proof: Proof?
    /// Until when each edge counts what its nginx answers; nil where none does.
    package var watchedUntil: Timestamp?

    package init(
        epoch: Int, site: Site, table: RoutingTable, division: Division,
        isInMaintenance: Bool = false
    ) {
        version = Self.currentVersion
        self.epoch = epoch
        self.site = site
        self.table = table
        self.division = division
        self.isInMaintenance = isInMaintenance
    }

    /// A canary keeps a watch; any other switch ends it, as on one host.
    mutating func divide(_ division: Division) {
        self.division = division
        if division.share == nil { watchedUntil = nil }
    }

    package var traffic: Traffic {
        Traffic(
            division.colour, canary: division.share, isWatched: watchedUntil != nil,
            isInMaintenance: isInMaintenance)
    }

    /// The state with the change and the next epoch; nil where the change is none. A proof is of
    /// its own epoch only.
    func changed(_ change: (inout EdgeState) -> Void) -> EdgeState? {
        var next = self
        next.proof = nil
        let without = next
        // An app that was to be taken away and is changed again stays.
        next.isLeaving = false
        change(&next)
        if next == without { return nil }
        next.epoch = epoch + 1
        return next
    }

    /// The next epoch, for other tasks or another site.
    func renewed(_ site: Site) -> EdgeState {
        var next = self
        next.site = site
        next.proof = nil
        next.isLeaving = false
        next.epoch = epoch + 1
        return next
    }

    /// The next epoch, by which the app's files go from every edge.
    func leaving() -> EdgeState {
        var next = EdgeState(epoch: epoch + 1, site: site, table: table, division: .nobody)
        next.isLeaving = true
        return next
    }
}

/// On one line, as the environment of the edge's task holds it.
extension EdgeState {
    package static let variable = "TEAL_EDGE_STATE"
    static let epochLabel = "teal.epoch"

    var text: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    /// - Throws: `SwarmError.unreadableEdgeState`.
    package init(text: String) throws {
        do {
            self = try JSONDecoder().decode(EdgeState.self, from: Data(text.utf8))
        } catch {
            throw SwarmError.unreadableEdgeState(reason: "\(error)")
        }
        guard version == Self.currentVersion else {
            throw SwarmError.unreadableEdgeState(reason: "its version \(version) is not known")
        }
    }

    init(environment: [String]) throws {
        let mark = Self.variable + "="
        guard let entry = environment.first(where: { $0.hasPrefix(mark) }) else {
            throw SwarmError.unreadableEdgeState(reason: "there is no \(Self.variable)")
        }
        try self.init(text: String(entry.dropFirst(mark.count)))
    }

    init(_ service: SwarmService) throws {
        let container = service.spec["TaskTemplate"]?["ContainerSpec"]
        try self.init(environment: (container?["Env"]?.array ?? []).compactMap(\.string))
    }
}
