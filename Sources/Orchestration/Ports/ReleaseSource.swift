package import BlueGreen

/// Where a new release comes from: the files that describe the app today.
package protocol ReleaseSource: Sendable {
    /// Throws where a program is missing that reads the files: before anything is done.
    func findPrograms() async throws

    /// Reads and checks the files. Nothing is written down.
    ///
    /// - Throws: `ReleaseSourceError` for a mistake in the files; else why they could not be read.
    func draft() async throws -> any ReleaseDraft
}

/// A release as the files describe it, before anything of it is kept.
package protocol ReleaseDraft: Sendable {
    /// In start order.
    var services: [PlannedService] { get }

    /// Hints that keep nobody from deploying, one sentence each.
    var notices: [String] { get }

    /// - Throws: `ReleaseSourceError.noRoomForRecord` where `record` would.
    func checkRoom() throws

    /// Keeps all the files that the release is started from, today and on the day one goes back to
    /// it.
    ///
    /// - Returns: one sentence for each shared service that is left alone although the files
    ///   describe it differently.
    func record(as release: ReleaseID) async throws -> [String]

    /// Looks for all that would keep a deploy of it from touching anything; changes nothing.
    func obstacles() async throws -> [Obstacle]

    /// Sentences on the release's images as they are here, and on what only the deploy itself can
    /// look at. They keep nobody from deploying.
    func imageNotices() async throws -> [String]

    /// As `ContainerEngine.nodesRoom` tells it of a release that is recorded.
    func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom?

    /// Foresees the acts of the engine's `prepare` and `start`, and changes nothing.
    ///
    /// - Parameters:
    ///   - active: the release that has traffic, with the services that it has.
    /// - Throws: the error that would end the deploy before anything starts.
    func forecast(
        at candidate: Placement, beside active: Placement?, with services: [PlannedService]
    ) async throws -> SetForecast
}

/// A mistake in the files, or in the wishes for them.
package enum ReleaseSourceError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The settings name services that the files do not have.
    case unknownServices([String], known: [String])
    /// The files cannot be read, or not run in two colours; the reason in full sentences.
    case unfit(reason: String)
    /// Files of configs or secrets that do not exist; the reason in full sentences.
    case missingFiles([String], reason: String)
    /// Names that were to be replaced as shared services, and those that the release has.
    case notShared([String], known: [String])
    /// The disk is too full for the record of another release.
    case noRoomForRecord(folder: String, free: ByteCount)

    package var description: String {
        switch self {
        case .unknownServices(let names, let known):
            "Settings are given for \(names.joined(separator: ", ")), which the compose file does "
                + "not have. It has: \(known.joined(separator: ", "))."
        case .unfit(let reason), .missingFiles(_, let reason): reason
        case .notShared(let names, let known):
            "\(names.joined(separator: ", ")) cannot be replaced as a shared service: "
                + (known.isEmpty
                    ? "this release has none. Leave `--update-shared` out."
                    : "the shared services of this release are \(known.joined(separator: ", ")).")
        case .noRoomForRecord(let folder, let free):
            "\(folder) has \(free.text) free, which is too little for the record of another "
                + "release. Nothing was started. `teal clean` shows what can go."
        }
    }
}

/// A person's wishes for a new release on the day it is deployed, beside the files.
package struct ReleaseChoices: Sendable {
    /// Absolute paths, read after those that `teal.yml` names.
    package var environmentFiles: [String]
    /// nil leaves it to the compose file, whose own default is `missing`.
    package var pull: PullPolicy?
    /// nil leaves it to `teal.yml`.
    package var build: BuildPolicy?
    /// Shared services that the deploy replaces although they run, by name.
    package var updateShared: Set<String>
    /// They take the place of the compose file's images.
    package var artifacts: [ImageArtifact]

    package init(
        environmentFiles: [String] = [], pull: PullPolicy? = nil, build: BuildPolicy? = nil,
        updateShared: Set<String> = [], artifacts: [ImageArtifact] = []
    ) {
        self.environmentFiles = environmentFiles
        self.pull = pull
        self.build = build
        self.updateShared = updateShared
        self.artifacts = artifacts
    }
}

/// The images that a pipeline has built for a release, as a file of it tells.
package struct ImageArtifact: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        /// One image; nil for the only service that is not shared.
        case one(String, service: String?)
        /// An image for each of these services, by name.
        case each([String: String])
    }

    /// The file as its user names it.
    package let file: String
    package let content: Content

    package init(file: String, content: Content) {
        self.file = file
        self.content = content
    }
}

/// When an image is fetched from its registry.
package enum PullPolicy: String, Hashable, CaseIterable, Sendable {
    /// Where this host has none of the name.
    case missing
    case always
    case never
}

/// When an image with a `build:` section is built.
package enum BuildPolicy: String, Hashable, CaseIterable, Sendable {
    /// For each release, so that it has the code of its day.
    case always
    /// Where this host has none of the name, as Compose does it.
    case missing
    /// It is pulled like any other.
    case never
}
