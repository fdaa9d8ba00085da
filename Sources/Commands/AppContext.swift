import BlueGreen

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
}
