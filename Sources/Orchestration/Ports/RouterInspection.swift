package import BlueGreen

/// What can be told about the router of traffic without a change of it.
package protocol RouterInspection: Sendable {
    /// The path of the symlink that names who has traffic.
    var link: String { get }

    /// What a person should know although nginx is content, such as a site that does not include
    /// the app's files yet: one sentence each.
    ///
    /// - Throws: what would keep `TrafficRouter.prepare` from its work.
    func notices() async throws -> [String]

    /// What `TrafficRouter.arm` would write for this table, and a first switch to the colour.
    func changes(
        for table: RoutingTable, switchingTo colour: Colour
    ) async throws -> [FileChange]
}

/// A generated file as it stands and as it would be.
package struct FileChange: Hashable, Sendable {
    /// Absolute.
    package let path: String
    /// nil where there is none.
    package let before: String?
    /// nil where it would go.
    package let after: String?

    package init(path: String, before: String?, after: String?) {
        self.path = path
        self.before = before
        self.after = after
    }
}
