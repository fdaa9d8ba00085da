import BlueGreen

/// A dump of nginx's configuration, read for its statements about the app's files.
struct ConfigurationExamination: Sendable {
    let settings: NginxSettings
    let dump: ConfigurationDump
    let directives: [Directive]

    init(_ dump: ConfigurationDump, _ settings: NginxSettings) {
        self.settings = settings
        self.dump = dump
        directives = dump.directives
    }

    var paths: AppPaths { AppPaths(settings) }

    /// - Parameter files: as they are on disk.
    /// - Throws: where nginx does not read them, reads other ones, or would not see a switch.
    func check(_ files: GeneratedFiles) throws {
        guard includes(of: paths.http).contains(where: { $0.context == ["http"] }) else {
            throw NginxError.notIncluded(
                mainConfig: dump.mainFile, line: settings.httpLine)
        }
        if let container = settings.container?.name {
            for (name, text) in files.texts {
                let file = paths.file(name)
                guard let seen = dump.files[file], seen != text else { continue }
                throw NginxError.stale(container: container, file: file)
            }
        }
        if settings.mode == .live { try refuseFileCache() }
    }

    /// This can be told without the app's files, which may not be there yet.
    ///
    /// - Throws: where nginx would not read them, or would not see a switch.
    func checkReadiness() throws {
        let isRead = directives.contains { directive in
            directive.name == "include" && directive.context == ["http"]
                && dump.wouldRead(paths.http, by: directive)
        }
        guard isRead else {
            throw NginxError.notIncluded(
                mainConfig: dump.mainFile, line: settings.httpLine)
        }
        if settings.mode == .live { try refuseFileCache() }
    }

    /// The cache matters where the switch is looked up: at http level, and in the server blocks
    /// that include the app's `server.conf`.
    private func refuseFileCache() throws {
        let sites = Set(includes(of: paths.server).map(\.block))
        let cache = directives.first { directive in
            directive.name == "open_file_cache" && directive.words.dropFirst() != ["off"]
                && (directive.context == ["http"] || sites.contains(directive.block))
        }
        if let cache { throw NginxError.openFileCache(file: cache.file, line: cache.origin.line) }
    }

    /// The directives outside the app's folder by which nginx reads one of its files, but for the
    /// line that serves every app.
    var sites: [Directive] {
        directives.filter { directive in
            directive.name == "include" && !paths.contains(directive.file)
                && directive.words.count == 2 && paths.contains(directive.words[1])
        }
    }

    /// Where the app's `access_log` ends none of the user's, and nginx knows its format.
    var logPlacement: LogPlacement {
        guard untimely != nil else { return harmlessPlacement }
        return logAtHTTPLevel == .written ? .http : .nowhere
    }

    private var harmlessPlacement: LogPlacement {
        let shared = logAtHTTPLevel
        let sites = Set(foreignSites.map(\.block))
        let own = sites.map(own)
        let isHarmless = own.allSatisfy { $0 == .written || ($0 ?? shared) == .off }
        if isHarmless, shared == .off || !sites.isEmpty { return .server }
        return shared == .written ? .http : .nowhere
    }

    private var logAtHTTPLevel: Logging? { logging { $0.context == ["http"] } }

    private var foreignSites: [Directive] { includes(of: paths.server).filter(isForeign) }

    /// A site that would need the app's log format, and the line that defines it only afterwards:
    /// nginx knows a format from where it reads it.
    private var untimely: (site: Directive, definition: Directive)? {
        guard harmlessPlacement == .server,
            let definition = directives.firstIndex(where: { directive in
                directive.name == "include" && directive.context == ["http"]
                    && dump.wouldRead(paths.http, by: directive)
            })
        else { return nil }
        let sites = Set(foreignSites)
        return directives[..<definition].first { sites.contains($0) }
            .map { ($0, directives[definition]) }
    }

