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

/// The data that a service can write to at one place. Pure.
struct WrittenData: Hashable, Sendable {
    let mount: ServiceOutline.Mount

    /// All that a service can write to on the host, but sockets and single files.
    static func all(of service: ServiceOutline) -> [WrittenData] {
        service.mounts.filter { mount in
            mount.isWritable
                && (mount.type == "volume" || (mount.type == "bind" && !isFile(mount.source)))
        }.map(WrittenData.init(mount:))
    }

    private init(mount: ServiceOutline.Mount) {
        self.mount = mount
    }

    /// The first of them; nil where it can write to none.
    init?(_ service: ServiceOutline) {
        guard let first = Self.all(of: service).first else { return nil }
        self = first
    }

    var text: String { "\(mount.source) at \(mount.target)" }

    /// By its name; a folder with such a name is rare.
    private static func isFile(_ path: String) -> Bool {
        let endings = [
            ".sock", ".conf", ".cfg", ".cnf", ".yml", ".yaml", ".json", ".toml", ".ini", ".env",
            ".sh", ".sql", ".pem", ".crt", ".key", ".xml", ".properties", ".js", ".html",
            ".hjson", ".template", ".tmpl", ".tpl",
            "/localtime", "/timezone", "/Caddyfile", "/Corefile", "/machine-id",
        ]
        return endings.contains(where: path.hasSuffix)
    }

    /// Parts of places that hold no database of the program.
    private static let plainPlaces: Set<String> = [
        "assets", "app", "attachments", "avatars", "bundle", "cache", "code", "conf", "config",
        "custom", "etc", "fonts", "locale", "models", "scripts", "templates",
        "documents", "downloads", "files", "gems", "html", "images", "import", "exports", "log",
        "dependencies", "logs", "media", "modules", "node", "packages", "pictures", "plugins",
        "public", "run",
        "sites", "socket", "sockets", "source", "src", "static", "staticfiles", "storage", "themes",
        "tmp", "upload", "uploads", "vendor", "www", "dags",
    ]

    /// Folders of files that come and go one by one.
    private static let filePlaces: Set<String> = [
        "assets", "attachments", "avatars", "cache", "documents", "downloads", "exports", "files",
        "images", "log", "logs", "media", "mediafiles", "photos", "pictures", "public", "static",
        "staticfiles", "thumbnails", "tmp", "upload", "uploads", "videos",
    ]

    /// Folders that hold whatever a program likes.
    private static let vaguePlaces: Set<String> = [
        "app", "code", "conf", "config", "custom", "etc", "node", "run", "sites", "source", "src",
        "storage",
    ]

    /// `file:/data/app.db`, `sqlite:////data/app.sqlite3` of what is mounted at `/data`. One whose
    /// place is not told may be here.
    private func hasDatabase(_ value: String) -> Bool {
        let text = value.lowercased()
        let isFile = [".db", ".sqlite", ".sqlite3"].contains {
            text.hasSuffix($0) || text.contains($0 + "?")
        }
        guard isFile || text.contains("sqlite") else { return false }
        let isAbsolute = ["/", "file:/", "sqlite:////"].contains(where: text.hasPrefix)
        guard isFile, isAbsolute, let slash = text.firstIndex(of: "/") else { return true }
        return "/\(text[slash...].drop { $0 == "/" })".hasPrefix(mount.target.lowercased() + "/")
    }

    /// Why two writers are fine.
    struct Leave: Hashable, Sendable {
        let reason: String
        /// Nobody who reads the compose file would ask.
        let isClear: Bool
    }

    /// nil where nothing says that two writers are fine.
    ///
    /// - Parameter others: those of the release.
    func leave(for service: JudgedService, beside others: [JudgedService]) -> Leave? {
        if service.scene.imageName == "caddy" {
            return Leave(reason: "Caddy locks what it keeps", isClear: true)
        }
        if service.scene.isProxy, mount.target.hasPrefix("/etc/") {
            return Leave(reason: "a proxy only reads what is there", isClear: true)
        }
        guard holdsNoDatabase(of: service) else { return nil }
        // Two of the release that stay write at the same time in one colour already.
        let fellows = others.filter { other in
            other.kind != .store && other.kind != .ending && other.isOf(service)
                && other.scene.service.mounts.contains {
                    $0.source == mount.source && $0.isWritable
                }
        }
        if let fellow = fellows.first, fellows.count > 1 || service.kind != .ending {
            return Leave(reason: "\(fellow.name) writes there as well", isClear: true)
        }
        let isKnown = service.scene.isKnownApplication
        if isKnown, KnownNames.lockingApplications.contains(service.scene.imageName) { return nil }
        let records = service.scene.recordsElsewhere
        if let place = ends.first(where: Self.filePlaces.contains), !service.scene.isProxy {
            return Leave(reason: "\"\(place)\" holds files", isClear: true)
        }
        if let place = ends.first(where: Self.plainPlaces.contains), let records {
            return Leave(
                reason: "\"\(place)\" holds files, records are in \(records)", isClear: true)
        }
        if let records {
            return Leave(reason: "its records are in \(records)", isClear: isKnown)
        }
        // Without a database elsewhere it may be here.
        let vague = isKnown ? Self.vaguePlaces.union(["html", "www"]) : Self.vaguePlaces
        return ends.first { Self.plainPlaces.contains($0) && !vague.contains($0) }
            .map { Leave(reason: "\"\($0)\" holds files", isClear: false) }
    }

