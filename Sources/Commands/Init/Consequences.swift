import BlueGreen
import Orchestration

/// Places where an image keeps data and nothing is mounted. Pure.
struct EmptyPlaces: Hashable, Sendable {
    let places: [String]

    var text: String {
        "Its image keeps data at \(CommentText.shown(places.joined(separator: ", "))) (VOLUME), and "
            + "nothing is mounted there: each colour would begin with an empty one, and lose it "
            + "with its containers."
    }
}

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
        "assets", "app", "attachments", "avatars", "bundle", "cache", "code", "conf", "config",
        "custom", "etc", "fonts", "locale", "models", "scripts", "templates",
        "documents", "downloads", "files", "gems", "html", "images", "import", "exports", "log",
        "logs", "media", "modules", "node", "packages", "pictures", "plugins", "public", "run",
        "sites", "socket", "sockets", "source", "src", "static", "staticfiles", "storage", "themes",
        "tmp", "upload", "uploads", "vendor", "www", "dags",
    ]

    /// `file:/data/app.db`, `sqlite:////data/app.sqlite3` of what is mounted at `/data`.
    private func hasDatabase(_ value: String) -> Bool {
        value.contains("\(mount.target)/")
            && (value.contains("sqlite") || value.hasSuffix(".db") || value.contains(".db?"))
    }

    /// Why two writers are fine; nil where nothing says so.
    func reasonForTwo(_ service: JudgedService, beside others: [JudgedService]) -> String? {
        if service.scene.imageName == "caddy" { return "Caddy locks what it keeps" }
        let words =
            ServiceScene.words(of: mount.source.split(separator: "/").last.map(String.init) ?? "")
            + ServiceScene.words(of: mount.target)
        // A database of the program's own would be destroyed by two of it.
        guard words.allSatisfy({ !ServiceScene.isStoreWord($0) && $0 != "sqlite" }),
            !service.scene.service.environment.values.contains(where: hasDatabase)
        else { return nil }
        let fellow = others.first { other in
            other.kind != .store
                && other.scene.service.mounts.contains {
                    $0.source == mount.source && $0.isWritable
                }
        }
        if let fellow { return "\(fellow.name) writes there as well" }
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
        emptyVolumes = service.scene.service.emptyVolumes
        published = service.scene.service.publishedPorts
        judgedPorts = service.ports.judged
        endsTLS = service.scene.isProxy
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

    /// Places that would begin empty with each release; nil where its part settles that.
    var empties: EmptyPlaces? {
        emptyVolumes.isEmpty || part == .shared ? nil : EmptyPlaces(places: emptyVolumes)
    }

    /// The fate that its owner gives its volumes.
    var acceptedVolumes: ServiceSettings.VolumeUse {
        var use: ServiceSettings.VolumeUse = []
        if writing != nil, acceptsWriters { use.insert(.shared) }
        if empties != nil, acceptsEmpty { use.insert(.fresh) }
        return use
    }

    /// `volumes: shared`; nil where its owner has said nothing.
    var volumesEntry: String? {
        acceptedVolumes.isEmpty ? nil : "volumes: \(acceptedVolumes.text)"
    }

    /// A proxy that has TLS itself often sends plain requests away; nil for any other service.
    var ownTLS: String? {
        guard endsTLS, case .exposed = part,
            let port = published.map(\.target).first(where: ServicePorts.secure.contains)
        else { return nil }
        return "It has TLS of its own (port \(port)), and nginx brings it plain requests. If it "
            + "answers those with a redirect to https, visitors go in circles: let nginx do that, "
            + "and take the redirect out there."
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
            number in
            ServicePorts.secure.contains(number) || number == own
                || judgedPorts.contains { $0.number == number && $0.isInward }
                || ServicePorts.inward.contains(number)
        }
        return Dropping(
            ports: further.reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            isAccepted: isPlain || acceptsPorts || (own == nil && isReachedInside))
    }
}
