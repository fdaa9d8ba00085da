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

    @Option(
        help: ArgumentHelp(
            "A pipeline's file with the images of this release. May be repeated.",
            discussion: "imageDetail.json has one image, imagedefinitions.json one for each "
                + "service. Where a release has several services, SERVICE=FILE says whose the one "
                + "image is.",
            valueName: "[service=]file"))
    var artifact: [ArtifactArgument] = []

    var choices: ReleaseChoices {
        get throws {
            let directory = Invocation.current.directory
            return ReleaseChoices(
                environmentFiles: environment.paths(from: directory), pull: pull,
                build: build.map { $0 ? .always : .never }, updateShared: Set(updateShared),
                artifacts: try artifact.map { try $0.read(from: directory) })
        }
    }

    /// As they were given, for a command that is shown to the user.
    var repeated: String {
        let words =
            release.map { ["--release", $0.text] } ?? []
        let policy = pull.map { ["--pull", $0.rawValue] } ?? []
        let built = build.map { [$0 ? "--build" : "--no-build"] } ?? []
        let replaced = updateShared.flatMap { ["--update-shared", $0] }
        let images = artifact.flatMap { ["--artifact", ShellWord.quoted($0.text)] }
        return words.map { " " + $0 }.joined() + environment.repeated
            + (policy + built + replaced + images).map { " " + $0 }.joined()
    }
}

extension PullPolicy: ExpressibleByArgument {}
