import BlueGreen

/// An image as `GET /images/NAME/json` tells it.
struct InspectedImage: Decodable, Sendable {
    /// `sha256:...`
    let id: String
    /// With tag; none for an image whose name has moved on.
    let names: [String]?
    /// `shop/web@sha256:...`, the names under which it was pulled.
    let digests: [String]?
    private let bytes: Int64?

    enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "RepoTags"
        case digests = "RepoDigests"
        case bytes = "Size"
    }

    var size: ByteCount { ByteCount(bytes: bytes ?? 0) }
}
