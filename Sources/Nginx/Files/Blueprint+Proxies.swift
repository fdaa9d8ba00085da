import HostSystem

/// The proxies in front of nginx whose word counts, such as a balancer that ends TLS.
struct TrustedProxies: Hashable, Codable, Sendable {
    /// Sorted, each once: `10.0.0.0/8`.
    let networks: [String]
    /// Whether nginx was built with `http_realip_module`, which knows the client behind several
    /// proxies.
    let hasRealIP: Bool

    /// nil where nobody is trusted.
    init?(_ networks: [AddressBlock], hasRealIP: Bool) {
        if networks.isEmpty { return nil }
        self.networks = Set(networks.map(\.description)).sorted()
        self.hasRealIP = hasRealIP
    }
}

/// Who asked, and how: the headers that tell the app, and whose word they are.
extension Blueprint {
    /// The header fields that a location always sends.
    static let headers = [
        "host", "connection", "upgrade", "x-real-ip", "x-forwarded-for", "x-forwarded-host",
        "x-forwarded-proto",
    ]

    /// Others may send them to nginx, and the app believes them: without a trusted proxy they end
    /// here.
    private static let passedOn = [
        "X-Forwarded-Port", "X-Forwarded-Scheme", "X-Forwarded-Ssl", "Forwarded",
    ]

    /// For a location.
    var headerLines: String {
        let isTrusting = proxies != nil
        let hasAddress = proxies.map { !$0.hasRealIP } ?? false
        let values = [
            ("Host", "$\(names.host)"), ("Connection", "$\(names.connection)"),
            ("Upgrade", "$http_upgrade"),
            ("X-Real-IP", hasAddress ? "$\(names.proxy("address"))" : "$remote_addr"),
            ("X-Forwarded-For", isTrusting ? "$\(names.proxy("for"))" : "$remote_addr"),
            ("X-Forwarded-Host", "$" + (isTrusting ? names.proxy("as_host") : names.host)),
            ("X-Forwarded-Proto", "$" + (isTrusting ? names.proxy("proto") : "scheme")),
        ]
        let passed = Self.passedOn.map { name in
            (name, isTrusting ? "$\(told(name))" : "\"\"")
        }
        return (values + passed).map { "proxy_set_header \($0) \($1);\n" }.joined() + realIPLines
    }

    /// In a location, since at server level they could stand only once. Where a site says who the
    /// client is, nginx has looked before and does not look again.
    private var realIPLines: String {
        guard let proxies, proxies.hasRealIP else { return "" }
        return proxies.networks.map { "set_real_ip_from \($0);\n" }.joined()
            + "real_ip_header X-Forwarded-For;\nreal_ip_recursive on;\n"
    }

    /// What the peer says of itself, where it is trusted.
    private func told(_ header: String) -> String {
        let word = header.lowercased().replacing("x-forwarded-", with: "")
        return names.proxy("told_\(word)")
    }

    /// The address by which a canary knows a client, for a text in double quotes.
    var clientAddress: String {
        proxies == nil ? "$remote_addr" : "$\(names.proxy("origin"))"
    }

    /// For the http block.
    var proxyParts: [String] {
        guard let proxies else { return [] }
        let headers = Self.passedOn + ["X-Forwarded-For", "X-Forwarded-Host"]
        let tellings = headers.map { header in
            let variable = "$http_" + header.lowercased().replacing("-", with: "_")
            return map(of: trusted, to: told(header), ["default \"\"", "1 \(variable)"])
        }
        return ["# The word of the proxies in front.\n" + peerMaps(proxies), geo(proxies)]
            + tellings + [protoMap, hostMap, forMap, originMap]
            + (proxies.hasRealIP ? [] : [addressMap])
    }

    private var trusted: String { "$\(names.proxy("trusted"))" }

    private var peer: String { "$\(names.proxy("peer"))" }

    /// A site may have put the client's address in the place of the peer's. Behind PROXY protocol
    /// the peer does not read what it passes on: there the word is that of whom it names, once the
    /// site believes it.
    private func peerMaps(_ proxies: TrustedProxies) -> String {
        let named = names.proxy("named")
        return map(
            of: "$proxy_protocol_addr", to: names.proxy("peer"),
            [
                "\"\" \(proxies.hasRealIP ? "$realip_remote_addr" : "$remote_addr")",
                "default $\(named)",
            ])
            + map(
                of: "\"$proxy_protocol_addr $remote_addr\"", to: named,
                ["default \"\"", #""~^(\S+) \1$" $remote_addr"#])
    }

    private func geo(_ proxies: TrustedProxies) -> String {
        geo(of: peer, to: names.proxy("trusted"), proxies.networks.map { "\($0) 1" })
    }

    /// Of several the last is the trusted proxy's own. A proxy may say `wss` of a websocket.
    private var protoMap: String {
        map(
            of: "\"\(trusted)$http_x_forwarded_proto\"", to: names.proxy("proto"),
            [
                "default $scheme", "1https https", "1http http", "1wss https", "1ws http",
                #""~*^1.*, *(?:https|wss)$" https"#, #""~*^1.*, *(?:http|ws)$" http"#,
            ])
    }

    private var hostMap: String {
        let told = "$" + told("X-Forwarded-Host")
        return map(
            of: told, to: names.proxy("as_host"), ["\"\" $\(names.host)", "default \(told)"])
    }

    private var forMap: String {
        let told = "$" + told("X-Forwarded-For")
        return map(
            of: told, to: names.proxy("for"),
            ["\"\" $remote_addr", "default \"\(told), \(peer)\""])
    }

    private var originMap: String {
        map(
            of: "$" + told("X-Forwarded-For"), to: names.proxy("origin"),
            ["default $remote_addr", #""~^ *([^ ,]+)" $1"#])
    }

    private var addressMap: String {
        map(
            of: "$" + told("X-Forwarded-For"), to: names.proxy("address"),
            ["default $remote_addr", #""~([^ ,]+) *$" $1"#])
    }
}
