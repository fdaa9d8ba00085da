package import BlueGreen

/// Finds and removes what an engine keeps for an app beside its container sets.
package protocol Housekeeping: Sendable {
    /// What is left of releases that are neither kept nor belong to a container, and images
    /// without a name that are the app's own and that nothing uses; by kind, then by name.
    func clutter(keeping needed: Set<ReleaseID>) async throws -> [Clutter]

    /// Removes it, but for what has come into use meanwhile.
    ///
    /// - Returns: what of it is known to be free now.
    func remove(_ clutter: [Clutter]) async throws -> ByteCount

    /// Removes all of the app that Teal has made, but for its volumes and the record of its
    /// releases.
    func takeDown() async throws

    /// Removes the named volumes that were made for the app, with what is in them.
    func removeVolumes() async throws
}

/// One thing of the app that nothing needs any more.
package struct Clutter: Hashable, Codable, Sendable {
    package enum Kind: String, Hashable, Codable, CaseIterable, Sendable {
        /// The record of a release.
        case releaseFolder
        /// A name that Teal has given to an image for a release.
        case imageTag
        /// An image whose name has moved on to another.
        case danglingImage
    }

    package let kind: Kind
    /// A folder's path, an image's name with tag, or an image's id, `sha256:...`.
    package let name: String
    /// What its removal gives back: zero where something else keeps the image, nil where the
    /// engine does not know what its images share.
    package let size: ByteCount?
    /// nil for an image without a name.
    package let release: ReleaseID?

    package init(kind: Kind, name: String, size: ByteCount?, release: ReleaseID? = nil) {
        self.kind = kind
        self.name = name
        self.size = size
        self.release = release
    }
}
