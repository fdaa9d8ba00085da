/// Words of commands that say what a service does.
extension KnownNames {
    static let schedulerCommands = [
        "celery beat", " beat", "dagster-daemon", "schedule:work", "schedule:run", "clockwork",
        "supercronic", "periodiq", " --every ", " --cron ", " --schedule ",
        "crond", "cron -f", "airflow scheduler", "/cron.sh", "rqscheduler", "resque:scheduler",
        "whenever", "runcrons", "quartz.enabled=true", "watch -n",
    ]

    static let workerCommands = [
        "celery worker", " worker", "sidekiq", "queue:work", "horizon", "rqworker", "rq worker",
        "resque:work", "jobs:work", "good_job", "solid_queue", "dramatiq", "messenger:consume",
        "qcluster", "arq ", "huey_consumer", "procrastinate worker", "queue:listen",
        "queue:consumers:start", "delayed_job", "backburner", "faktory", "shoryuken", " que ",
        "bullmq", "oban", "taskiq worker", "nameko run", "faust -a", "profiles.active=worker",
        "bin/jobs",
    ]

    /// Words of the program that a command runs, and not of its options: `node dist/worker.js`.
    static let workerPrograms: Set<String> = [
        "consumer", "consumers", "karafka", "racecar", "worker", "workers",
    ]

    /// Of two that ask a service for its messages each would answer.
    static let botPrograms: Set<String> = bots.union(["polling"])

    /// A command with such a word starts something that stays, whatever else it does first.
    static let startingWords: Set<String> = [
        "beat", "boot", "consume", "daemon", "gunicorn", "listen", "loop", "puma", "runserver",
        "schedule", "serve", "server", "sleep", "start", "tail", "unicorn", "uvicorn", "watch",
        "while", "worker",
    ]

    /// Programs that ask a store, and of its image are not the store.
    static let storeClients: Set<String> = [
        "cassandra-stress", "clickhouse-client", "cockroach-init", "cockroach-sql", "cqlsh",
        "createdb", "cypher-shell", "dropdb", "etcdctl", "influx", "kafka-configs",
        "kafka-console-producer", "kafka-topics", "mariadb", "mariadb-dump", "mc", "mongo",
        "mongodump", "mongoexport", "mongoimport", "mongorestore", "mongosh", "mysql",
        "mysqladmin", "mysqldump", "mysqlimport", "pg_basebackup", "pg_dump", "pg_dumpall",
        "pg_isready", "pg_restore", "pgbench", "psql", "rabbitmqadmin", "redis-cli", "sqlcmd",
        "valkey-cli",
    ]

    /// They start what follows their one argument.
    static let wrappers: Set<String> = ["gosu", "su-exec", "timeout"]

    /// They stand before the program that a step of a command runs.
    static let leadingCommandWords: Set<String> = [
        "ash", "bash", "dash", "do", "docker-entrypoint", "else", "env", "exec", "if", "nohup",
        "sh", "then", "time", "until", "while",
    ]

    static let endingCommands = [
        "migrate", "migration:run", "migrations run", "migration run", "prisma db push",
        "drizzle-kit push", "sqlx database", "goose up", "sync-db", "syncdb", "assets:precompile",
        "db:prepare", "db:setup", "db:seed", "db:create", "alembic upgrade",
        "mc mb", "mc alias", "mc config", "--create --topic", "kafka-topics", "stream add",
        "collectstatic",
        "db init", "db upgrade", "createsuperuser", "ecto.setup",
    ]
}
