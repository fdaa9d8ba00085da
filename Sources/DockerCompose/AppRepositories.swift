/// The repositories that an app's images come from: those that its kept releases name in their
/// compose files, and those of the names that Teal gives.
struct AppRepositories: Hashable, Sendable {
    let app: String
    let named: Set<String>

    /// Whether all of these are the app's own; some engines give a digest to each of an image's
    /// names, Teal's included.
    func own(_ repositories: [String]) -> Bool {
        repositories.allSatisfy { named.contains($0) || $0.hasPrefix("teal/\(app)/") }
    }
}
