package import BlueGreen
import DockerEngine
import Glibc
import HostSystem
package import Orchestration

extension ComposeEngine: Housekeeping {
    package func clutter(keeping needed: Set<ReleaseID>) async throws -> [Clutter] {
        let kept = try await keptReleases(needed)
        let folders = try recordedReleases().filter { !kept.contains($0) }.map { release in
            let path = folder(of: release).path
            return Clutter(
                kind: .releaseFolder, name: path, size: try Self.size(ofTree: path),
                release: release)
        }
        let images = AppImages(
            images: try await api.images(measuring: .own),
            used: Set(try await api.containers(labels: []).map(\.imageID)),
            repositories: try repositories(of: kept))
        return folders.sorted { $0.name < $1.name }
            + images.tags(keeping: kept).sorted { $0.name < $1.name }
            + images.dangling().sorted { $0.name < $1.name }
    }

    package func remove(_ clutter: [Clutter]) async throws -> ByteCount {
        let present = try await keptReleases([])
        let going = clutter.filter { item in item.release.map { !present.contains($0) } ?? true }
        let discarded = going.compactMap { $0.kind == .releaseFolder ? $0.release : nil }
        // Not of what goes: a record that cannot be read can still be removed.
        let repositories = try repositories(of: Set(recordedReleases()).subtracting(discarded))
        for release in discarded { try FileSystem().removeTree(folder(of: release).path) }
        let tags = going.filter { $0.kind == .imageTag && $0.name.hasPrefix("teal/\(app)/") }
        try await untag(tags.map(\.name), ownedBy: repositories)
        for item in going where item.kind == .danglingImage { try await api.untagImage(item.name) }
        var freed = ByteCount.zero
        for item in going where try await !isThere(item) { freed = freed + (item.size ?? .zero) }
        return freed
    }

    package func discardReleases(except needed: Set<ReleaseID>) async throws {
        try SharedModel(in: settings.stateDirectory).forgetReplaced()
        let kept = try await keptReleases(needed)
        let repositories = try repositories(of: kept)
        for release in try recordedReleases() where !kept.contains(release) {
            try FileSystem().removeTree(folder(of: release).path)
        }
        // Looks at what is tagged, not at what was removed a moment ago: what an interrupted run
        // left is found too.
        let images = AppImages(
            images: try await api.images(measuring: .whole), used: [],
            repositories: repositories)
        try await untag(images.tags(keeping: kept).map(\.name), ownedBy: repositories)
        try forgetHostNumbers(keeping: kept)
    }

    /// Containers that exist may be started again, even if Teal has forgotten them.
    private func keptReleases(_ needed: Set<ReleaseID>) async throws -> Set<ReleaseID> {
        let present = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
            .compactMap { $0.placement?.release }
        return needed.union(present)
    }

    func recordedReleases() throws -> [ReleaseID] {
        let files = FileSystem()
        let parent = ReleaseFolder.parent(in: settings.stateDirectory)
        return files.isFolder(parent) ? try files.list(parent).compactMap { ReleaseID($0) } : []
    }

    /// Those that the releases' compose files name.
    private func repositories(of releases: Set<ReleaseID>) throws -> AppRepositories {
        var repositories: Set<String> = []
        for release in releases where FileSystem().exists(folder(of: release).modelFile) {
            let set = try folder(of: release).read()
            for service in set.services {
                repositories.insert(ImageName(set.image(of: service)).repository)
            }
        }
        return AppRepositories(app: app, named: repositories)
    }

    /// An image that was pulled keeps the digest that it came by when its last name is taken
    /// away; where that is of the app's own repositories, the image goes too.
    private func untag(_ names: [String], ownedBy repositories: AppRepositories) async throws {
        var ids: Set<String> = []
        for name in names {
            if let id = try await api.imageID(of: name) { ids.insert(id) }
            try await api.untagImage(name)
        }
        for id in ids.sorted() {
            guard let image = try await api.inspectImage(id), image.names?.isEmpty ?? true,
                repositories.own((image.digests ?? []).map { ImageName($0).repository })
            else { continue }
            try await api.untagImage(id)
        }
    }

    private func isThere(_ item: Clutter) async throws -> Bool {
        switch item.kind {
        case .releaseFolder: FileSystem().exists(item.name)
        case .imageTag, .danglingImage: try await api.imageID(of: item.name) != nil
        }
    }

    private func forgetHostNumbers(keeping kept: Set<ReleaseID>) throws {
        var services: [PlannedService] = []
        for release in kept where FileSystem().exists(folder(of: release).modelFile) {
            services += try folder(of: release).read().services
        }
        guard !services.isEmpty else { return }
        let before = try readHostNumbers()
        var numbers = before
        numbers.keep(services)
        if numbers != before { try write(numbers) }
    }

    /// The disk space that the folder takes.
    private static func size(ofTree path: String) throws -> ByteCount {
        var status = stat()
        guard lstat(path, &status) == 0 else { return .zero }
        // In units of 512 bytes on every file system.
        let own = ByteCount(bytes: Int64(status.st_blocks) * 512)
        guard status.st_mode & S_IFMT == S_IFDIR else { return own }
        return try FileSystem().list(path).reduce(own) { sum, name in
            sum + (try size(ofTree: "\(path)/\(name)"))
        }
    }
}
