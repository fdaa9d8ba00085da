import BlueGreen
import DockerEngine
import Orchestration

/// Which of a host's images are an app's own and needed by nothing.
struct AppImages: Sendable {
    /// All of the host.
    let images: [ListedImage]
    /// Ids of the images that a container has, whosever it is and whether it runs or not.
    let used: Set<String>
    let repositories: AppRepositories

    /// The names that Teal has given for releases that are not kept, with what each gives back:
    /// of several names of one image the first has its size.
    func tags(keeping kept: Set<ReleaseID>) -> [Clutter] {
        images.flatMap { image -> [Clutter] in
            let left = image.names.sorted().compactMap { name in
                release(of: name).flatMap { kept.contains($0) ? nil : (name: name, release: $0) }
            }
            let goes =
                left.count == image.names.count && !used.contains(image.id)
                && repositories.own(image.repositories)
            return left.enumerated().map { index, tag in
                Clutter(
                    kind: .imageTag, name: tag.name,
                    size: goes && index == 0 ? image.ownSize : .zero, release: tag.release)
            }
        }
    }

    /// Without a name, used by no container, and built for the app's compose project or pulled
    /// from a repository that its kept releases use and no other.
    func dangling() -> [Clutter] {
        images.filter { image in
            image.names.isEmpty && !used.contains(image.id) && repositories.own(image.repositories)
                && (!image.repositories.isEmpty
                    || image.labels?["com.docker.compose.project"] == repositories.app)
        }
        .map { Clutter(kind: .danglingImage, name: $0.id, size: $0.ownSize) }
    }

    private func release(of name: String) -> ReleaseID? {
        guard name.hasPrefix("teal/\(repositories.app)/") else { return nil }
        return ImageName(name).tag.flatMap { ReleaseID($0) }
    }
}

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
