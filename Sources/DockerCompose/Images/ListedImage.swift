import BlueGreen

/// An image as `GET /images/json` lists it.
struct ListedImage: Hashable, Decodable, Sendable {
    /// `sha256:...`
    let id: String
    let labels: [String: String]?
    private let givenNames: [String]?
    private let givenDigests: [String]?
    private let bytes: Int64
    private let sharedBytes: Int64?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case labels = "Labels"
        case givenNames = "RepoTags"
        case givenDigests = "RepoDigests"
        case bytes = "Size"
        case sharedBytes = "SharedSize"
    }

    /// With tag; some engines list `<none>:<none>` for an image without a name.
    var names: [String] { (givenNames ?? []).filter { !$0.hasPrefix("<none>") } }

    /// The repositories that it was pulled from.
    var repositories: [String] {
        (givenDigests ?? []).filter { !$0.hasPrefix("<none>") }.map { ImageName($0).repository }
    }

    /// The part that no other image holds; nil where the engine does not know (before API 1.42).
    var ownSize: ByteCount? {
        guard let sharedBytes, sharedBytes >= 0 else { return nil }
        return ByteCount(bytes: max(0, bytes - sharedBytes))
    }
}

/// An image as `GET /images/NAME/json` tells it.
struct InspectedImage: Decodable, Sendable {
    /// `sha256:...`
    let id: String
    /// With tag; none for an image whose name has moved on.
    let names: [String]?
    /// `shop/web@sha256:...`, the names under which it was pulled.
    let digests: [String]?
    private let bytes: Int64?
    private let config: Config?

    struct Config: Decodable, Sendable {
        /// By path; each value is empty.
        let volumes: [String: JSONValue]?

        enum CodingKeys: String, CodingKey { case volumes = "Volumes" }
    }

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "RepoTags"
        case digests = "RepoDigests"
        case bytes = "Size"
        case config = "Config"
    }

    var size: ByteCount { ByteCount(bytes: bytes ?? 0) }

    /// The places where it keeps data, in order.
    var volumes: [String] { (config?.volumes ?? [:]).keys.sorted() }
}
