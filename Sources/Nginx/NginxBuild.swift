/// What `nginx -V` prints: its version and how it was built.
struct NginxBuild: Hashable, Sendable {
    let version: NginxVersion
    private let arguments: [Substring]

    init?(_ output: String) {
        let lines = output.split(separator: "\n")
        guard let version = lines.lazy.compactMap({ NginxVersion(line: $0) }).first else {
            return nil
        }
        self.version = version
        let mark = "configure arguments:"
        arguments =
            lines.first { $0.hasPrefix(mark) }?.dropFirst(mark.count).split(separator: " ") ?? []
    }

    /// An absolute path; nil where the build does not say.
    var pidFile: String? { value(of: "--pid-path") }

    /// What relative paths in the configuration count from.
    var prefix: String { value(of: "--prefix") ?? "/usr/local/nginx" }

    /// - Parameter module: as in `--without-http_fastcgi_module`.
    func lacks(_ module: String) -> Bool { arguments.contains("--without-\(module)") }

    private func value(of option: String) -> String? {
        arguments.first { $0.hasPrefix("\(option)=") }
            .map { String($0.dropFirst(option.utf8.count + 1)) }
    }
}
