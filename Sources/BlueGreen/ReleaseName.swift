/// A release as people read it: `20261120-213405-3f9c (v2)`.
package struct ReleaseName: Hashable, Sendable, CustomStringConvertible {
    package let id: ReleaseID
    package let label: String?

    package init(_ id: ReleaseID, label: String? = nil) {
        self.id = id
        self.label = label
    }

    package var description: String {
        label.map { "\(id.text) (\($0))" } ?? id.text
    }
}
