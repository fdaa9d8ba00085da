import GRDB

/// The tables of the store. The migrations that a file has had are its format version. A released
/// format never changes: a new one comes as a further migration.
enum StoreFormat {
    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { database in
            try database.execute(
                sql: """
                    CREATE TABLE deployments (
                        number INTEGER PRIMARY KEY, json TEXT NOT NULL, outcome TEXT,
                        started_at INTEGER NOT NULL, finished_at INTEGER);
                    CREATE TABLE releases (
                        id TEXT PRIMARY KEY NOT NULL, json TEXT NOT NULL,
                        created_at INTEGER NOT NULL) WITHOUT ROWID;
                    CREATE TABLE memory (
                        release TEXT NOT NULL, service TEXT NOT NULL, held INTEGER NOT NULL,
                        peak INTEGER NOT NULL, PRIMARY KEY (release, service)) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("2") { database in
            // Sums of the deployments that ended. A bound is in microseconds.
            try database.execute(
                sql: """
                    CREATE TABLE deployment_totals (
                        kind TEXT NOT NULL, outcome TEXT NOT NULL, bound INTEGER NOT NULL,
                        count INTEGER NOT NULL, took INTEGER NOT NULL,
                        PRIMARY KEY (kind, outcome, bound)) WITHOUT ROWID;
                    """)
        }
        migrator.registerMigration("3") { database in
            // The newest writing of the records that several hosts share; one row at most.
            try database.execute(
                sql: """
                    CREATE TABLE edition (
                        one INTEGER PRIMARY KEY CHECK (one = 1), life TEXT NOT NULL,
                        number INTEGER NOT NULL);
                    """)
        }
        return migrator
    }

    /// Whether a record can be there. A file of an earlier format is read as it is.
    static func hasRecords(in database: Database) throws -> Bool {
        try migrator.appliedIdentifiers(database).contains("1")
    }

    /// The formats in the file that this Teal does not know.
    static func unknownFormats(in database: Database) throws -> [String] {
        let migrator = migrator
        return try migrator.appliedIdentifiers(database)
            .subtracting(migrator.migrations).sorted()
    }
}
