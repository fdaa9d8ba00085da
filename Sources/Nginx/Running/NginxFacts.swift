import BlueGreen
import Orchestration

/// The facts about the running nginx, for the time of one command.
struct NginxFacts: Hashable, Sendable {
    let build: NginxBuild
    /// nil where nginx runs on the host.
    let container: NginxContainer?
    /// Where an `access_log` ends none of the user's; nil where nginx could not say what it reads.
    let log: LogPlacement?
    /// The lines of the http block that say how large nginx's hashes are; none where nginx could
    /// not say what it reads.
    let hashSizes: [String]

    init(
        _ examination: RunningNginx.Examination, _ container: NginxContainer?,
        _ settings: NginxSettings
    ) {
        build = examination.build
        self.container = container
        switch examination.configuration {
        case .success(let dump):
            let examination = ConfigurationExamination(dump, settings)
            log = examination.logPlacement
            hashSizes = examination.hashSizes
        case .failure:
            log = nil
            hashSizes = []
        }
    }

    private init(_ found: NginxFacts, on container: NginxContainer) {
        build = found.build
        log = found.log
        hashSizes = found.hashSizes
        self.container = container
    }

    /// The same with the container as it is now.
    func with(_ container: NginxContainer) -> NginxFacts {
        NginxFacts(self, on: container)
    }

    /// Where the status server is asked.
    func address(_ settings: NginxSettings) throws -> StatusAddress {
        guard let container, !container.usesHostNetwork else { return settings.status }
        guard let network = container.networks.first else {
            throw NginxError.container(
                name: settings.container?.name ?? "", reason: "it is on no bridge network")
        }
        return StatusAddress(host: network.address, port: settings.status.port)
    }

    /// Where workers that run these files are asked: the settings may name another port by now,
    /// and files that are put back listen where they did.
    func address(_ settings: NginxSettings, of files: GeneratedFiles) throws -> StatusAddress {
        let present = try address(settings)
        guard let listen = files.manifest?.blueprint.listen else { return present }
        let isBridged = container.map { !$0.usesHostNetwork } ?? false
        return StatusAddress(host: isBridged ? present.host : listen.host, port: listen.port)
    }

    /// In a container the status server listens on every address and answers the bridges' own
    /// addresses only, which are the host's.
    func environment(_ settings: NginxSettings) -> Blueprint.Environment {
        guard let container, !container.usesHostNetwork else {
            return Blueprint.Environment(
                version: build.version, listen: settings.status, gateways: [],
                log: log ?? .nowhere, hasRealIP: build.has("http_realip_module"),
                knowsLimits: build.knowsLimits)
        }
        return Blueprint.Environment(
            version: build.version,
            listen: StatusAddress(host: "0.0.0.0", port: settings.status.port),
            gateways: container.gateways, log: log ?? .nowhere,
            hasRealIP: build.has("http_realip_module"), knowsLimits: build.knowsLimits)
    }
}

/// Remembers what nginx and its container are, for the time of one command. Two callers at once may
/// both look; they find the same.
actor NginxFactsCache {
    private let nginx: RunningNginx
    private var known: NginxFacts?
    private var fresh: (examination: RunningNginx.Examination, at: Timestamp)?
    /// A look before a deployment is good for the first act of it.
    private static let freshness = Duration.seconds(2)

    init(_ nginx: RunningNginx) {
        self.nginx = nginx
    }

    func remember(_ facts: NginxFacts) {
        known = facts
    }

    /// Of the host's own nginx: a container may be joined to networks meanwhile.
    func remember(_ facts: NginxFacts, of examination: RunningNginx.Examination) {
        known = facts
        fresh = facts.container == nil ? (examination, nginx.clock.now) : nil
    }

    /// The files that nginx said it reads, where that was but now. It is given once: the next one asks
    /// again.
    func takeExamination() -> RunningNginx.Examination? {
        defer { fresh = nil }
        guard let fresh, nginx.clock.now - fresh.at < Self.freshness else { return nil }
        return fresh.examination
    }

    func facts() async throws -> NginxFacts {
        // Before the app's first files are there nginx may refuse the site that reads them.
        if let known, known.log != nil { return known }
        let container = try await nginx.container()
        let found = NginxFacts(try await nginx.examine(), container, nginx.settings)
        known = found
        return found
    }

    /// The same, with nginx on the networks of the app's colours.
    func factsOnNetworks() async throws -> NginxFacts {
        let facts = try await facts()
        guard let container = facts.container else { return facts }
        let joined = facts.with(try await nginx.joinNetworks(container))
        known = joined
        return joined
    }

    /// Where the status server is asked; on the host that needs no look at nginx.
    func address() async throws -> StatusAddress {
        guard nginx.settings.container != nil else { return nginx.settings.status }
        return try await facts().address(nginx.settings)
    }
}
