/// An app's name, made out of what the user called the project.
struct ProposedName: Hashable, Sendable {
    /// The name that Compose gives to the project, and to its volumes.
    let project: String
    /// The same, made to fit the grammar of an app's name.
    let app: String

    /// - Parameter text: the compose file's `name:`, else the name of its folder.
    init(_ text: String) {
        project = Self.projectName(text)
        app = Self.appName(project)
    }

    /// As Compose makes a project's name of a folder's.
    private static func projectName(_ text: String) -> String {
        let kept = text.lowercased().filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
        }
        return String(kept.drop { $0 == "-" || $0 == "_" })
    }

    private static func appName(_ project: String) -> String {
        let plain = project.replacing("_", with: "-")
        let begun = plain.first.map { $0.isLetter ? plain : "app-" + plain } ?? "app"
        var name = String(begun.prefix(40))
        while name.hasSuffix("-") { name.removeLast() }
        return name
    }
}
