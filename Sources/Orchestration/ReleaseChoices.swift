package import BlueGreen

/// What a person says of a new release on the day it is deployed, beside the files.
package struct ReleaseChoices: Sendable {
    /// Absolute paths, read after those that `teal.yml` names.
    package var environmentFiles: [String]
    /// nil leaves it to the compose file, whose own default is `missing`.
    package var pull: PullPolicy?
    package var build: BuildPolicy
    /// Shared services that the deploy replaces although they run, by name.
    package var updateShared: Set<String>

    package init(
        environmentFiles: [String] = [], pull: PullPolicy? = nil, build: BuildPolicy = .missing,
        updateShared: Set<String> = []
    ) {
        self.environmentFiles = environmentFiles
        self.pull = pull
        self.build = build
        self.updateShared = updateShared
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
package enum BuildPolicy: Hashable, Sendable {
    /// Where this host has none of the name, as Compose does it.
    case missing
    case always
}

/// A new release as a caller asks for it.
package struct ReleaseWish: Sendable {
    package let id: ReleaseID
    /// What a person calls it: a tag, a commit.
    package let label: String?
    package let settings: DeploymentSettings

    package init(id: ReleaseID, label: String? = nil, settings: DeploymentSettings) {
        self.id = id
        self.label = label
        self.settings = settings
    }
}
