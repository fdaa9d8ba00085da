/// Words and images that say what a service is. Names of images are without registry, owner, tag.
enum KnownNames {
    /// Images that hold data or carry messages for an app and are not part of its releases.
    static let storeImages: Set<String> = [
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

    /// By more than the last part of the name.
    static let storeRepositories: Set<String> = [
        "mcr.microsoft.com/mssql/server", "registry", "distribution/distribution",
        "docker.dragonflydb.io/dragonflydb/dragonfly", "vectorim/synapse-db",
    ]

    /// A word at the end of a service's name, or anywhere in an image's, that says the same.
    static let storeWords: Set<String> = [
        "broker", "cassandra", "clickhouse", "cockroachdb", "couchdb", "database", "databases",
        "db", "elasticsearch", "etcd", "influxdb", "kafka", "keydb", "mariadb", "meilisearch",
        "memcache", "memcached", "minio", "mongo", "mongodb", "mosquitto", "mssql", "mysql",
        "neo4j", "neo", "opensearch", "pg", "pgsql", "pgvector", "postgis", "postgres",
        "postgresql", "qdrant", "rabbit", "rabbitmq", "redis", "redpanda", "sqlserver",
        "timescaledb", "valkey", "zookeeper",
    ]

    /// Of those the ones that nothing else is called by.
    static let plainStoreWords: Set<String> = storeWords.subtracting([
        "broker", "neo", "pg", "rabbit", "memcache",
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

    /// Where the usual stores keep their data.
    static let dataFolders = [
        "/var/lib/postgresql", "/var/lib/mysql", "/var/lib/mariadb", "/data/db", "/data/configdb",
        "/var/lib/redis", "/var/lib/rabbitmq", "/var/lib/cassandra", "/var/lib/clickhouse",
        "/var/lib/influxdb", "/var/lib/neo4j", "/var/opt/mssql", "/usr/share/elasticsearch/data",
        "/usr/share/opensearch/data", "/bitnami/postgresql", "/bitnami/mysql", "/bitnami/mariadb",
        "/bitnami/mongodb", "/bitnami/redis", "/bitnami/kafka", "/var/lib/kafka", "/meili_data",
        "/qdrant/storage", "/var/lib/etcd", "/opt/couchdb/data", "/var/lib/couchdb",
    ]

    /// Programs that only a store's health check runs.
    static let storeProbes = [
        "pg_isready", "mysqladmin", "redis-cli", "valkey-cli", "mongosh", "mongo --eval",
        "rabbitmq-diagnostics", "rabbitmqctl", "healthcheck.sh --connect", "cqlsh",
        "clickhouse-client", "sqlcmd", "mariadb-admin",
    ]

    /// Pages and programs that look into others, and not what visitors come for.
    static let tools: Set<String> = [
        "adminer", "akhq", "alertmanager", "alloy", "autoheal", "backup", "backups", "beszel",
        "bull-board", "swagger-ui",
        "blackbox", "cadvisor", "certbot", "chronograf", "cerebro", "cloudbeaver", "collector",
        "crowdsec", "dbgate", "dejavu", "diun", "docuum", "dozzle", "exporter", "fail2ban",
        "filebeat", "flower", "fluent-bit", "fluentbit", "fluentd", "glances", "grafana",
        "greenmail",
        "inbucket", "influx-ui", "jaeger", "kafdrop", "kafka-ui", "kafka-manager", "kibana",
        "lazydocker", "logspout", "logstash", "loki", "maildev", "mailcatcher", "mailhog",
        "mailpit", "mailslurper", "mimir", "mongo-express", "mongoexpress", "monitoring",
        "nagios", "netdata", "node-exporter", "ofelia", "opensearch-dashboards", "opentelemetry",
        "otel", "otelcol", "pgadmin", "pgadmin4", "phpmyadmin", "phpredisadmin",
        "portainer", "portainer-ce", "promtail", "prometheus", "pushgateway", "pyroscope",
        "redis-commander", "rediscommander", "redisinsight", "redis-insight", "redpanda-console",
        "schemaspy", "selenium", "seq", "smtp4dev", "statsd", "telegraf", "tempo", "thanos",
        "vector",
        "watchtower", "zipkin",
    ]

    /// By more than the last part of the name.
    static let toolRepositories: Set<String> = [
        "jaegertracing/all-in-one", "jaegertracing/opentelemetry-all-in-one",
        "otel/autoinstrumentation",
        "prom/blackbox-exporter", "timberio/vector", "grafana/tempo",
    ]

    /// Of these words one alone may as well be a part of the release.
    static let vagueTools: Set<String> = [
        "backup", "backups", "collector", "exporter", "monitoring", "tempo", "vector",
    ]

    /// Of the tools those that people look at.
    static let boards: Set<String> = ["grafana", "kibana", "opensearch-dashboards", "netdata"]

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

    static let registries: Set<String> = [
        "consul", "discovery", "eureka", "nacos", "registry", "serf",
    ]

    static let schedulers: Set<String> = [
        "beat", "celerybeat", "clock", "clockwork", "cron", "cronjob", "cronjobs", "crons",
        "crontab", "schedule", "scheduler", "schedulers", "ticker",
    ]

    /// As a word of a command, whatever stands beside it.
    static let schedulerWords: Set<String> = [
        "apscheduler", "beat", "cron", "housekeeping", "runapscheduler", "scheduler", "rqscheduler",
    ]

    static let schedulerCommands = [
        "celery beat", " beat", "schedule:work", "schedule:run", "clockwork", "supercronic",
        "crond", "cron -f", "airflow scheduler", "/cron.sh", "rqscheduler", "resque:scheduler",
        "whenever",
    ]

    static let workers: Set<String> = [
        "backgroundjobs", "celery", "celeryworker", "consumer", "consumers", "daemon", "delayed",
        "dequeuer", "goodjob", "horizon", "job", "jobs", "processor", "queue", "queues", "resque",
        "rq", "runner", "sidekiq", "solidqueue", "subscriber", "tasks", "triggerer", "worker",
        "workers",
    ]

    /// They say it at the beginning of a name as well.
    static let leadingWorkers: Set<String> = [
        "celery", "consumer", "horizon", "resque", "sidekiq", "worker", "workers",
    ]

    static let workerCommands = [
        "celery worker", " worker", "sidekiq", "queue:work", "horizon", "rqworker", "rq worker",
        "resque:work", "jobs:work", "good_job", "solid_queue", "dramatiq", "messenger:consume",
        "qcluster", "arq ",
    ]

    static let endingWords: Set<String> = [
        "bootstrap", "bucket", "buckets", "createbucket", "createbuckets", "createdb",
        "fixtures", "init", "initdb", "loaddata", "populate", "initializer", "install", "installer",
        "migrate",
        "migration", "migrations", "migrator", "prepare", "provision", "provisioner", "seed",
        "seeder", "setup", "upgrade", "topics",
    ]

    static let endingImages: Set<String> = [
        "flyway", "liquibase", "mc", "migrate", "dbmate", "goose", "aws-cli", "atlas",
    ]

    static let endingCommands = [
        "migrate", "db:prepare", "db:setup", "db:seed", "db:create", "alembic upgrade",
        "mc mb", "mc alias", "mc config", "--create --topic", "kafka-topics", "collectstatic",
        "db init", "db upgrade", "createsuperuser", "ecto.setup",
    ]

    /// Services that are what visitors ask for, the whole name.
    static let entrances: Set<String> = [
        "app", "application", "api-gateway", "apigateway", "edge", "entrypoint", "front",
        "frontend", "front-end", "gateway", "http", "ingress", "nginx", "proxy", "reverse-proxy",
        "reverseproxy", "router", "server", "site", "ui", "web", "webapp", "web-app", "webserver",
        "web-server", "webui", "website", "www",
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

    /// Images that are an application by themselves.
    static let applications: Set<String> = [
        "actual-server", "adguardhome", "audiobookshelf", "baserow", "bookstack", "budibase",
        "chatwoot", "code-server", "concourse", "directus", "discourse", "docmost", "drupal",
        "drone", "element-web", "etherpad", "firefly-iii", "focalboard", "forgejo", "freshrss",
        "ghost", "gitea", "gitlab-ce", "gitlab-ee", "gogs", "healthchecks", "home-assistant",
        "homepage", "immich-server", "invoiceninja", "jellyfin", "jenkins", "joomla", "kanboard",
        "linkding", "listmonk", "magento", "mastodon", "matomo", "mattermost-team-edition",
        "mediawiki", "mealie", "metabase", "miniflux", "moodle", "n8n", "nextcloud", "nocodb",
        "nodebb", "odoo", "outline", "owncloud", "paperless-ngx", "peertube", "photoprism",
        "pihole", "pixelfed", "plausible", "posthog", "prestashop", "redash", "redmine",
        "rocket.chat", "sentry", "shlink", "snipe-it", "sonarqube", "strapi", "superset",
        "synapse", "taiga", "umami", "uptime-kuma", "vaultwarden", "vikunja", "wallabag",
        "wekan", "wikijs", "wiki", "wordpress", "youtrack", "zammad", "zulip",
    ]
}
