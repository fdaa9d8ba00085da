package import BlueGreen
package import HostSystem
package import Orchestration

/// Data that two colours would write to.
extension ComposeProject {
    /// Two Postgres on one data directory destroy it.
    package func volumeProblems(
        _ service: ComposeService, _ own: ServiceSettings, _ role: ServiceRole,
        _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let mounts = service.dataMounts(kinds)
        guard !own.volumes.contains(.shared), !mounts.isEmpty else { return [] }
        let name = service.name
        let remedies =
            role == .internal
            ? Remedy.forWriters(
                name, belonging(of: name, settings), volumes: own.volumes,
                sharing(of: name, settings))
            : [Remedy(name, [.volumes(own.volumes.union(.shared))], "if two writers are fine")]
        let places = mounts.map { mount in
            (mount.type == "volume" ? "the volume " : "the host's ")
                + "\(mount.source) at \(mount.target)"
        }
        return [
            ServiceProblem(
                name,
                "\(name) can write to \(places.joined(separator: ", ")), and while two colours "
                    + "run it would do so twice.", remedies,
                otherwise: "mount \(places.count == 1 ? "it" : "them") read-only (:ro) in the "
                    + "compose file")
        ]
    }

    /// Docker gives each container an empty volume where the compose file gives none a name.
    package func anonymousVolumeProblems(
        _ service: ComposeService, _ own: ServiceSettings, _ role: ServiceRole,
        _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let places = service.anonymousPlaces
        guard role != .shared, !own.volumes.contains(.fresh), !places.isEmpty else { return [] }
        let name = service.name
        let remedies = Remedy.forEmptyVolumes(
            name, belonging(of: name, settings), volumes: own.volumes,
            role == .exposed ? .impossible : sharing(of: name, settings))
        return [
            ServiceProblem(
                name,
                "\(name) has a volume without a name at \(places.joined(separator: ", ")): each "
                    + "colour would begin with an empty one, and lose it with its containers.",
                remedies, otherwise: "give the volume a name in the compose file")
        ]
    }

    /// Two writers of one configuration file hardly exist.
    package func singleFileNotice(of service: ComposeService) -> String? {
        let files = service.writableMounts.filter { $0.type == "bind" && kinds[$0.source] == .file }
        guard !files.isEmpty else { return nil }
        let one = files.count == 1
        return "\(service.name) can write to the host's \(one ? "file" : "files") "
            + "\(files.map(\.source).joined(separator: ", ")), in both colours. If it only reads "
            + "\(one ? "it, mount it" : "them, mount them") read-only (:ro)."
    }
}

extension ComposeService {
    /// Whether something of it must not be lost with its containers.
    func keepsData(_ kinds: [String: FileKind]) -> Bool {
        !dataMounts(kinds).isEmpty || !anonymousPlaces.isEmpty
    }

    /// Where a volume without a name is mounted, but for folders that a build fills again.
    var anonymousPlaces: [String] {
        (model["volumes"]?.array ?? []).filter {
            $0["type"]?.string == "volume" && ($0["source"]?.string ?? "").isEmpty
        }.compactMap { $0["target"]?.string }.filter { place in
            !Self.derivedFolders.contains(place.split(separator: "/").last.map(String.init) ?? "")
        }.sorted()
    }

    private static let derivedFolders: Set<String> = [
        ".next", ".nuxt", ".venv", "__pycache__", "build", "cache", "deps", "dist", "node_modules",
        "target", "tmp", "vendor",
    ]

    package var writableMounts: [ServiceOutline.Mount] {
        mounts.filter { $0.isWritable && ["volume", "bind"].contains($0.type) }
    }

    /// The mounts by which it can write data: volumes and folders of the host, and no sockets,
    /// devices and single files.
    ///
    /// - Parameter kinds: what the host has at the sources.
    package func dataMounts(_ kinds: [String: FileKind]) -> [ServiceOutline.Mount] {
        writableMounts.filter { mount in
            guard mount.type == "bind" else { return true }
            return !Self.isSocket(mount.source) && [nil, .folder].contains(kinds[mount.source])
        }
    }

    /// Folders of the kernel and of running programs: sockets and devices, and no data.
    package static let foldersWithoutData = ["/dev", "/proc", "/run", "/sys"]

    /// Folders of the kernel and of running programs hold sockets and devices, and no data.
    private static func isSocket(_ path: String) -> Bool {
        let folders = foldersWithoutData + ["/var/run"]
        return path.hasSuffix(".sock")
            || folders.contains { path == $0 || path.hasPrefix($0 + "/") }
    }
}
