import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// A path of the host that a service mounts, and what was there when the release was recorded.
struct BindSource: Hashable, Codable, Sendable {
    let service: String
    /// On the host, absolute.
    let source: String
    /// In the container.
    let target: String
    /// nil where nothing was there.
    let kind: FileKind?

    /// All of the services, as the host has them now.
    static func look(at services: [ComposeService]) -> [BindSource] {
        services.flatMap { service in
            service.mounts.filter { $0.type == "bind" }.map { mount in
                BindSource(
                    service: service.name, source: mount.source, target: mount.target,
                    kind: FileSystem().kind(of: mount.source))
            }
        }
    }

    /// Docker makes an empty folder, root's own, where a source is missing. So a file that became
    /// an empty folder has vanished too.
    var isGone: Bool {
        switch kind {
        case .file, .socket, .other: isAbsent || isEmptyFolder
        case .folder: isAbsent
        case nil: false
        }
    }

    /// Whether a container that is started now would get a folder in place of a file.
    var isReplaced: Bool { kind != .folder && isGone }

    var isAbsent: Bool { FileSystem().kind(of: source) == nil }

    private var isEmptyFolder: Bool {
        guard FileSystem().kind(of: source) == .folder else { return false }
        // A folder that may not be read is not known to be empty.
        return (try? FileSystem().list(source))?.isEmpty ?? false
    }

    /// The first release, newest first, that had something at this place in the container: the
    /// same path, or whatever file stood for it.
    func predecessor(in releases: [RecordedBinds]) -> (release: ReleaseID, bind: BindSource)? {
        for record in releases {
            let bind = record.binds.first { before in
                before.service == service && before.target == target && before.kind != nil
                    && (before.kind != .folder || before.source == source)
            }
            if let bind { return (record.release, bind) }
        }
        return nil
    }
}

/// The bind mounts of one recorded release.
struct RecordedBinds: Hashable, Sendable {
    let release: ReleaseID
    let binds: [BindSource]
}

/// The bind mounts that keep a release from being started, and those worth a word.
struct BindReview: Sendable {
    let obstacles: [Obstacle]
    let notices: [String]

    /// Of a new release, against the earlier ones.
    ///
    /// - Parameters:
    ///   - binds: as the host has them now.
    ///   - earlier: newest first.
    init(new binds: [BindSource], earlier: [RecordedBinds]) {
        var obstacles: [Obstacle] = []
        var notices: [String] = []
        for bind in binds {
            if let (release, before) = bind.predecessor(in: earlier) {
                let now = BindSource(
                    service: bind.service, source: bind.source, target: bind.target,
                    kind: before.kind)
                if now.isGone {
                    obstacles.append(
                        Obstacle(
                            now.complaint(of: release)
                                + " Put it back, or remove the mount from the compose file."))
                    continue
                }
            }
            if bind.kind == nil {
                notices.append(
                    "\(bind.service) mounts \(bind.source) at \(bind.target), which does not "
                        + "exist: Docker makes an empty folder of it, owned by root.")
            }
        }
        self.obstacles = obstacles
        self.notices = notices
    }

    /// Of a recorded release, against its own day.
    init(recorded: RecordedBinds) {
        obstacles = recorded.binds.filter(\.isGone).map { bind in
            Obstacle(
                bind.complaint(of: recorded.release)
                    + " Put it back, or go back to another release (`teal history` lists them).")
        }
        notices = []
    }
}

extension BindSource {
    fileprivate func complaint(of release: ReleaseID) -> String {
        let now = isAbsent ? "does not exist now" : "is an empty folder now"
        let kind =
            switch kind {
            case .file, nil: "a file"
            case .folder: "a folder"
            case .socket: "a socket"
            case .other: "a device or a pipe"
            }
        return "\(service) mounts \(source) at \(target), which was \(kind) in release \(release) "
            + "and \(now). Docker would start it with an empty folder there."
    }

    /// Why the container is not started.
    func refusal(_ release: ReleaseID) -> String {
        complaint(of: release) + " Put it back and run the command again."
    }
}
