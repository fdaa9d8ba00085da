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
