package import BlueGreen

/// A look at the router of traffic that does not change it.
package protocol RouterInspection: Sendable {
    /// The path of the symlink that names who has traffic.
    var link: String { get }

    /// The file of this app that the router's configuration reads already and that the first
    /// deployment writes: the router refuses its configuration until then. nil where it does not.
    func awaitedFile() async throws -> String?

    /// Hints for a person although nginx is content, one sentence each. One is a site that does not
    /// include the app's files yet.
    ///
    /// - Throws: the error that `TrafficRouter.prepare` would meet.
    func notices() async throws -> [String]

    /// The files that `TrafficRouter.arm` would write for this table, and a first switch to the
    /// colour.
    func changes(
        for table: RoutingTable, switchingTo colour: Colour
    ) async throws -> [FileChange]

    /// The workers that run now.
    func workers() async throws -> RouterWorkers
}

/// The workers of a running router. Several apps may share them.
package struct RouterWorkers: Hashable, Sendable {
    /// Of the router's program, `1.22.1`.
    package let version: String
    /// The process that has started them.
    package let master: Int
    /// They accept connections.
    package let accepting: Int
    /// Those of a configuration before, which end with their last connection.
    package let old: Int

    package init(version: String, master: Int, accepting: Int, old: Int) {
        self.version = version
        self.master = master
        self.accepting = accepting
        self.old = old
    }
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
