import BlueGreen
import DockerEngine
import Orchestration

/// A container as `GET /containers/json` lists it.
struct ListedContainer: Decodable, Sendable {
    let id: String
    /// Each with a leading slash.
    let names: [String]
    let imageID: String
    /// `created`, `running`, `exited` ...
    let state: String
    /// For people, `Up 3 seconds (healthy)`.
    let status: String
    let labels: [String: String]
    let networkSettings: NetworkSettings?
    let mounts: [Mount]?
    /// In seconds since 1970.
    var created: Int64?
    /// Of the host, while it runs.
    var ports: [Port]?

    struct Port: Decodable, Sendable {
        let host: String?
        /// nil for one that is not published.
        let published: Int?
        /// `tcp` or `udp`.
        let transport: String?

        enum CodingKeys: String, CodingKey {
            case host = "IP"
            case published = "PublicPort"
            case transport = "Type"
        }
    }

    struct Mount: Decodable, Sendable {
        /// `volume`, `bind` ...
        let type: String
        /// Of a volume.
        let name: String?
        /// Of a folder or file of the host; empty for a volume.
        let source: String?
        /// The place in the container.
        let target: String?
        let isWritable: Bool

        enum CodingKeys: String, CodingKey {
            case type = "Type"
            case name = "Name"
            case source = "Source"
            case target = "Destination"
            case isWritable = "RW"
        }
    }

    struct NetworkSettings: Decodable, Sendable {
        let networks: [String: Endpoint]?

        enum CodingKeys: String, CodingKey { case networks = "Networks" }
    }

    struct Endpoint: Decodable, Sendable {
        let address: String?
        /// Empty while the container was never started.
        let networkID: String?

        enum CodingKeys: String, CodingKey {
            case address = "IPAddress"
            case networkID = "NetworkID"
        }
    }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "Names"
        case imageID = "ImageID"
        case state = "State"
        case status = "Status"
        case labels = "Labels"
        case networkSettings = "NetworkSettings"
        case mounts = "Mounts"
        case created = "Created"
        case ports = "Ports"
    }

    /// Whether nothing of it was ever started.
    var hasNeverRun: Bool { state == "created" }

    /// Whether it was made before the release was; false where that is not known.
    func isOlder(than release: ReleaseID) -> Bool {
        guard let created else { return false }
        return ReleaseID(at: Timestamp(milliseconds: created * 1000), entropy: .max) < release
    }

    var name: String {
        let name = names.first ?? id
        return name.hasPrefix("/") ? String(name.dropFirst()) : name
    }

    /// Whether it runs or may do so by itself.
    var mayRun: Bool { ["running", "restarting", "paused"].contains(state) }

    /// On the network of this name; nil while the container does not run.
    func address(on network: String) -> String? {
        let address = networkSettings?.networks?[network]?.address
        return address == "" ? nil : address
    }
}

extension ListedContainer {
    /// The compose project that it belongs to, and its service there.
    var project: String? { labels["com.docker.compose.project"] }
    var projectService: String? { labels["com.docker.compose.service"] }

    /// Whether Teal has made it for this app: nothing else about a container says so.
    func isOwn(of app: String) -> Bool { labels[ResourceLabel.app] == app }
}

/// The values of Teal's own labels.
extension ListedContainer {
    var replica: Replica? { Replica(labels: labels) }

    var role: ServiceRole? {
        labels[ResourceLabel.role].flatMap(ServiceRole.init(rawValue:))
    }

    /// nil for shared services.
    var placement: Placement? { Placement(labels: labels) }

    /// Docker names them by 64 hexadecimal digits, and Compose carries them over to a new container
    /// of the service by that name.
    var unnamedVolumes: [UnnamedVolume] {
        guard let service = replica?.service else { return [] }
        return (mounts ?? []).compactMap { mount in
            guard mount.type == "volume", let name = mount.name, name.utf8.count == 64,
                name.utf8.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
            else { return nil }
            return UnnamedVolume(service: service, id: name, target: mount.target ?? "")
        }
    }

    var grace: Duration {
        .seconds(labels[ResourceLabel.grace].flatMap { Int($0) } ?? 10)
    }
}

extension Replica {
    init?(labels: [String: String]) {
        guard let service = labels[ResourceLabel.service],
            let index = labels[ResourceLabel.replica].flatMap({ Int($0) })
        else { return nil }
        self.init(service: service, index: index)
    }
}

extension Placement {
    init?(labels: [String: String]) {
        guard let colour = labels[ResourceLabel.colour].flatMap(Colour.init(rawValue:)),
            let release = labels[ResourceLabel.release].flatMap({ ReleaseID($0) })
        else { return nil }
        self.init(colour: colour, release: release)
    }
}
