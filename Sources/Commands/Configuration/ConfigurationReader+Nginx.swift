import HostSystem

/// The place of nginx, as `teal.yml` says it; nil means: look.
struct NginxAccess: Hashable, Sendable {
    /// Holds a folder per app with what Teal generates.
    var directory = "/etc/nginx/teal"
    /// The container that nginx runs in; nil for one on the host.
    var container: String?
    /// The main configuration file, where nginx is not started with its built-in one.
    var config: String?
    /// The program, where it is not the `nginx` of PATH and the system's sbin folders.
    var binary: String?
    /// Address and port of the status server in the generated configuration.
    var status: String?
    /// The proxies in front of nginx that are believed what they say of a request.
    var trustedProxies: [AddressBlock] = []
}

extension ConfigurationReader {
    static let nginxSection = Section<NginxAccess>(
        "nginx", showing: ["directory"],
        [
            Key("directory", "/etc/nginx/teal", \.directory, .strict(.absolutePath)),
            Key("container", "proxy", \.container, .strict(.containerName)),
            Key("config", "/etc/nginx/nginx.conf", \.config, .strict(.absolutePath)),
            Key("binary", "/usr/sbin/nginx", \.binary, .strict(.absolutePath)),
            Key("status", "127.0.0.1:8099", \.status, .strict(.address)),
            Key(
                "trusted_proxies", "[10.0.0.0/8]", \.trustedProxies,
                Reading { $0.addressBlocks($1, example: $2) }),
        ])

    mutating func nginx(_ field: Field, _ access: inout NginxAccess) {
        let entries = read(field, Self.nginxSection, into: &access)
        if let binary = entries?["binary"], entries?["container"] != nil {
            note("nginx.binary has no meaning beside nginx.container: remove one", at: binary)
        }
    }

    /// More are never one balancer's or one CDN's, and each costs nginx a line per service.
    private static let mostBlocks = 500

    private mutating func addressBlocks(_ field: Field, example: String) -> [AddressBlock]? {
        let what = "addresses or blocks of addresses (IPv4 or IPv6), without bits behind the prefix"
        guard let texts = texts(field, what, example: example) else { return nil }
        if texts.count > Self.mostBlocks {
            note("\(field.path) has more than \(Self.mostBlocks) entries", at: field)
            return nil
        }
        let wrong = texts.filter { AddressBlock($0) == nil }
        guard wrong.isEmpty else {
            let quoted = wrong.map { "\"\(shown($0))\"" }.joined(separator: ", ")
            note(
                "\(field.path) must be \(what), as in `\(example)`; \(quoted) is none", at: field)
            return nil
        }
        return texts.compactMap(AddressBlock.init)
    }
}
