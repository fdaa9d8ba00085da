import ArgumentParser
import BlueGreen

/// The options of every verb.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("The configuration file. (default: ./teal.yml)", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "An app that was deployed before, from any folder; its settings are remembered.",
            valueName: "name"))
    var app: String?

    @OptionGroup var result: ResultOptions

    var json: Bool { result.json }

    func validate() throws {
        if config != nil, app != nil {
            throw ValidationError("Give --config or --app, not both.")
        }
    }

    /// The options that a command for the user must repeat.
    var repeated: String {
        config.map { " --config \(ShellWord.quoted($0))" } ?? app.map { " --app \($0)" } ?? ""
    }

}

/// How a verb gives its result.
struct ResultOptions: ParsableArguments {
    @Flag(help: "Print the result as JSON on standard output.")
    var json = false
}

/// The options of verbs that read the compose file as it is today.
struct EnvironmentFileOptions: ParsableArguments {
    @Option(
        name: .customLong("env-file"),
        help: ArgumentHelp(
            "A file with variables for the compose file, after those of teal.yml. May be repeated.",
            valueName: "file"))
    var environmentFiles: [String] = []

    func paths(from directory: String) -> [String] {
        environmentFiles.map { ConfigurationFile.absolute($0, from: directory) }
    }

    /// As they were given, for a command that is shown to the user.
    var repeated: String {
        environmentFiles.map { " --env-file \(ShellWord.quoted($0))" }.joined()
    }
}

/// The options of every verb that writes.
struct LockOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How long to wait for another run of Teal that holds the app, such as 10m.",
            valueName: "duration"))
    var waitLock = DurationArgument(.zero)
}

/// `10m` on the command line.
struct DurationArgument: ExpressibleByArgument {
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        guard let duration = DurationGrammar.duration(argument) else { return nil }
        self.duration = duration
    }

    var defaultValueDescription: String { duration.compact }
}

/// A user's name for a release.
struct ReleaseLabel: ExpressibleByArgument {
    let text: String

    init?(argument: String) {
        guard StrictGrammar.label.accepts(argument) else { return nil }
        text = argument
    }
}
