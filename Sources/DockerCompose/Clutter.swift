package import BlueGreen

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
    /// engine does not know what its images share (before API 1.42).
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
