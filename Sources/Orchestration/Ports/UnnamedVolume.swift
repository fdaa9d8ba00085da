/// A volume that the engine made for one container, at a place where the compose file mounts none
/// with a name.
package struct UnnamedVolume: Hashable, Sendable {
    package let service: String
    /// The engine's own name for it, 64 hexadecimal digits.
    package let id: String
    /// The place in the container.
    package let target: String

    package init(service: String, id: String, target: String) {
        self.service = service
        self.id = id
        self.target = target
    }

    /// Told by `teal init` as well as by the checks of a release.
    ///
    /// - Parameters:
    ///   - service: a shared one.
    ///   - places: in its container; nil where they are not known.
    /// - Returns: nil where there are none.
    package static func warning(of service: String, at places: [String]?) -> String? {
        guard places?.isEmpty != true else { return nil }
        let at = places.map { " at \($0.joined(separator: ", "))" } ?? ""
        let there = places == nil ? "where it keeps its data" : "there"
        return
            "\(service) keeps its data\(at) in a volume without a name: deploys leave that "
            + "alone, and after `teal down` no deploy takes it up again. Mount a named volume "
            + "\(there) in the compose file before the first deploy; later the data has to be "
            + "copied."
    }
}
