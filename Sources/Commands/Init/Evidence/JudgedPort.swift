import Orchestration

/// A TCP port of a container with what speaks for it as the one that visitors want. Pure.
struct JudgedPort: Hashable, Sendable {
    let number: Int
    let weight: Int
    /// Why, in words for the user; nil where nothing is known of it.
    let reason: String?
    /// Its owner looks at it, or another program: figures, a debugger, an admin's page.
    let isInward: Bool

    /// So much more must speak for one port than for the next.
    static let clearLead = 10

    init(_ number: Int, of service: ServiceOutline) {
        let facts = Self.facts(number, service)
        self.number = number
        weight = Self.usualWeight(number) + facts.reduce(0) { $0 + $1.weight }
        isInward =
            ServicePorts.inward.contains(number) || facts.contains { $0.weight <= -25 }
        let strongest = facts.max { abs($0.weight) < abs($1.weight) }
        reason = strongest.map(\.reason) ?? Self.usualReason(number)
    }

    /// `8080 (usual for HTTP)`
    var text: String { reason.map { "\(number) (\($0))" } ?? "\(number)" }

    /// It could be the one that visitors want.
    var mayBeVisited: Bool { weight > 0 }

    private struct Fact {
        let weight: Int
        let reason: String
    }

    private static func facts(_ number: Int, _ service: ServiceOutline) -> [Fact] {
        let image = (service.imageBaseName ?? "").lowercased()
        var facts: [Fact] = []
        if service.publishedPorts.contains(where: {
            $0.target == number && $0.transport == "tcp" && $0.published == "80"
        }) {
            facts.append(Fact(weight: 40, reason: "host port 80"))
        }
        if KnownPorts.visited[image] == number {
            facts.append(Fact(weight: 30, reason: "the port of \(image)"))
        }
        if KnownPorts.inward[image]?.contains(number) == true {
            facts.append(Fact(weight: -40, reason: "for who runs \(image)"))
        }
        facts += variables(number, service) + words(number, service)
        if let loopback = loopback(number, service) { facts.append(loopback) }
        return facts
    }

    /// `PORT: 3000` speaks for it, and `METRICS_PORT: 9000` and `SMTPD_PORT: 2525` against it.
    private static func variables(_ number: Int, _ service: ServiceOutline) -> [Fact] {
        let own = Set(
            ServiceScene.words(of: service.name)
                + ServiceScene.words(of: service.imageBaseName ?? ""))
        return service.environment.sorted { $0.key < $1.key }.compactMap { name, value in
            if let scheme = listening(number, value) {
                return fact(about: [scheme], "\(name) says \(scheme)")
            }
            let words = ServiceScene.words(of: name)
            guard value == "\(number)", let last = words.last, ["port", "ports"].contains(last)
            else { return nil }
            let fact = fact(about: words, "\(name) is \(number)")
            let isPlain =
                words.count == 1 || !KnownPorts.pageWords.union(own).isDisjoint(with: words)
            return isPlain || fact.weight < 0 ? fact : nil
        }
    }

    /// The scheme of an address to listen at, `https` of `http://+:8080;https://+:8081`.
    private static func listening(_ number: Int, _ value: String) -> String? {
        let address = value.split { $0 == ";" || $0 == "," }.first { part in
            ["+", "*", "0.0.0.0", "[::]"].contains { part.hasSuffix("://\($0):\(number)") }
        }
        return address.map { String($0.prefix { $0 != ":" }).lowercased() }
    }

    /// `--port 3000` and `-b 0.0.0.0:3000` speak for it, `--metrics-addr=:3001` against it.
    private static func words(_ number: Int, _ service: ServiceOutline) -> [Fact] {
        let words = service.command.flatMap { $0.split(whereSeparator: \.isWhitespace) }
            .flatMap { $0.split(separator: "=", maxSplits: 1) }.map(String.init)
        return words.enumerated().compactMap { place, word in
            guard place > 0, word == "\(number)" || word.hasSuffix(":\(number)"),
                words[place - 1].hasPrefix("-")
            else { return nil }
            let option = words[place - 1]
            return fact(about: ServiceScene.words(of: option), "command has \(option) \(word)")
        }
    }

