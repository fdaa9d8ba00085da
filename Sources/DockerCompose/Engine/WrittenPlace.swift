import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// A place on disk that a container can write to: a named volume, or a folder of the host.
struct WrittenPlace: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case volume
        case folder
    }

    let kind: Kind
    /// As its owner calls it, `shop_data` or `/srv/data`.
    let name: String
    /// The folder behind it, symlinks resolved; for a volume one that its driver binds.
    let folder: String?
    /// Of a volume: the folder that the engine keeps it in.
    let mountpoint: String?

    /// Whether what one writes is what the other reads.
    func meets(_ other: WrittenPlace) -> Bool {
        if kind == .volume, other.kind == .volume, name == other.name { return true }
        if let folder, let others = other.folder, Self.areRelated(folder, others) { return true }
        // A folder above all volumes, as a tool for backups mounts it, is no writer of this one.
        return isWithin(other) || other.isWithin(self)
    }

    /// Whether the folder is a volume's, or lies in it.
    private func isWithin(_ volume: WrittenPlace) -> Bool {
        guard let folder, let mountpoint = volume.mountpoint else { return false }
        return folder == mountpoint || folder.hasPrefix(mountpoint + "/")
    }

    /// A mount of the whole host says nothing of any folder.
    private static func areRelated(_ one: String, _ other: String) -> Bool {
        guard one != "/", other != "/" else { return one == other }
        return one == other || one.hasPrefix(other + "/") || other.hasPrefix(one + "/")
    }
}

/// Finds the places behind mounts.
struct PlaceFinder: Sendable {
    /// nil where the daemon is another host's: then paths are compared as they are written.
    let files: FileSystem?
    let volumes: [String: ListedVolume]

    init(files: FileSystem?, volumes: [ListedVolume]) {
        self.files = files
        self.volumes = Dictionary(volumes.map { ($0.name, $0) }) { first, _ in first }
    }

    /// - Parameter options: of its driver, for one that is not there yet.
    func volume(_ name: String, options: [String: String]? = nil) -> WrittenPlace {
        let volume = volumes[name]
        let options = volume?.options ?? options ?? [:]
        let isBound = options["o"]?.split(separator: ",").contains("bind") ?? false
        return WrittenPlace(
            kind: .volume, name: name, folder: isBound ? options["device"].map(resolved) : nil,
            mountpoint: volume?.mountpoint)
    }

    /// nil for a socket, a device, or a place of the kernel's.
    func host(_ path: String) -> WrittenPlace? {
        let folder = resolved(path)
        let isData = !ComposeService.foldersWithoutData.contains {
            folder == $0 || folder.hasPrefix($0 + "/")
        }
        guard isData, files?.isSpecial(folder) != true else { return nil }
        return WrittenPlace(kind: .folder, name: path, folder: folder, mountpoint: nil)
    }

    /// The folders and volumes that the container can write to.
    func places(of container: ListedContainer) -> [WrittenPlace] {
        (container.mounts ?? []).filter(\.isWritable).compactMap { mount in
            switch mount.type {
            case "volume": mount.name.map { volume($0) }
            case "bind": mount.source.flatMap(host)
            default: nil
            }
        }
    }

    /// The folders and volumes that the service can write to. A single file is none: two
    /// containers that mount one without `:ro` read it.
    func places(of service: ComposeService, in set: ContainerSet) -> [WrittenPlace] {
        service.mounts.filter(\.isWritable).compactMap { mount in
            switch mount.type {
            case "volume":
                let declared = set.project.model["volumes"]?[mount.source]
                return volume(
                    set.volumeNames[mount.source] ?? mount.source,
                    options: declared?["driver_opts"]?.object?.compactMapValues(\.string))
            case "bind":
                guard let place = host(mount.source), let folder = place.folder else { return nil }
                let isFile = files.map { $0.exists(folder) && !$0.isFolder(folder) } ?? false
                return isFile ? nil : place
            default: return nil
            }
        }
    }

    private func resolved(_ path: String) -> String {
        files?.resolved(path) ?? path
    }
}

extension Strangers {
    /// The writers that the set would get beside it: containers that run, and can write where a
    /// service of the set can.
    ///
    /// - Parameter known: places that the app writes to already, where no second writer is added.
    func secondWriters(
        beside set: ContainerSet, _ finder: PlaceFinder, but known: [WrittenPlace] = []
    ) -> [Obstacle] {
        var services: [WrittenPlace: [String]] = [:]
        for service in set.services {
            let model = ComposeService(name: service.name, model: set.model(of: service))
            let places = Set(finder.places(of: model, in: set))
            for place in places where !known.contains(where: place.meets) {
                services[place, default: []].append(service.name)
            }
        }
        let running = containers.filter(\.mayRun).map { ($0, finder.places(of: $0)) }
        return services.sorted { $0.key.name < $1.key.name }.flatMap { place, names in
            running.filter { $0.1.contains(where: place.meets) }.map { container, places in
                let theirs = places.first(where: place.meets)?.name
                let way = theirs == place.name || theirs == nil ? "" : " (as \(theirs ?? ""))"
                let maker =
                    container.labels[ResourceLabel.app].map { "a container of the app \($0)" }
                    ?? "which Teal did not make"
                return Obstacle(
                    "\(place.name) is mounted writable\(way) by \(container.name), \(maker), and "
                        + "\(names.joined(separator: ", ")) would write to it too. Stop it first: "
                        + "`docker stop \(container.name)`; or mount it read-only (:ro) in one of "
                        + "the two.")
            }
        }
    }
}
