import FoundationEssentials

extension EngineAPI {
    /// The image's id, `sha256:...`; nil where this host has none of the name.
    package func imageID(of name: String) async throws -> String? {
        try await inspectImage(name)?.id
    }

    /// nil where this host has none of this name or id.
    package func inspectImage(_ name: String) async throws -> InspectedImage? {
        try await look(
            EngineRequest(
                method: .get, path: "/images/\(name)/json", act: "inspect the image \(name)"))
    }

    /// How much is asked of each image's size.
    package enum SizeDetail {
        case whole
        /// And how much it shares with others: the engine looks at every layer for this.
        case own
    }

    /// All images that have a name or that no other image is made from.
    package func images(measuring detail: SizeDetail) async throws -> [ListedImage] {
        var request = EngineRequest(
            method: .get, path: "/images/json", act: "list the images", timeLimit: .seconds(60))
        switch detail {
        case .whole: break
        case .own: request.query = [("shared-size", "1")]
        }
        return try await ask(request)
    }

    /// Gives the image a further name; one that the name stood for before loses it.
    package func tagImage(_ id: String, repository: String, tag: String) async throws {
        _ = try await send(
            EngineRequest(
                method: .post, path: "/images/\(id)/tag",
                query: [("repo", repository), ("tag", tag)],
                act: "tag the image \(repository):\(tag)"))
    }

    /// Takes the name away, and the image too where that was its last name and nothing uses it.
    /// An image in use keeps it. By its id, an image goes that has no name or a single one.
    package func untagImage(_ name: String) async throws {
        _ = try await find(
            EngineRequest(
                method: .delete, path: "/images/\(name)", act: "remove the image \(name)",
                alsoGood: [409], timeLimit: .seconds(60)))
    }

    /// The names, with tag, of all images whose name matches, `teal/shop/*`.
    package func imageNames(matching reference: String) async throws -> [String] {
        struct Listed: Decodable {
            let names: [String]?
            enum CodingKeys: String, CodingKey { case names = "RepoTags" }
        }
        let filters: JSONValue = ["reference": [.string(reference)]]
        let images: [Listed] = try await ask(
            EngineRequest(
                method: .get, path: "/images/json",
                query: [("filters", try filters.serialized())], act: "list the images"))
        return images.flatMap { $0.names ?? [] }
    }
}
