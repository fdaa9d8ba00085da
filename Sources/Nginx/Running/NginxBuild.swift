/// The output of `nginx -V`: its version and how it was built.
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

    /// Relative paths in the configuration count from this folder.
    var prefix: String { value(of: "--prefix") ?? "/usr/local/nginx" }

    /// - Parameter module: as in `--without-http_fastcgi_module`.
    func lacks(_ module: String) -> Bool { arguments.contains("--without-\(module)") }

    /// - Parameter module: as in `--with-http_realip_module`.
    func has(_ module: String) -> Bool { arguments.contains("--with-\(module)") }
    var knowsLimits: Bool { !lacks("http_limit_req_module") && !lacks("http_limit_conn_module") }

    private func value(of option: String) -> String? {
        arguments.first { $0.hasPrefix("\(option)=") }
            .map { String($0.dropFirst(option.utf8.count + 1)) }
    }
}

/// The version that `nginx -V` names.
struct NginxVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
    let major: Int
    let minor: Int
    let patch: Int

    init(_ major: Int, _ minor: Int, _ patch: Int) {
        self.major = major
        self.minor = minor
        self.patch = patch
    }

    /// Takes the line `nginx version: nginx/1.22.1 (Ubuntu)`; other builds put their own name
    /// and more numbers there, `openresty/1.27.1.1`.
    init?(line: Substring) {
        guard line.hasPrefix("nginx version: "), let slash = line.firstIndex(of: "/") else {
            return nil
        }
        let text = line[line.index(after: slash)...].prefix { $0 != " " }
        let numbers = text.split(separator: ".").compactMap { Int($0) }
        guard numbers.count >= 3 else { return nil }
        self.init(numbers[0], numbers[1], numbers[2])
    }

    static let oldestSupported = NginxVersion(1, 18, 0)

    /// Since 1.27.4 a worker that shuts down leaves kept-alive client connections open for a
    /// while, so that a request that is already on its way still gets its answer.
    /// https://nginx.org/en/docs/http/ngx_http_core_module.html#keepalive_min_timeout
    var knowsKeepaliveMinTimeout: Bool { self >= NginxVersion(1, 27, 4) }

    static func < (left: NginxVersion, right: NginxVersion) -> Bool {
        (left.major, left.minor, left.patch) < (right.major, right.minor, right.patch)
    }

    var description: String { "\(major).\(minor).\(patch)" }
}
