import Orchestration

/// The data that a service can write to on the host. Pure.
struct WrittenData: Hashable, Sendable {
    let mount: ServiceOutline.Mount

    /// nil where it can write to nothing but sockets and single files.
    init?(_ service: ServiceOutline) {
        let mount = service.mounts.first { mount in
            mount.isWritable
                && (mount.type == "volume" || (mount.type == "bind" && !Self.isFile(mount.source)))
        }
        guard let mount else { return nil }
        self.mount = mount
    }

    var text: String { "\(mount.source) at \(mount.target)" }

    /// By its name; a folder with such a name is rare.
    private static func isFile(_ path: String) -> Bool {
        let endings = [
            ".sock", ".conf", ".cfg", ".cnf", ".yml", ".yaml", ".json", ".toml", ".ini", ".env",
            ".sh", ".sql", ".pem", ".crt", ".key", ".xml", ".properties", ".js", ".html",
            "/localtime", "/timezone", "/Caddyfile", "/Corefile", "/machine-id",
        ]
        return endings.contains(where: path.hasSuffix)
    }

    /// Parts of places that hold no database of the program.
    private static let plainPlaces: Set<String> = [
        "assets", "app", "attachments", "avatars", "bundle", "cache", "code", "config", "custom",
        "documents", "downloads", "files", "gems", "html", "images", "import", "exports", "log",
        "logs", "media", "modules", "node", "packages", "pictures", "plugins", "public", "run",
        "sites", "socket", "sockets", "source", "src", "static", "staticfiles", "storage", "themes",
        "tmp", "upload", "uploads", "vendor", "www", "dags",
    ]

    /// Why two writers are fine; nil where nothing says so.
    func reasonForTwo(_ service: JudgedService, beside others: [JudgedService]) -> String? {
        let fellow = others.first { other in
            other.kind != .store
                && other.scene.service.mounts.contains {
                    $0.source == mount.source && $0.isWritable
                }
        }
        if let fellow { return "\(fellow.name) writes there as well" }
        let words =
            ServiceScene.words(of: mount.source.split(separator: "/").last.map(String.init) ?? "")
            + ServiceScene.words(of: mount.target)
        // A database of the program's own would be destroyed by two of it.
        guard words.allSatisfy({ !ServiceScene.isStoreWord($0) && $0 != "sqlite" }) else {
            return nil
        }
        return words.first { Self.plainPlaces.contains($0) }.map { "\"\($0)\" holds files" }
    }
}

extension ProposedService {
    /// - Parameter others: those of the release.
    mutating func noteConsequences(
        _ service: JudgedService, beside others: [JudgedService], behind exposed: ExposedService
    ) {
        data = WrittenData(service.scene.service).map {
            Writing(text: $0.text, reason: $0.reasonForTwo(service, beside: others))
        }
        published = service.scene.service.publishedPorts
        // A tool's page is for people, and mail or media come from outside.
        isReachedInside =
            (exposed.passesOn || service.isOwn || service.kind == .registry)
            && service.kind != .tool
            && published.allSatisfy {
                $0.transport == "tcp" && !ServicePorts.outward.contains($0.target)
            }
    }

    /// The volume that two would write to; nil where its part settles that.
    var writing: Writing? {
        switch part {
        case .shared, .singleton: nil
        case .exposed, .internal: data
        }
    }

    /// The ports that two cannot hold; nil where there are none.
    var dropping: Dropping? { dropping(as: part) }

    func dropping(as part: Part) -> Dropping? {
        if part == .shared { return nil }
        let own: Int? = if case .exposed(let port) = part { port } else { nil }
        let further = published.filter { $0.target != own || $0.transport != "tcp" }
            .map(\.target)
        guard !further.isEmpty else { return nil }
        // nginx has TLS, and HTTP/3 with it.
        let isPlain = further.allSatisfy {
            ServicePorts.inward.contains($0) || ServicePorts.secure.contains($0) || $0 == own
        }
        return Dropping(
            ports: further.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            isAccepted: isPlain || acceptsPorts || (own == nil && isReachedInside))
    }
}
