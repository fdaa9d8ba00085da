import BlueGreen
import GRDB
package import Orchestration

extension SQLiteDeploymentStore: AdoptingDeploymentStore {
    package func edition() async throws -> Edition? {
        guard try hasEdition() else { return nil }
        return try read("SELECT life, number FROM edition", []).first.map {
            Edition(life: $0[0], number: $0[1])
        }
    }

    /// A file of an earlier format has none.
    private func hasEdition() throws -> Bool {
        try !read("SELECT 1 FROM sqlite_master WHERE name = 'edition'", []).isEmpty
    }

    package func note(_ edition: Edition) async throws {
        try write { try Self.note(edition, in: $0) }
    }

    /// Deployments of other hosts are not counted: their hosts have counted them.
    package func adopt(_ records: SharedRecords, of edition: Edition) async throws {
        let deployments = try records.deployments.map(DeploymentRow.init)
        let releases = try records.releases.map(ReleaseRow.init)
        let newest = records.deployments.first?.number ?? 0
        try write { database in
            let life = try String.fetchOne(database, sql: "SELECT life FROM edition")
            let isSame = life == nil || life == edition.life
            try database.execute(
                sql: "DELETE FROM deployments WHERE number > ?",
                arguments: [isSame ? newest : 0])
            try database.execute(sql: "DELETE FROM releases")
            for row in deployments { try row.write(in: database) }
            for row in releases { try row.write(in: database) }
            try database.execute(
                sql: "DELETE FROM memory WHERE release NOT IN (SELECT id FROM releases)")
            try Self.note(edition, in: database)
        }
    }

    package func forgetLife() async throws {
        try write { database in
            for table in ["deployments", "releases", "memory", "edition"] {
                try database.execute(sql: "DELETE FROM \(table)")
            }
        }
    }

    private static func note(_ edition: Edition, in database: Database) throws {
        try database.execute(
            sql: "INSERT OR REPLACE INTO edition (one, life, number) VALUES (1, ?, ?)",
            arguments: [edition.life, edition.number])
    }
}

/// A deployment as its table has it.
struct DeploymentRow: Sendable {
    private let deployment: Deployment
    private let text: String

    init(_ deployment: Deployment) throws {
        self.deployment = deployment
        text = try RecordText.encode(deployment)
    }

    func write(in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO deployments (number, json, outcome, started_at, finished_at)
                VALUES (?, ?, ?, ?, ?)
                ON CONFLICT (number) DO UPDATE SET json = excluded.json,
                    outcome = excluded.outcome, started_at = excluded.started_at,
                    finished_at = excluded.finished_at
                """,
            arguments: [
                deployment.number, text, deployment.outcome?.rawValue,
                deployment.startedAt.milliseconds, deployment.finishedAt?.milliseconds,
            ])
    }
}

/// A release as its table has it.
struct ReleaseRow: Sendable {
    private let release: Release
    private let text: String

    init(_ release: Release) throws {
        self.release = release
        text = try RecordText.encode(release)
    }

    func write(in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO releases (id, json, created_at) VALUES (?, ?, ?)
                ON CONFLICT (id) DO UPDATE SET json = excluded.json,
                    created_at = excluded.created_at
                """, arguments: [release.id.text, text, release.createdAt.milliseconds])
    }
}