    /// Why nginx will not write down all that the app answers; empty where it will.
    var unwatchedSites: [String] {
        let server = paths.server
        let sites = foreignSites
        if sites.isEmpty {
            return [
                "No server block of nginx includes \(server) yet, so no deployment is watched."
            ]
        }
        let placement = logPlacement
        if let (site, definition) = untimely,
            placement == .nowhere || sites.contains(where: { own($0.block) == .written })
        {
            return [
                "nginx reads the server block at \(site.place) before \(definition.place), the "
                    + "line that includes \(paths.http), so Teal does not see what the app "
                    + "answers. Let nginx read that line first: move it to 00-teal.conf."
            ]
        }
        if placement == .nowhere {
            return [
                "nginx has no access_log at http level, and its own default would end if Teal "
                    + "wrote one, so no deployment is watched. Add to the http block: "
                    + "access_log /var/log/nginx/access.log;"
            ]
        }
        return sites.compactMap { site in
            switch (placement, own(site.block)) {
            case (_, .off):
                "The server block at \(site.place) says access_log off, so Teal does not see what "
                    + "it answers. Say it in the locations that should write no log."
            case (.http, .written):
                "The server block at \(site.place) has an access_log of its own and others of the "
                    + "app have none, so Teal does not see what it answers. Give each one, or none."
            case (_, _): nil
            }
        }
    }

    /// A location with a log of its own has no other. One that writes none is meant so, unless that
    /// leaves nothing of a service to look at.
    func unwatchedLocations(_ present: GeneratedFiles) -> [String] {
        let mode = present.manifest?.blueprint.mode ?? settings.mode
        let logs = directives.filter { $0.name == "access_log" && isForeign($0) }
        let routes = routes(to: present.services, filesOf: mode).map { route in
            let inner = Set(
                route.directive.blocks.filter { !["http", "server"].contains($0.name) }
                    .map(\.number))
            return (route: route, log: logs.first { inner.contains($0.block) })
        }
        return Dictionary(grouping: routes, by: \.route.service).sorted { $0.key < $1.key }
            .flatMap { service, routes in
                let isBlind = routes.allSatisfy { $0.log != nil }
                let blind = routes.filter { route in
                    route.log.map { isBlind || $0.words.dropFirst().first != "off" } ?? false
                }
                return Set(blind.compactMap(\.log)).sorted { $0.place < $1.place }.map { log in
                    "The access_log at \(log.place) is the only one of its location, so Teal does "
                        + "not see what \(service) answers there. Move it to the server block."
                }
            }
    }

    private func own(_ site: Int) -> Logging? {
        logging { $0.context == ["http", "server"] && $0.block == site }
    }

    private enum Logging {
        case written
        case off
    }

    /// The user's own directives at one level; nil where there is none.
    private func logging(_ isAtLevel: (Directive) -> Bool) -> Logging? {
        let logs = directives.filter { $0.name == "access_log" && isForeign($0) && isAtLevel($0) }
        if logs.isEmpty { return nil }
        return logs.contains { $0.words.dropFirst().first == "off" } ? .off : .written
    }

    /// Whether it is the user's, and not one of an app's.
    func isForeign(_ directive: Directive) -> Bool {
        !directive.file.hasPrefix(settings.directory + "/")
    }

    func includes(of file: String) -> [Directive] {
        directives.filter {
            $0.name == "include" && dump.filesIncluded(by: $0).contains(file)
        }
    }

    /// The user's sizes of nginx's hashes at http level, as lines: names that are too long for
    /// one nginx are short enough for another.
    var hashSizes: [String] {
        directives.filter { directive in
            directive.context == ["http"] && isForeign(directive) && directive.words.count == 2
                && Self.sizes.contains { directive.name.hasSuffix("_hash_\($0)") }
                && !directive.words[1].isEmpty
                && directive.words[1].allSatisfy { $0.isASCII && ($0.isNumber || $0.isLetter) }
        }.map { "\($0.words.joined(separator: " "));" }
    }

    private static let sizes = ["bucket_size", "max_size"]
}