    private static func fact(about words: [String], _ reason: String) -> Fact {
        if words.contains(where: KnownPorts.inwardWords.contains) {
            return Fact(weight: -30, reason: reason)
        }
        if words.contains(where: KnownPorts.otherProtocols.contains) {
            return Fact(weight: -20, reason: reason)
        }
        // Other programs may call it from outside, by something else than plain HTTP.
        return Fact(
            weight: words.contains { ["grpc", "rpc"].contains($0) } ? -20 : 15, reason: reason)
    }

    /// A port that only the host reaches, beside one that everybody does, is hardly for visitors.
    private static func loopback(_ number: Int, _ service: ServiceOutline) -> Fact? {
        let own = service.publishedPorts.filter { $0.target == number && $0.transport == "tcp" }
        guard !own.isEmpty, own.allSatisfy(\.isLoopback),
            !service.publishedPorts.allSatisfy(\.isLoopback)
        else { return nil }
        return Fact(weight: -12, reason: "published for the host itself only")
    }

    private static func usualWeight(_ number: Int) -> Int {
        if let place = ServicePorts.usual.firstIndex(of: number) {
            return place == 0 ? 36 : place < 5 ? 30 : 24
        }
        if ServicePorts.doubtful.contains(number) { return 12 }
        if ServicePorts.secure.contains(number) { return 0 }
        if ServicePorts.inward.contains(number) { return -20 }
        return ServicePorts.others.contains(number) ? -60 : 18
    }

    private static func usualReason(_ number: Int) -> String? {
        if ServicePorts.usual.contains(number) { return "usual for HTTP" }
        if ServicePorts.secure.contains(number) { return "TLS, which nginx has" }
        if ServicePorts.inward.contains(number) { return "usual for figures or a debugger" }
        return ServicePorts.others.contains(number) ? "usual for another protocol" : nil
    }
}

/// Ports that images are known to listen on.
enum KnownPorts {
    /// Where visitors come, of images that have several.
    static let visited = [
        "adguardhome": 80, "caddy": 80, "forgejo": 3000, "gitea": 3000, "gitlab-ce": 80,
        "gitlab-ee": 80, "graylog": 9000, "haproxy": 80, "home-assistant": 8123, "jellyfin": 8096,
        "jenkins": 8080, "keycloak": 8080, "kong": 8000, "listmonk": 9000,
        "mattermost-enterprise-edition": 8065,
        "mattermost-team-edition": 8065, "minio": 9000, "n8n": 5678, "odoo": 8069,
        "nexus3": 8081, "nginx": 80, "pihole": 80, "sonarqube": 9000, "synapse": 8008,
        "syncthing": 8384, "traefik": 80,
    ]

    /// For who runs them.
    static let inward: [String: Set<Int>] = [
        "apisix": [9180], "caddy": [2019], "envoy": [9901, 19000], "haproxy": [1936, 8404],
        "keycloak": [9000], "kong": [8001, 8002, 8444], "krakend": [8090],
        "synapse": [9000], "traefik": [8080], "varnish": [6082],
    ]

    /// Words of a variable that names a port for visitors.
    static let pageWords: Set<String> = [
        "api", "app", "backend", "bind", "external", "frontend", "http", "listen", "public",
        "server", "site", "ui", "web", "webserver", "www",
    ]

    /// Words of other protocols than HTTP.
    static let otherProtocols: Set<String> = [
        "amqp", "dns", "ftp", "imap", "ldap", "lmtp", "mail", "mqtt", "pop", "rtmp", "sftp", "sip",
        "smtp", "smtpd", "ssh", "stun", "syslog", "tcp", "turn", "udp",
    ]

    /// Words of a variable or an option that names a port for who runs the service.
    static let inwardWords: Set<String> = [
        "admin", "debug", "health", "https", "inspect", "internal", "management", "metric",
        "metrics", "monitoring", "pprof", "profiler", "prometheus", "ssl", "stats", "tls",
    ]
}
