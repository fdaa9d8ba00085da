/// Images that say what a service is, without registry, owner and tag.
extension KnownNames {
    /// Images that hold data or carry messages for an app and are not part of its releases.
    static let storeImages: Set<String> = [
        "aerospike-server", "apicurio-registry", "apicurio-registry-mem", "confluent-local",
        "cp-enterprise-control-center", "cp-kafka-rest", "cp-ksqldb-server", "databend",
        "foundationdb", "greptimedb", "immudb", "influxdb3-core", "janusgraph", "nats-server",
        "osrm-backend", "pgvecto-rs", "pictrs", "proxysql", "rabbitmq-server",
        "ksqldb-server", "kvrocks", "localai", "odyssey", "openbao", "orientdb", "pgautoupgrade",
        "pgcat", "rqlite", "supavisor", "text-embeddings-inference", "text-generation-inference",
        "tidb", "tikv", "tritonserver", "victoria-logs", "vllm-openai", "vminsert", "vmstorage",
        "activemq", "activemq-artemis", "arangodb", "artemis", "azure-sql-edge", "beanstalkd",
        "citus", "dgraph", "dolt-sql-server", "ferretdb", "firebird", "hazelcast", "ignite",
        "libsql-server", "memgraph", "memgraph-mage", "nanomq", "nsq", "ollama", "pulsar-all",
        "ravendb", "tarantool", "tigerbeetle", "yugabyte", "azurite", "cassandra",
        "chroma", "clickhouse", "clickhouse-server", "cockroach", "couchbase", "couchdb",
        "cp-enterprise-kafka", "cp-kafka", "cp-kafka-connect", "cp-schema-registry", "cp-server",
        "cp-zookeeper", "documentdb", "dragonfly", "dynamodb-local", "eclipse-mosquitto",
        "elasticmq", "elasticmq-native", "elasticsearch", "emqx", "etcd", "eventstore",
        "fake-gcs-server", "garage", "influxdb", "kafka", "keycloak", "keydb", "localstack",
        "manticore", "mariadb", "mariadb-galera", "meilisearch", "memcached", "milvus", "minio",
        "mongo", "mongodb", "mongodb-community-server", "mosquitto", "mssql-server", "mysql",
        "mysql-server", "nats", "nats-streaming", "neo4j", "openldap", "opensearch", "oracle-free",
        "oracle-xe",
        "percona", "percona-server", "percona-server-mongodb", "pgbouncer", "pgpool", "pgvector",
        "postgis", "postgres", "postgres-alpine", "postgresql", "postgresql-repmgr", "pulsar",
        "qdrant", "questdb", "rabbitmq", "redis", "redis-cluster", "redis-sentinel", "redis-stack",
        "redis-stack-server", "redpanda", "rethinkdb", "rustfs", "scylla", "seaweedfs", "solr",
        "surrealdb", "timescaledb", "timescaledb-ha", "typesense", "valkey", "vault",
        "vernemq", "victoria-metrics", "weaviate", "zookeeper",
    ]

    /// Of those the ones that people sign on to, or look at: where there is nothing else, visitors
    /// come for them.
    static let visitedAlone: Set<String> = ["couchdb", "keycloak", "minio", "neo4j", "vault"]

    /// By more than the last part of the name.
    static let storeRepositories: Set<String> = [
        "apachepinot/pinot", "ibm-messaging/mq", "atmoz/sftp", "microsoft/garnet", "trinodb/trino",
        "mssql/server", "registry", "distribution/distribution", "debezium/connect",
        "dragonflydb/dragonfly", "temporalio/auto-setup", "temporalio/server",
        "vectorim/synapse-db", "zabbix/zabbix-server-mysql", "zabbix/zabbix-server-pgsql",
    ]

    /// By more than the last part of the name.
    static let toolRepositories: Set<String> = [
        "jaegertracing/all-in-one", "stripe/stripe-cli", "jaegertracing/opentelemetry-all-in-one",
        "otel/autoinstrumentation",
        "prom/blackbox-exporter", "timberio/vector", "grafana/tempo", "temporalio/admin-tools",
        "temporalio/ui", "redpandadata/console",
    ]

    /// Programs whose own work is to pass requests on.
    static let proxies: Set<String> = [
        "apache", "apisix", "caddy", "envoy", "haproxy", "httpd", "kong", "krakend", "nginx",
        "nginx-unprivileged", "openresty", "swag", "traefik", "tyk-gateway", "varnish",
    ]

    /// Proxies that find the others by labels or variables of their containers.
    static let searchingProxies: Set<String> = [
        "caddy-docker-proxy", "docker-gen", "nginx-proxy", "traefik", "acme-companion",
        "letsencrypt-nginx-proxy-companion", "docker-letsencrypt-nginx-proxy-companion",
    ]

    /// Proxies and tunnels with TLS of their own that a variable or a page tells where to go.
    static let ownTLSProxies: Set<String> = [
        "cloudflared", "https-portal", "ngrok", "nginx-proxy-manager",
    ]

    /// They are registered once, and take each piece of work for themselves.
    static let runners: Set<String> = [
        "act_runner", "actions-runner", "buildkite-agent", "drone-runner-docker", "github-runner",
        "gitlab-runner", "inbound-agent", "jenkins-agent", "jenkins-inbound-agent",
        "woodpecker-agent",
    ]

    /// Their programs do one thing at a time, as the command says.
    static let endingImages: Set<String> = [
        "mc", "aws-cli", "curl", "kcat", "nats-box",
    ]

    /// They bring a database up to date, and end.
    static let migratingImages: Set<String> = [
        "atlas", "dbmate", "flyway", "goose", "liquibase", "migrate",
    ]

    /// Programs of others that do what they are asked, and keep nothing.
    static let answering: Set<String> = [
        "apache-tika", "browserless", "chrome", "chromium", "clamav", "crawl4ai", "docling-serve",
        "flaresolverr", "gotenberg", "headless-shell", "imaginary", "imgproxy", "jodconverter",
        "kroki", "languagetool", "libretranslate", "pg_tileserv", "plantuml-server", "postgrest",
        "prerender", "presidio-analyzer", "presidio-anonymizer", "rembg", "squid",
        "standalone-chrome", "standalone-chromium", "standalone-firefox", "stirling-pdf", "thumbor",
        "tika", "unoserver",
    ]
}
