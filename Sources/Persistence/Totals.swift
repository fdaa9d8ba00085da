import BlueGreen
import GRDB
package import Orchestration

extension SQLiteWatchStore: CountingWatchStore {
    package func totals() async throws -> WatchTotals {
        try read { database in
            var totals = WatchTotals()
            // Before its first round with this Teal a file has none of them.
            guard try database.tableExists("probe_totals") else { return totals }
            let probes = try Row.fetchAll(database, sql: "SELECT * FROM probe_totals")
            for row in probes { totals.add(row) }
            let acts = try Row.fetchAll(
                database, sql: "SELECT service, action, outcome, count FROM act_totals")
            totals.acts = acts.compactMap { row in
                guard let action = WatchEvent.Did.Action(rawValue: row["action"]),
                    let outcome = WatchEvent.Did.Outcome(rawValue: row["outcome"])
                else { return nil }
                let service: String = row["service"]
                return WatchTotals.Act(
                    WatchEvent.Did(action, outcome, service: service.isEmpty ? nil : service),
                    count: row["count"])
            }
            let notices = try Row.fetchAll(
                database, sql: "SELECT event, delivered, count FROM notice_totals")
            totals.notices = notices.map {
                WatchTotals.Notices($0["event"], isDelivered: $0["delivered"], count: $0["count"])
            }
            return totals
        } ?? WatchTotals()
    }

    package func count(notice event: String, isDelivered: Bool) async throws {
        try await write { database in
            try database.execute(
                sql: """
                    INSERT INTO notice_totals (event, delivered, count) VALUES (?, ?, 1)
                    ON CONFLICT (event, delivered) DO UPDATE SET count = count + 1
                    """, arguments: [event, isDelivered])
        }
    }

    static func count(_ did: WatchEvent.Did, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO act_totals (service, action, outcome, count) VALUES (?, ?, ?, 1)
                ON CONFLICT (service, action, outcome) DO UPDATE SET count = count + 1
                """,
            arguments: [did.service ?? "", did.action.rawValue, did.outcome.rawValue])
    }

    static func count(_ result: ProbeRow, in database: Database) throws {
        let bound =
            result.took.map { took in
                TimeTally.bound(of: took, among: TimeTally.probeBounds)?.wholeMicroseconds
                    ?? WatchFormat.longer
            } ?? -1
        try database.execute(
            sql: """
                INSERT INTO probe_totals (service, passed, bound, count, took, last)
                VALUES (?, ?, ?, 1, ?, ?)
                ON CONFLICT (service, passed, bound) DO UPDATE SET count = count + 1,
                    took = took + excluded.took, last = excluded.last
                """,
            arguments: [
                result.watched.replica.service, result.hasPassed, bound,
                result.took?.wholeMicroseconds ?? 0, result.at.milliseconds,
            ])
    }
}

extension WatchTotals {
    fileprivate mutating func add(_ row: Row) {
        let (count, took, bound): (Int, Int64, Int64) = (row["count"], row["took"], row["bound"])
        var probes = self.probes[row["service"], default: Probes()]
        if row["passed"] {
            probes.passed += count
            let last = Timestamp(milliseconds: row["last"])
            probes.lastPass = max(probes.lastPass ?? last, last)
        } else {
            probes.failed += count
        }
        if bound >= 0 {
            probes.times.add(
                count, upTo: bound == WatchFormat.longer ? nil : .microseconds(bound),
                lasting: .microseconds(took))
        }
        self.probes[row["service"]] = probes
    }
}

extension SQLiteDeploymentStore: CountingDeploymentStore {
    package func totals() async throws -> DeploymentTotals {
        var totals = DeploymentTotals()
        guard try hasTotals() else { return totals }
        let rows = try read(
            "SELECT kind, outcome, bound, count, took FROM deployment_totals", [])
        for row in rows {
            guard let kind = DeploymentKind(rawValue: row["kind"]),
                let outcome = Outcome(rawValue: row["outcome"])
            else { continue }
            if totals.lines.last.map({ $0.kind == kind && $0.outcome == outcome }) != true {
                totals.lines.append(DeploymentTotals.Line(kind, outcome))
            }
            let bound: Int64 = row["bound"]
            totals.lines[totals.lines.count - 1].times.add(
                row["count"], upTo: bound == WatchFormat.longer ? nil : .microseconds(bound),
                lasting: .microseconds(row["took"]))
        }
        return totals
    }

    /// Before its first deployment with this Teal a file has none.
    private func hasTotals() throws -> Bool {
        try !read("SELECT 1 FROM sqlite_master WHERE name = 'deployment_totals'", []).isEmpty
    }

    /// To be called before the deployment is written. An end that is written again, since work that
    /// was owed is done, is counted once.
    static func countEnd(of deployment: Deployment, in database: Database) throws {
        guard let outcome = deployment.outcome, let end = deployment.finishedAt else { return }
        let known = try Row.fetchOne(
            database, sql: "SELECT 1 FROM deployments WHERE number = ? AND outcome IS NOT NULL",
            arguments: [deployment.number])
        if known != nil { return }
        let took = deployment.timeAtWork(until: end)
        let bound = TimeTally.bound(of: took, among: TimeTally.deploymentBounds)
        try database.execute(
            sql: """
                INSERT INTO deployment_totals (kind, outcome, bound, count, took)
                VALUES (?, ?, ?, 1, ?)
                ON CONFLICT (kind, outcome, bound) DO UPDATE SET count = count + 1,
                    took = took + excluded.took
                """,
            arguments: [
                deployment.kind.rawValue, outcome.rawValue,
                bound?.wholeMicroseconds ?? WatchFormat.longer, took.wholeMicroseconds,
            ])
    }
}

extension Duration {
    var wholeMicroseconds: Int64 {
        components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000
    }
}
