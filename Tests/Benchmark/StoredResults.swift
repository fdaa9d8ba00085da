import GRDB
import Glibc

/// The results in the store of a watch, read and filled by another way than Teal's.
struct StoredResults {
    private let path: String

    init(_ path: String) {
        self.path = path
    }

    /// In milliseconds.
    func slowestOfLastRound() throws -> Double {
        let microseconds = try DatabaseQueue(path: path).read { database in
            try Double.fetchOne(
                database,
                sql: "SELECT max(took) FROM results WHERE at = (SELECT max(at) FROM results)")
        }
        guard let microseconds else { throw BenchmarkError.noFigure("the slowest probe") }
        return microseconds / 1000
    }

    /// Adds so many results of the last 23 hours, and their sums by the minute, as rounds would have.
    func add(_ count: Int, replicas: Int) throws {
        let now = time(nil) * 1000
        let step = max(1, 23 * 3_600_000 * replicas / count)
        try DatabaseQueue(path: path).write { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                    INSERT OR IGNORE INTO results (at, replica, passed, took)
                    SELECT ? - 60000 - (i / ?) * ?, 1 + i % ?, i % 50 != 0, 900 + i % 400 FROM n
                    """, arguments: [count, now, replicas, step, replicas])
            try database.execute(
                sql: """
                    INSERT OR REPLACE INTO minutes (minute, replica, passes, failures, slowest)
                    SELECT at / 60000, replica, sum(passed), sum(1 - passed), max(took)
                    FROM results GROUP BY at / 60000, replica
                    """)
        }
    }
}
