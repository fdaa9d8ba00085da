import ArgumentParser
import Orchestration

/// The parts of a new release, for the verbs that are about one.
struct ReleaseOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Your name for this release: a tag, a commit.", valueName: "label"))
    var release: ReleaseLabel?

    @OptionGroup var environment: EnvironmentFileOptions

    @Option(help: "When to pull images: missing, always or never. (default: the compose file's)")
    var pull: PullPolicy?

    @Flag(
        inversion: .prefixedNo,
        help: "Build the images that have a build section. (default: `build` in teal.yml)")
    var build: Bool?

    @Option(
        name: .customLong("update-shared"),
        help: ArgumentHelp(
            "Replace this shared service by what the compose file says now. May be repeated.",
            valueName: "name"))
    var updateShared: [String] = []

    var choices: ReleaseChoices {
        ReleaseChoices(
            environmentFiles: environment.paths(from: Invocation.current.directory), pull: pull,
            build: build.map { $0 ? .always : .never }, updateShared: Set(updateShared))
    }

    /// As they were given, for a command that is shown to the user.
    var repeated: String {
        let words =
            release.map { ["--release", $0.text] } ?? []
        let policy = pull.map { ["--pull", $0.rawValue] } ?? []
        let built = build.map { [$0 ? "--build" : "--no-build"] } ?? []
        let replaced = updateShared.flatMap { ["--update-shared", $0] }
        return words.map { " " + $0 }.joined() + environment.repeated
            + (policy + built + replaced).map { " " + $0 }.joined()
    }
}

extension PullPolicy: ExpressibleByArgument {}
