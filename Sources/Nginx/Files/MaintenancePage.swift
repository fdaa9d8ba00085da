import HostSystem

/// The page that visitors get in maintenance, as a file that nginx serves. It is no part of
/// nginx's configuration, so that a new one needs no reload and nothing in it is escaped.
struct MaintenancePage: Sendable {
    static let name = "maintenance.html"
    /// Seconds.
    static let retryAfter = 60

    /// The user's own; nil for the built-in one.
    let source: String?
    let paths: AppPaths

    /// Puts the page in place, as it is now. Where the user's own is gone, as on the way back from
    /// a release that brought it, the one that is in place stays.
    func put() throws {
        let files = FileSystem()
        let target = paths.page
        let isGone = source.map { !files.exists($0) } ?? false
        if isGone, files.exists(target) { return }
        let own = try isGone ? nil : source.map { try Self.bytes(of: $0, files) }
        let bytes = own ?? Array(Self.builtIn.utf8)
        if files.exists(target), try files.readBytes(target) == bytes { return }
        try files.makeFolder(paths.folder, access: .everyoneReads)
        try AtomicFile.write(bytes: bytes, to: target, access: .everyoneReads)
    }

    private static func bytes(of path: String, _ files: FileSystem) throws -> [UInt8] {
        let bytes = try files.readBytes(path)
        // nginx says so to browsers, and umlauts of another encoding would come out as rubbish.
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw NginxError.page(path: path, reason: "it is not UTF-8 text")
        }
        return bytes
    }

    static let builtIn = """
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width">
        <meta name="robots" content="noindex">
        <title>Closed for maintenance</title>
        </head>
        <body style="font: 1.2em sans-serif; margin: 20vh 1em; text-align: center">
        <h1 style="font-size: 1.4em">Closed for maintenance</h1>
        <p>We are working on this site. Please come back later.</p>
        </body>
        </html>

        """
}
