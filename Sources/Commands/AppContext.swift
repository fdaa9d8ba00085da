import BlueGreen
import DockerCompose

/// The app that a verb is about.
struct AppContext: Sendable {
    let file: ConfigurationFile
    let state: StateDirectory
    /// What a command that is shown to the user must repeat, ` --app shop`.
    let options: String

    var name: String { file.configuration.app }
    var configuration: AppConfiguration { file.configuration }

    func command(_ verb: String) -> String {
        "`teal \(verb)\(options)`"
    }

    /// Compares what `teal.yml` says with what the compose file has.
    ///
    /// - Throws: `CommandsError.unknownServices` for services that only `teal.yml` knows.
    func check(against project: ComposeProject) throws(CommandsError) {
        let known = project.serviceNames
        let unknown = configuration.services.keys.filter { !known.contains($0) }.sorted()
        guard !unknown.isEmpty else { return }
        throw .unknownServices(
            unknown.map { name in
                CommandsError.UnknownService(name: name, nearest: known.nearest(to: name))
            }, known: known)
    }
}
