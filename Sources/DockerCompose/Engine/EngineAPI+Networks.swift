import DockerEngine
import FoundationEssentials

/// A network as the engine tells it.
struct InspectedNetwork: Decodable, Sendable {
    let id: String
    let name: String
    let labels: [String: String]?
    let addressing: Addressing

    struct Addressing: Decodable, Sendable {
        let ranges: [Range]?

        enum CodingKeys: String, CodingKey { case ranges = "Config" }
    }

    struct Range: Decodable, Sendable {
        let subnet: String?
        let gateway: String?

        enum CodingKeys: String, CodingKey {
            case subnet = "Subnet"
            case gateway = "Gateway"
        }
    }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case name = "Name"
        case labels = "Labels"
        case addressing = "IPAM"
    }

    var subnets: [IPv4Subnet] {
        (addressing.ranges ?? []).compactMap { $0.subnet.flatMap(IPv4Subnet.init) }
    }

    /// The first range of IPv4 addresses.
    var subnet: IPv4Subnet? {
        subnets.first
    }

    var gateway: String? {
        addressing.ranges?.first { $0.subnet.flatMap(IPv4Subnet.init) != nil }?.gateway
    }
}

/// A volume as `GET /volumes` lists it.
struct ListedVolume: Decodable, Sendable {
    let name: String
    /// The folder that the engine keeps it in.
    let mountpoint: String?
    let labels: [String: String]?
    /// Of its driver: `device` is the folder that it stands for, where `o` says `bind`.
    let options: [String: String]?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case mountpoint = "Mountpoint"
        case labels = "Labels"
        case options = "Options"
    }
}

extension EngineAPI {
    /// All of the host.
    func networks() async throws -> [InspectedNetwork] {
        try await ask(EngineRequest(method: .get, path: "/networks", act: "list the networks"))
    }

    /// Gives a container one more network. One that it has already is refused.
    ///
    /// - Parameter endpoint: the engine's value, with `Aliases` and a fixed address.
    func connect(
        _ container: ListedContainer, to network: String, endpoint: JSONValue
    ) async throws {
        _ = try await send(
            EngineRequest(
                method: .post, path: "/networks/\(network)/connect",
                body: ["Container": .string(container.id), "EndpointConfig": endpoint],
                act: "connect \(container.name) to the network \(network)"))
    }

    /// One that it is not in is no failure.
    func disconnect(_ container: ListedContainer, from network: String) async throws {
        _ = try await find(
            EngineRequest(
                method: .post, path: "/networks/\(network)/disconnect",
                body: ["Container": .string(container.id), "Force": true],
                act: "disconnect \(container.name) from the network \(network)"))
    }

    /// nil where there is none of this name.
    func inspectNetwork(_ name: String) async throws -> InspectedNetwork? {
        try await look(
            EngineRequest(
                method: .get, path: "/networks/\(name)", act: "inspect the network \(name)"))
    }

    /// - Parameters:
    ///   - addressing: the engine's IPAM value; nil lets it pick from its pools.
    ///   - properties: further values of the engine's.
    func createNetwork(
        _ name: String, labels: [String: String], addressing: JSONValue? = nil,
        properties: JSONValue = [:]
    ) async throws {
        var body: JSONValue = [
            "Name": .string(name), "CheckDuplicate": true, "Driver": "bridge",
            "Labels": .object(labels.mapValues(JSONValue.string)),
        ]
        body["IPAM"] = addressing
        for (key, value) in properties.object ?? [:] { body[key] = value }
        _ = try await send(
            EngineRequest(
                method: .post, path: "/networks/create", body: body,
                act: "create the network \(name)"))
    }

    /// One that is gone is no failure.
    func removeNetwork(_ name: String) async throws {
        _ = try await find(
            EngineRequest(
                method: .delete, path: "/networks/\(name)", act: "remove the network \(name)"))
    }

    /// The volumes that carry every one of these labels, in alphabetical order.
    func volumes(labels: [String]) async throws -> [ListedVolume] {
        struct Listing: Decodable {
            let volumes: [ListedVolume]?

            enum CodingKeys: String, CodingKey { case volumes = "Volumes" }
        }
        let filters: JSONValue = ["label": .array(labels.map(JSONValue.string))]
        let listing: Listing = try await ask(
            EngineRequest(
                method: .get, path: "/volumes", query: [("filters", try filters.serialized())],
                act: "list the volumes"))
        return (listing.volumes ?? []).sorted { $0.name < $1.name }
    }

    /// One that is gone is no failure.
    func removeVolume(_ name: String) async throws {
        _ = try await find(
            EngineRequest(
                method: .delete, path: "/volumes/\(name)", act: "remove the volume \(name)"))
    }

    /// One that exists stays as it is.
    func createVolume(
        _ name: String, driver: String?, options: JSONValue?, labels: [String: String]
    ) async throws {
        var body: JSONValue = [
            "Name": .string(name), "Labels": .object(labels.mapValues(JSONValue.string)),
        ]
        body["Driver"] = driver.map(JSONValue.string)
        body["DriverOpts"] = options
        _ = try await send(
            EngineRequest(
                method: .post, path: "/volumes/create", body: body,
                act: "create the volume \(name)"))
    }
}
