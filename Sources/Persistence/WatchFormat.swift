import GRDB

/// The tables of a watch's store; a format as `StoreFormat` is one.
enum WatchFormat {
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
        return migrator
    }
}
