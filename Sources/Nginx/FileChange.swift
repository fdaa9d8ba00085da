package import BlueGreen
package import Orchestration

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

extension NginxRouter {
    /// What `arm` would write for this table, and a first switch to the colour. Changes nothing.
    package func changes(
        for table: RoutingTable, switchingTo colour: Colour
    ) async throws -> [FileChange] {
        try NginxGrammar.check(table)
        let present = try folder.read()
        let live = try folder.state()
        let wanted = try Blueprint(
            settings: settings, table: table,
            live: live.colour == nil
                ? LinkState(colour, isInMaintenance: live.isInMaintenance) : live,
            environment: try await survey.facts().environment(settings)
        ).files
        return Set(present.texts.keys).union(wanted.texts.keys).sorted()
            .filter { present.texts[$0] != wanted.texts[$0] }
            .map {
                FileChange(
                    path: "\(folder.path)/\($0)", before: present.texts[$0],
                    after: wanted.texts[$0])
            }
    }
}
