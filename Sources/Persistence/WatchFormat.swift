import GRDB

/// The tables of a watch's store; a format as `StoreFormat` is one.
enum WatchFormat {
    /// The bound of a time that is longer than all bounds.
    static let longer = Int64.max

    /// Whether a record can be there. A file of an earlier format is read as it is.
    static func hasRecords(in database: Database) throws -> Bool {
        try migrator.appliedIdentifiers(database).contains("1")
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            // Times are milliseconds and minutes since 1970, probes took microseconds.
            try database.execute(
                sql: """
                    CREATE TABLE watch (id INTEGER PRIMARY KEY, json TEXT NOT NULL);
                    CREATE TABLE replicas (
                        id INTEGER PRIMARY KEY, name TEXT NOT NULL, release TEXT NOT NULL,
                        UNIQUE (name, release));
                    CREATE TABLE results (
                        at INTEGER NOT NULL, replica INTEGER NOT NULL, passed INTEGER NOT NULL,
                        took INTEGER, PRIMARY KEY (at, replica)) WITHOUT ROWID;
                    CREATE TABLE minutes (
                        minute INTEGER NOT NULL, replica INTEGER NOT NULL,
                        passes INTEGER NOT NULL, failures INTEGER NOT NULL, slowest INTEGER,
                        PRIMARY KEY (minute, replica)) WITHOUT ROWID;
                    CREATE TABLE events (
                        id INTEGER PRIMARY KEY, at INTEGER NOT NULL, json TEXT NOT NULL);
                    """)
        }
        migrator.registerMigration("2") { database in
            // Sums that outlive what they were made of. A bound is in microseconds, that of a longer
            // time is `longer`, and -1 stands for no probe at all: the container did not run.
            try database.execute(
                sql: """
                    CREATE TABLE probe_totals (
                        service TEXT NOT NULL, passed INTEGER NOT NULL, bound INTEGER NOT NULL,
                        count INTEGER NOT NULL, took INTEGER NOT NULL, last INTEGER NOT NULL,
                        PRIMARY KEY (service, passed, bound)) WITHOUT ROWID;
                    CREATE TABLE act_totals (
                        service TEXT NOT NULL, action TEXT NOT NULL, outcome TEXT NOT NULL,
                        count INTEGER NOT NULL, PRIMARY KEY (service, action, outcome))
                        WITHOUT ROWID;
                    CREATE TABLE notice_totals (
                        event TEXT NOT NULL, delivered INTEGER NOT NULL, count INTEGER NOT NULL,
                        PRIMARY KEY (event, delivered)) WITHOUT ROWID;
                    """)
        }
        return migrator
    }
}
