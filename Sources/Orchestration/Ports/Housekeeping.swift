package import BlueGreen

/// Finds and removes the things that an engine keeps for an app beside its container sets.
package protocol Housekeeping: Sendable {
    /// The remains of releases that are neither kept nor in a container, and the app's own unused
    /// images without a name. By kind, then by name.
    func clutter(keeping needed: Set<ReleaseID>) async throws -> [Clutter]

    /// Removes it, but for things that have come into use meanwhile.
    ///
    /// - Returns: the space that is known to be free now.
    func remove(_ clutter: [Clutter]) async throws -> ByteCount

    /// Looks for all that keeps the app from being taken down; changes nothing.
    ///
    /// - Throws: why it cannot be.
    func checkTakeDown() async throws

    /// Removes all of the app that Teal has made, but for the data of its shared services and the
    /// record of its releases.
    ///
    /// - Returns: the volumes without a name of shared services. They stay, and nothing leads to
    ///   them any more.
    func takeDown() async throws -> [UnnamedVolume]

    /// Removes the named volumes that were made for the app and these, with their data.
    func removeVolumes(_ unnamed: [UnnamedVolume]) async throws
}

extension Housekeeping {
    package func checkTakeDown() async throws {}
}

/// One thing of the app that nothing needs any more.
package struct Clutter: Hashable, Codable, Sendable {
    /// The kind of a thing, which tells how it is removed.
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
    /// The space that its removal gives back. Zero where something else keeps the image, nil where
    /// the engine does not know what its images share.
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
