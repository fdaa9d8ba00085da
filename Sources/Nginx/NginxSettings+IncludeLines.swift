/// The lines by which a user's nginx configuration reads what Teal generates.
extension NginxSettings {
    /// Once per host, at http level; it serves every app of the directory.
    package var httpLine: String { "include \(AppPaths.everyHTTPFile(in: directory));" }

    /// Once per server block of the app's site.
    package var serverLine: String { "include \(AppPaths(self).server);" }

    /// In a location that is to reach the service.
    package func locationLine(_ service: String) -> String {
        "include \(AppPaths(self).snippet(of: service));"
    }
}
