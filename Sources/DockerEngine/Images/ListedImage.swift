package import BlueGreen

/// An image as `GET /images/json` lists it.
package struct ListedImage: Hashable, Decodable, Sendable {
    /// `sha256:...`
    package let id: String
    package let labels: [String: String]?
    private let givenNames: [String]?
    private let givenDigests: [String]?
    private let bytes: Int64
    private let sharedBytes: Int64?

    package enum CodingKeys: String, CodingKey {
        case id = "Id"
        case labels = "Labels"
        case givenNames = "RepoTags"
        case givenDigests = "RepoDigests"
        case bytes = "Size"
        case sharedBytes = "SharedSize"
    }

    /// With tag; some engines list `<none>:<none>` for an image without a name.
    package var names: [String] { (givenNames ?? []).filter { !$0.hasPrefix("<none>") } }

    /// The repositories that it was pulled from.
    package var repositories: [String] {
        (givenDigests ?? []).filter { !$0.hasPrefix("<none>") }.map { ImageName($0).repository }
    }

    /// The part that no other image holds; nil where the engine does not know (before API 1.42).
    package var ownSize: ByteCount? {
        guard let sharedBytes, sharedBytes >= 0 else { return nil }
        return ByteCount(bytes: max(0, bytes - sharedBytes))
    }
}

/// An image as `GET /images/NAME/json` tells it.
package struct InspectedImage: Decodable, Sendable {
    /// `sha256:...`
    package let id: String
    /// With tag; none for an image whose name has moved on.
    package let names: [String]?
    /// `shop/web@sha256:...`, the names under which it was pulled.
    package let digests: [String]?
    private let bytes: Int64?
    private let config: Config?

    package struct Config: Decodable, Sendable {
        /// By path; each value is empty.
        package let volumes: [String: JSONValue]?

        package let workingFolder: String?

        package enum CodingKeys: String, CodingKey {
            case volumes = "Volumes"
            case workingFolder = "WorkingDir"
        }
    }

    package enum CodingKeys: String, CodingKey {
        case id = "Id"
        case names = "RepoTags"
        case digests = "RepoDigests"
        case bytes = "Size"
        case config = "Config"
    }

    package var size: ByteCount { ByteCount(bytes: bytes ?? 0) }

    /// The folder in which its program starts; nil where it says none.
    package var workingFolder: String? {
        config?.workingFolder.flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The places where it keeps data, in order.
    package var volumes: [String] { (config?.volumes ?? [:]).keys.sorted() }
}
