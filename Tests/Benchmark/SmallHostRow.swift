import LoadReport
import TestSupport

/// The figures of one way to start services on the small host.
struct SmallHostRow: Sendable {
    let way: String
    let services: Int
    let ready: Int
    /// Until the last was ready, or until it was given up.
    let seconds: Double
    let use: SmallHostUse
    let restarts: Int
    /// The load on the live colour before and meanwhile; nil where it had no visitors.
    var quiet: LoadReport?
    var busy: LoadReport?

    func with(quiet: LoadReport, busy: LoadReport) -> SmallHostRow {
        var row = self
        row.quiet = quiet
        row.busy = busy
        return row
    }

    /// The pause in seconds that people with such hosts write into their scripts.
    static let sleep = 60.0

    private var ratio: Double? {
        guard let quiet, let busy, quiet.latencyMilliseconds.p99 > 0 else { return nil }
        return busy.latencyMilliseconds.p99 / quiet.latencyMilliseconds.p99
    }

    static func print(_ rows: [SmallHostRow]) {
        var start = Table(
            "way", "ready", "s", "with fixed sleeps of 60 s (computed)", "peak MB", "OOM kills",
            "restarts")
        var visitors = Table(
            "way", "requests", "lost", "p50 ms quiet", "during", "p99 ms quiet", "during",
            "ratio", "slowest ms")
        for row in rows {
            start.add(
                row.way, "\(row.ready) of \(row.services)", row.seconds.text(),
                (sleep * Double(row.services)).text(0), row.use.peakMebibytes.text(0),
                "\(row.use.kills)", "\(row.restarts)")
            guard let quiet = row.quiet, let busy = row.busy else { continue }
            let (before, during) = (quiet.latencyMilliseconds, busy.latencyMilliseconds)
            visitors.add(
                row.way, "\(busy.sent)", "\(busy.lost)", before.p50.text(), during.p50.text(),
                before.p99.text(), during.p99.text(), row.ratio?.text() ?? "-", during.max.text())
        }
        start.print(title: "Starting services on 1 CPU and 1 GB")
        visitors.print(title: "What the visitors of the live colour saw meanwhile")
        Swift.print("")
        for row in rows where row.way.hasPrefix("Teal") { row.printBudget() }
    }

    private func printBudget() {
        var verdicts = [
            ("all ready", ready == services), ("no OOM kill", use.kills == 0),
            ("5x faster than fixed sleeps", seconds * 5 <= Self.sleep * Double(services)),
        ]
        if let busy { verdicts.append(("no lost request", busy.lost == 0)) }
        if let ratio { verdicts.append(("p99 <= 2x quiet", ratio <= 2)) }
        let text = verdicts.map { "\($0.0): \($0.1 ? "pass" : "FAIL")" }
        Swift.print("Budget, \(way): \(text.joined(separator: ", "))")
    }
}
