package import BlueGreen
import GRDB
package import Orchestration

/// The reading of a day, and the notes of people's wishes, for the page.
extension SQLiteWatchStore {
    /// The probes of each replica since the quarter, the oldest first. Reads minutes, of which a day
    /// has 1440 for each replica.
    package func quarters(since quarter: Int64) async throws -> [ProbeQuarter] {
        let rows = try read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT name, release, minute / 15 AS quarter, sum(passes) AS passes,
                        sum(failures) AS failures
                    FROM minutes JOIN replicas ON replicas.id = minutes.replica
                    WHERE minute >= ? GROUP BY replica, quarter ORDER BY quarter
                    """, arguments: [quarter * 15])
        }
        return (rows ?? []).map { row in
            ProbeQuarter(
                name: row["name"], release: ReleaseID(row["release"] as String),
                quarter: row["quarter"], passes: row["passes"], failures: row["failures"])
        }
    }

    /// Beside the rounds, whose record it leaves as it is.
    package func add(_ event: WatchEvent) async throws {
        let text = try RecordText.encode(event)
        let moment = event.at.milliseconds
        try await write { database in
            try database.execute(
                sql: "INSERT INTO events (at, json) VALUES (?, ?)", arguments: [moment, text])
        }
    }
}
