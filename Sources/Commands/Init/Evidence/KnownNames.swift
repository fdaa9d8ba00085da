/// Words that say what a service is.
enum KnownNames {
    /// Programs of stores' images that are the store itself.
    static let storePrograms = [
        "postgres", "mysqld", "mariadbd", "mongod", "redis-server", "valkey-server",
        "rabbitmq-server", "memcached", "nats-server", "docker-entrypoint.sh", "server",
        "start-dev", "start", "etcd", "minio", "redis-stack-server",
    ]

    /// Of addresses by which programs reach a store.
    static let storeSchemes = [
        "postgres", "postgresql", "mysql", "mysql2", "mariadb", "mongodb", "mongodb+srv", "redis",
        "rediss", "amqp", "amqps", "nats", "kafka", "clickhouse", "memcached",
    ]

    /// Variables that only the image of a store reads, those of a row together.
    static let storeVariables = [
        ["POSTGRES_DB", "POSTGRES_PASSWORD", "PGDATA"], ["POSTGRES_INITDB_ARGS"],
        ["MONGO_INITDB_ROOT_USERNAME"], ["MONGO_INITDB_DATABASE"], ["MYSQL_ROOT_PASSWORD"],
        ["MARIADB_ROOT_PASSWORD"], ["MYSQL_RANDOM_ROOT_PASSWORD"],
        ["MYSQL_ALLOW_EMPTY_PASSWORD"], ["RABBITMQ_DEFAULT_USER"], ["RABBITMQ_DEFAULT_PASS"],
        ["MSSQL_SA_PASSWORD"], ["MINIO_ROOT_PASSWORD"],
    ]

    /// A word at the end of a service's name, or anywhere in an image's, that says the same.
    static let storeWords = plainlyNamed.union(storeImageWords)

    private static let plainlyNamed: Set<String> = [
        "broker", "cassandra", "clickhouse", "ldap", "mq", "cockroachdb", "couchdb", "database",
        "databases",
        "db", "elasticsearch", "etcd", "influxdb", "kafka", "keydb", "mariadb", "meilisearch",
        "memcache", "memcached", "minio", "mongo", "mongodb", "mosquitto", "mssql", "mysql",
        "neo4j", "neo", "opensearch", "pg", "pgsql", "pgvector", "postgis", "postgres",
        "postgresql", "qdrant", "rabbit", "rabbitmq", "redis", "redpanda", "sqlserver",
        "timescaledb", "valkey", "zookeeper",
    ]

    /// Names of stores that are one word, and that little else is called by.
    private static let storeImageWords = Set(
        storeImages.subtracting([
            "artemis", "chroma", "citus", "dragonfly", "garage", "ignite", "keycloak", "localai",
            "odyssey", "percona", "pulsar", "vault",
        ]).filter { $0.allSatisfy(\.isLetter) })

    /// Of those the ones that nothing else is called by.
    static let plainStoreWords: Set<String> = storeWords.subtracting([
        "broker", "eventstore", "ldap", "memcache", "mq", "neo", "pg", "rabbit",
    ])

    /// They follow the word that matters: `postgres-primary`, `redis-server`.
    static let fillers: Set<String> = [
        "a", "b", "alpine", "cluster", "data", "dev", "development", "host", "instance", "leader",
        "local", "main", "master", "node", "primary", "prod", "production", "read", "replica",
        "secondary", "server", "single", "slave", "staging", "standalone", "store",
    ]

    /// Beside a store's word they say that the service is about a store, and is none.
    static let aboutStores: Set<String> = [
        "admin", "api", "app", "archive", "backup", "backups", "bootstrap", "bouncer", "bridge",
        "bucket", "buckets", "certs", "client", "commander", "compass", "connect", "connector",
        "console", "consumer", "create", "dashboard", "dump", "explorer", "exporter", "express",
        "gui", "import", "init", "initializer", "insight", "insights", "install", "job", "listener",
        "loader", "manager", "metrics", "migrate", "migration", "migrations", "migrator", "monitor",
        "prepare", "producer", "proxy", "provision", "publisher", "rest", "restore", "seed",
        "seeder", "service", "setup", "sync", "topics", "tools", "ui", "update", "updater",
        "upgrade", "web", "worker",
    ]

