/// Where an app's things are below nginx's directory: the one place that knows their names.
struct AppPaths: Hashable, ManifestText {
    /// `/etc/nginx/teal/shop`
    let folder: String

    init(_ folder: String) {
        self.folder = folder
    }

    init(_ settings: NginxSettings) {
        self.init("\(settings.directory)/\(settings.app)")
    }

    var description: String { folder }

    /// Read by the line that serves every app.
    var http: String { file(Self.httpName) }

    /// Read by each server block of the app's site.
    var server: String { file(Self.serverName) }

    /// Read by a location that is to reach the service.
    func snippet(of service: String) -> String { file(Self.snippetName(of: service)) }

    /// The symlink that names who has traffic.
    var link: String { file("live") }

    /// nginx finds this file while the link names the state that has this marker.
    func live(_ marker: String) -> String { "\(link)/\(marker)" }

    /// The groups of `reload` mode, by way of the link.
    var groups: String { live(Self.groupsName) }

    /// The files that an unconfirmed change has replaced.
    var journal: String { file(".previous") }

    var page: String { file(MaintenancePage.name) }

    var watch: WatchFolder { WatchFolder(path: file("watch")) }

    /// - Parameter name: its path within the folder.
    func file(_ name: String) -> String { "\(folder)/\(name)" }

    func contains(_ path: String) -> Bool { path.hasPrefix("\(folder)/") }

    static let httpName = "http.conf"
    static let serverName = "server.conf"
    static let groupsName = "upstreams.conf"

    /// `web.conf`, and `server-service.conf` for a service whose file would be Teal's own.
    static func snippetName(of service: String) -> String {
        isReserved(service) ? service + aside : service + ending
    }

    /// The service of a file that a location reads; nil for any other file of the folder.
    static func service(ofSnippet name: String) -> String? {
        guard name.hasSuffix(ending), !name.contains("/") else { return nil }
        let service = String(name.dropLast(ending.utf8.count))
        if isReserved(service) { return nil }
        let beside = String(name.dropLast(aside.utf8.count))
        return name.hasSuffix(aside) && isReserved(beside) ? beside : service
    }

    private static func isReserved(_ service: String) -> Bool {
        [httpName, serverName].contains(service + ending)
    }

    private static let ending = ".conf"
    private static let aside = "-service.conf"

    /// Which files nginx reads for all apps of the directory.
    static func everyHTTPFile(in directory: String) -> String { "\(directory)/*/\(httpName)" }

    /// Held by the one that changes any app's files.
    static func lock(in directory: String) -> String { "\(directory)/.lock" }

    /// Hidden, so that nginx's own line does not read what lies there.
    var proof: AppPaths { AppPaths("\(directory)/.\(folder.dropFirst(directory.count + 1)).proof") }

    /// Nginx's directory, without a slash at its end.
    var directory: String {
        folder.lastIndex(of: "/").map { String(folder[..<$0]) } ?? ""
    }
}