    /// A database, an index or a queue of the program's own would be destroyed by two of it.
    private func holdsNoDatabase(of service: JudgedService) -> Bool {
        let values = service.scene.service.environment.values
        return words.allSatisfy {
            !ServiceScene.isStoreWord($0) && !KnownNames.lockedPlaces.contains($0)
        } && !values.contains(where: hasDatabase)
    }

    /// Of the volume's or folder's last part, and of the place in the container.
    private var words: [String] {
        ServiceScene.words(of: mount.source.split(separator: "/").last.map(String.init) ?? "")
            + ServiceScene.words(of: mount.target)
    }

    /// The last words of both, which say what is there.
    private var ends: [String] {
        [mount.target, mount.source].compactMap { path in
            ServiceScene.words(of: path.split(separator: "/").last.map(String.init) ?? "").last
        }
    }
}

extension JudgedService {
    /// One of both writes where the other one has a mount.
    func sharesData(with other: JudgedService) -> Bool {
        func sources(_ service: JudgedService) -> Set<String> {
            Set(WrittenData.all(of: service.scene.service).map(\.mount.source))
        }
        func mounts(_ service: JudgedService) -> Set<String> {
            Set(service.scene.service.mounts.map(\.source))
        }
        return !sources(self).isDisjoint(with: mounts(other))
            || !sources(other).isDisjoint(with: mounts(self))
    }

    /// That it keeps data in volumes without a name, as far as its image or its name tells.
    fileprivate var unnamedData: String? {
        let own = scene.service
        let places = own.unnamedPlaces + own.emptyVolumes
        let isKnown = !places.isEmpty || own.hasKnownImage
        guard !isKnown, kind == .store, own.mounts.allSatisfy({ !$0.isWritable }) else {
            return UnnamedVolume.warning(of: own.name, at: places)
        }
        // A pool of connections keeps nothing.
        let isDatabase =
            KnownNames.databases.contains(scene.imageName) && scene.imageName != "pgbouncer"
        return isDatabase ? UnnamedVolume.warning(of: own.name, at: nil) : nil
    }

    /// A part of the release, or another program of the very image.
    fileprivate func isOf(_ other: JudgedService) -> Bool {
        isOwn || scene.service.image == other.scene.service.image
    }
}

extension ProposedService {
    /// - Parameter others: those of the release.
    mutating func noteConsequences(
        _ service: JudgedService, beside others: [JudgedService], behind exposed: ExposedService
    ) {
        let written = WrittenData.all(of: service.scene.service).map { place in
            (place: place, leave: place.leave(for: service, beside: others))
        }
        // The place that speaks most against two writers stands for all.
        let first =
            written.first { $0.leave == nil } ?? written.first { $0.leave?.isClear == false }
            ?? written.first
        data = first.map { Writing(text: $0.place.text, reason: $0.leave?.reason) }
        acceptsWriters = first?.leave?.isClear == true
        emptyVolumes = service.scene.service.emptyVolumes
        // It asks a store elsewhere, and ends. A client that is started again is not known to.
        acceptsEmpty =
            acceptsEmpty
            || service.kind == .ending && service.scene.storeClient != nil
                && !["always", "unless-stopped"].contains(service.scene.service.restart)
        published = service.scene.service.publishedPorts
        unnamedData = service.unnamedData
        // An application of others updates its own files.
        sourceMounts = service.scene.service.sourceMounts.filter {
            $0.type != "volume" || !service.scene.isKnownApplication
        }
        judgedPorts = service.ports.judged
        endsTLS =
            service.scene.isProxy || service.scene.hasWord(in: KnownNames.proxies)
            || service.scene.imageWords.last.map(KnownNames.proxies.contains) ?? false
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

    /// The one line that takes every open word about its volumes: `teal.yml` has one key for them.
    var offeredVolumes: ServiceSettings.VolumeUse {
        var use = acceptedVolumes
        if writing != nil { use.insert(.shared) }
        if empties != nil { use.insert(.fresh) }
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
        guard !further.isEmpty else { return nil }
        return Dropping(
            ports: further.map(\.target).reduce(into: []) { if !$0.contains($1) { $0.append($1) } },
            isAccepted: further.allSatisfy { isPlain($0, own) } || acceptsPorts
                || (own == nil && isReachedInside))
    }

    /// nginx takes its place, or nobody outside wants it. By UDP that holds for HTTP/3 alone, which
    /// nginx has with its TLS: media and games speak so too, at any number.
    private func isPlain(_ port: ServiceOutline.PublishedPort, _ own: Int?) -> Bool {
        let number = port.target
        guard port.transport == "tcp" else {
            return number == 443
                || number == own && published.contains { $0.target == own && $0.transport == "tcp" }
        }
        return ServicePorts.secure.contains(number) || number == own
            || judgedPorts.contains { $0.number == number && $0.isInward }
            || ServicePorts.inward.contains(number)
    }
}