    /// At the beginning of a name they say what is done with the store at its end.
    static let worksOnStores: Set<String> = [
        "backup", "bootstrap", "check", "clean", "cleanup", "configure", "copy", "create", "dump",
        "fill", "import", "init", "initialize", "install", "load", "loader", "migrate",
        "migrations", "populate", "prepare", "provision", "reset", "restore", "seed", "seeder",
        "setup", "sync", "upgrade", "wait",
    ]

    /// Words of what visitors see, which no store is called by.
    static let pageWords: Set<String> = [
        "apache", "front", "frontend", "nginx", "php", "portal", "site", "ui", "website", "webui",
    ]

    /// Pages beside the site, for who makes it.
    static let sidePages: Set<String> = [
        "apidocs", "docs", "documentation", "e2e", "hmr", "mock", "mocks", "openapi", "playground",
        "redoc", "storybook", "styleguide", "swagger", "test", "tests",
    ]

    /// Programs that only a store's health check runs.
    static let storeProbes = [
        "pg_isready", "mysqladmin", "redis-cli", "valkey-cli", "mongosh", "mongo --eval",
        "rabbitmq-diagnostics", "rabbitmqctl", "healthcheck.sh --connect", "cqlsh",
        "clickhouse-client", "sqlcmd", "mariadb-admin",
    ]

    /// Pages and programs that look into others, and not what visitors come for.
    static let tools: Set<String> = [
        "adminer", "agent", "akhq", "alertmanager", "alloy", "autoheal", "backup", "backups",
        "beszel",
        "bull-board", "swagger-ui",
        "blackbox", "cadvisor", "certbot", "chronograf", "cerebro", "cloudbeaver", "collector",
        "crowdsec", "dbgate", "dejavu", "diun", "docuum", "dozzle", "exporter", "fail2ban",
        "filebeat", "flower", "fluent-bit", "fluentbit", "fluentd", "glances", "grafana",
        "greenmail",
        "inbucket", "influx-ui", "jaeger", "kafdrop", "kafka-ui", "kafka-manager", "kibana",
        "lazydocker", "logspout", "logstash", "loki", "maildev", "mailcatcher", "mailhog",
        "mailpit", "mailslurper", "mimir", "mongo-express", "mongoexpress", "papercut",
        "papercut-smtp", "monitoring",
        "grafana-enterprise", "grafana-oss", "kafbat-ui", "nagios", "netdata", "node-exporter",
        "ofelia", "opensearch-dashboards", "opentelemetry",
        "otel", "otelcol", "pgadmin", "pgadmin4", "phpmyadmin", "phpredisadmin",
        "portainer", "portainer-ce", "promtail", "prometheus", "pushgateway", "pyroscope",
        "redis-commander", "rediscommander", "redisinsight", "redis-insight", "redpanda-console",
        "schemaspy", "karma", "metricbeat", "packetbeat", "heartbeat", "auditbeat", "elastic-agent",
        "asynqmon", "gatus", "ksqldb-cli", "mockoon", "mockserver", "pghero", "pgweb",
        "rq-dashboard", "sqlpad",
        "unpoller", "vmagent", "vmalert", "vmauth", "wiremock", "zabbix-agent",
        "selenium", "seq", "smtp4dev", "statsd", "telegraf", "tempo", "thanos",
        "vector",
        "watchtower", "zipkin",
    ]

    /// Of these words one alone may as well be a part of the release.
    static let vagueTools: Set<String> = [
        "agent", "backup", "backups", "collector", "exporter", "monitoring", "tempo", "vector",
    ]

    static let plainTools = tools.subtracting(vagueTools)

    /// Of the tools those that people look at.
    static let boards: Set<String> = [
        "grafana", "grafana-enterprise", "grafana-oss", "kibana", "opensearch-dashboards",
        "netdata",
    ]

    static let registries: Set<String> = [
        "consul", "discovery", "eureka", "nacos", "registry", "serf",
    ]

    static let schedulers: Set<String> = [
        "apscheduler", "beat", "bree", "celerybeat", "clock", "clockwork", "cron", "cronjob",
        "cronjobs",
        "crons", "crontab", "quartz", "rqscheduler", "runapscheduler", "runscheduler", "schedule",
        "scheduler", "schedulers", "ticker", "yacron",
    ]

    /// In the place of the five numbers of a cron table's line.
    static let cronPeriods: Set<String> = [
        "@annually", "@daily", "@every", "@hourly", "@monthly", "@weekly", "@yearly",
    ]

