import Orchestration

/// The service that nginx sends requests to, and those that it could be as well. Pure.
struct ExposedService: Hashable, Sendable {
    let service: ServiceOutline
    let port: Int
    /// The ports of the others, by service.
    let others: [String: Int]

    init(_ services: [ServiceOutline], _ wish: Proposal.Wish) throws(ProposalMistake) {
        let chosen = try Self.chosen(services, wish)
        guard StrictGrammar.exposedName.accepts(chosen.name) else {
            throw .unfitName(chosen.name)
        }
        guard let port = wish.port ?? Self.port(of: chosen) else {
            throw .noPort(service: chosen.name)
        }
        service = chosen
        self.port = port
        let others = services.filter {
            $0.name != chosen.name && Self.isCandidate($0)
                && StrictGrammar.exposedName.accepts($0.name)
        }
        self.others = Dictionary(
            uniqueKeysWithValues: others.compactMap { service in
                Self.port(of: service).map { (service.name, $0) }
            })
    }

    private static func chosen(
        _ services: [ServiceOutline], _ wish: Proposal.Wish
    ) throws(ProposalMistake) -> ServiceOutline {
        let names = services.map(\.name)
        if let name = wish.service {
            guard let service = services.first(where: { $0.name == name }) else {
                throw .unknownService(name, nearest: names.nearest(to: name), known: names)
            }
            return service
        }
        let own = services.filter { !isInfrastructure($0) }
        if let best = ranked(own.filter(isCandidate)).first { return best }
        guard wish.port != nil, own.count == 1, let only = own.first else {
            throw .noCandidate(services: own.isEmpty ? names : own.map(\.name))
        }
        return only
    }

    /// A published service comes first, then one that is built here, then one that no other
    /// candidate asks. Tools that look into another service come last; the alphabet decides the
    /// rest.
    private static func ranked(_ candidates: [ServiceOutline]) -> [ServiceOutline] {
        let asked = Set(candidates.filter { !isTool($0) }.flatMap(\.dependencies))
        func rank(_ service: ServiceOutline) -> (Int, Int, Int, Int, String) {
            (
                StrictGrammar.exposedName.accepts(service.name) ? 0 : 1,
                publishedPort(of: service) == nil ? 1 : 0,
                service.build != nil ? 0 : isTool(service) ? 2 : 1,
                asked.contains(service.name) ? 1 : 0, service.name
            )
        }
        return candidates.sorted { rank($0) < rank($1) }
    }

    private static func isTool(_ service: ServiceOutline) -> Bool {
        service.imageBaseName.map(Infrastructure.isTool(image:)) ?? false
    }

    private static func isCandidate(_ service: ServiceOutline) -> Bool {
        !isInfrastructure(service) && port(of: service) != nil
    }

    static func isInfrastructure(_ service: ServiceOutline) -> Bool {
        infrastructure(service) != nil
    }

    /// By its image, else by its name; nil for what is neither.
    static func infrastructure(_ service: ServiceOutline) -> String? {
        [service.imageBaseName, service.name].compactMap(\.self).first(where: Infrastructure.has)
    }

    private static func port(of service: ServiceOutline) -> Int? {
        publishedPort(of: service) ?? plainest(service.exposedPorts)
    }

    private static func publishedPort(of service: ServiceOutline) -> Int? {
        plainest(service.publishedPorts.filter { $0.transport == "tcp" }.map(\.target))
    }

    /// nginx speaks plain HTTP to it, so that a port that is usually TLS comes last. It would open,
    /// and so count as healthy, and answer every request with an error.
    private static func plainest(_ ports: [Int]) -> Int? {
        ports.first { ![443, 4443, 8443, 9443].contains($0) } ?? ports.first
    }
}

/// Images that hold data or carry messages for an app and are not part of its releases.
enum Infrastructure {
    /// As images are called, without registry, owner and tag.
    private static let images: Set<String> = [
        "activemq", "activemq-artemis", "artemis", "cassandra", "clickhouse", "clickhouse-server",
        "cockroach", "consul", "couchbase", "couchdb", "cp-kafka", "cp-schema-registry",
        "cp-zookeeper",
        "dragonfly", "elasticsearch", "emqx", "etcd", "eventstore", "influxdb", "kafka", "keydb",
        "mailhog", "mailpit", "mariadb", "meilisearch", "memcached", "minio", "mongo", "mongodb",
        "mosquitto", "mssql-server", "eclipse-mosquitto", "mysql", "mysql-server", "nats", "neo4j",
        "opensearch", "percona", "percona-server", "pgvector", "postgis", "postgres", "postgresql",
        "qdrant", "rabbitmq", "redis", "redis-stack", "redis-stack-server", "redpanda", "scylla",
        "solr", "timescaledb", "timescaledb-ha", "typesense", "valkey", "vault", "weaviate",
        "zookeeper",
    ]

    /// Pages that look into one of those, and not what visitors come for.
    private static let tools: Set<String> = [
        "adminer", "akhq", "cadvisor", "dozzle", "flower", "grafana", "kafdrop", "kafka-ui",
        "kibana", "mongo-express", "pgadmin4", "phpmyadmin", "portainer", "portainer-ce",
        "prometheus", "redis-commander", "redisinsight",
    ]

    static func has(_ name: String) -> Bool {
        images.contains(name.lowercased())
    }

    static func isTool(image: String) -> Bool {
        tools.contains(image.lowercased())
    }
}