    /// They do so of what cleans up or comes round; a service that listens is none.
    static let cleaners: Set<String> = [
        "cleaner", "cleanup", "housekeeper", "housekeeping", "janitor", "maintenance", "periodic",
        "pruner", "reaper", "retention", "timer", "timers",
    ]

    /// As a word of a command, whatever stands beside it.
    static let schedulerWords = schedulers.union(["agenda", "housekeeping", "periodic", "timers"])

    /// Tools that act by the clock, or on the host: two of one act twice.
    static let actingTools: Set<String> = [
        "autoheal", "backup", "backups", "certbot", "diun", "docuum", "ofelia", "watchtower",
    ]

    static let bots: Set<String> = ["bot", "discordbot", "slackbot", "telegrambot"]

    static let workers: Set<String> = [
        "backgroundjobs", "celery", "celeryworker", "consumer", "consumers", "delayed", "dequeuer",
        "goodjob", "horizon", "job", "jobs", "processor", "queue", "queues", "resque",
        "rq", "runner", "sidekiq", "solidqueue", "subscriber", "tasks", "triggerer", "worker",
        "workers",
    ]

    /// They say it at the beginning of a name as well.
    static let leadingWorkers: Set<String> = [
        "celery", "consumer", "horizon", "resque", "sidekiq", "worker", "workers",
    ]

    static let endingWords: Set<String> = [
        "bootstrap", "bucket", "buckets", "createbucket", "createbuckets", "createdb",
        "fixtures", "init", "initdb", "loaddata", "populate", "initializer", "install", "installer",
        "migrate",
        "migration", "migrations", "migrator", "prepare", "provision", "provisioner", "seed",
        "seeder", "setup", "upgrade", "topics",
    ]

    /// Services that are what visitors ask for, the whole name.
    static let entrances: Set<String> = [
        "app", "application", "api-gateway", "apigateway", "edge", "entrypoint", "front",
        "frontend", "front-end", "gateway", "http", "ingress", "nginx", "proxy", "reverse-proxy",
        "reverseproxy", "router", "server", "site", "ui", "web", "webapp", "web-app", "webserver",
        "web-server", "webui", "website", "www",
    ]

    /// Names of what people visit, by which other services may go as well; the whole name.
    static let fronts: Set<String> = [
        "landing", "landing-page", "landingpage", "portal", "shop", "storefront", "web-shop",
        "webshop",
    ]

    /// At the end of a longer name.
    static let entranceWords: Set<String> = [
        "app", "client", "front", "frontend", "gateway", "nginx", "portal", "proxy", "server",
        "site", "ui", "web", "webapp", "webserver", "website", "webui", "www",
    ]

    /// Beside the site, and rarely the site itself.
    static let sideWords: Set<String> = [
        "admin", "analytics", "assets", "auth", "bot", "cable", "cdn", "debug", "docs", "dns",
        "e2e",
        "exporter", "hmr", "imap", "jicofo", "jvb", "livekit", "mail", "mailer", "meta", "metrics",
        "mock", "notifier", "proxysql", "push", "realtime", "render", "smtp", "socket", "sse",
        "static", "status", "storybook", "stream", "streaming", "swagger", "test", "tests", "turn",
        "vite", "webhook", "webhooks", "webpack", "websocket", "websockets", "ws",
    ]

    /// Of those the ones that browsers ask for themselves, where they are published.
    static let visitedSides: Set<String> = [
        "admin", "auth", "cable", "push", "realtime", "socket", "sse", "stream", "streaming",
        "webhook", "webhooks", "websocket", "websockets", "ws",
    ]

    /// Words of pages, and of what they ask: where both publish a port, visitors come to both.
    static let visitedParts: Set<String> = [
        "admin", "api", "app", "backend", "bff", "client", "console", "dashboard", "front",
        "frontend", "graphql", "portal", "rest", "server", "shop", "site", "storefront", "ui",
        "web", "webapp", "website", "www",
    ]

    /// Folders where a program keeps an index, a queue or a database for itself alone.
    static let lockedPlaces: Set<String> = [
        "badger", "bleve", "bolt", "chroma", "duckdb", "faiss", "index", "indexes", "indices",
        "journal", "leveldb", "lock", "locks", "lucene", "queue", "queues", "raft", "rocksdb",
        "search", "spool", "sqlite", "vectors", "wal",
    ]

    /// Of variables that name an image; they say nothing of which.
    static let imageWords: Set<String> = [
        "api", "backend", "docker", "image", "registry", "repo", "repository", "tag", "version",
        "service",
    ]
}
