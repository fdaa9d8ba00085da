import FoundationEssentials
import Histogram
import LoadReport
import NIOCore

extension LoadReport {
    init(_ tally: Tally, of load: Load) {
        self.init()
        url = load.url.url
        method = load.method.rawValue
        client = load.client.rawValue
        connections = load.connections
        started = Moment(tally.started)
        ended = Moment(tally.ended)
        seconds = Double((tally.ended - tally.started).nanoseconds) / 1e9
        sent = tally.sent
        answered = tally.answered
        lost = tally.lost.values.reduce(0, +)
        lostByReason = Dictionary(
            uniqueKeysWithValues: Loss.allCases.map { ($0.rawValue, tally.lost[$0] ?? 0) })
        retried = tally.retried
        connectionsOpened = tally.connectionsOpened
        requestsPerSecond = seconds > 0 ? (Double(tally.answered) / seconds).rounded() : 0
        statuses = tally.statuses
        latencyMilliseconds = Latency(tally)
        failedClients = tally.clients.failed.sorted()
        returns = tally.clients.returns
        versions = tally.versions.sorted { $0.firstAnswer < $1.firstAnswer }.map { Version($0) }
    }

    func table() -> String {
        let reasons = Loss.allCases.map { "\($0.rawValue) \(lostByReason[$0.rawValue] ?? 0)" }
        let latency = latencyMilliseconds
        var lines = [
            "\(method) \(url), \(connections) connections, \(client) client",
            "  sent      \(sent)",
            "  answered  \(answered)",
            "  lost      \(lost) (\(reasons.joined(separator: ", ")))",
            "  retried   \(retried)",
            "  rate      \(Int(requestsPerSecond)) requests/s",
            "  latency   p50 \(latency.p50) ms, p95 \(latency.p95) ms, p99 \(latency.p99) ms, "
                + "max \(latency.max) ms",
        ]
        for version in versions {
            let from = milliseconds(until: version.firstAnswer)
            let to = milliseconds(until: version.lastAnswer)
            lines.append(
                "  \(version.version) answered \(version.answers), from \(from) ms to \(to) ms")
        }
        return lines.joined(separator: "\n")
    }

    /// From the start; zero for an earlier moment.
    private func milliseconds(until moment: Moment) -> Int {
        let start = started.monotonicNanoseconds
        return Int(max(moment.monotonicNanoseconds, start) - start) / 1_000_000
    }
}

extension LoadReport.Moment {
    /// The wall clock is read once per process, so that moments keep their order when it is set.
    private static let offset: Int = {
        let wall = Int(Date().timeIntervalSince1970 * 1_000_000_000)
        return wall - Int(NIODeadline.now().uptimeNanoseconds)
    }()

    fileprivate init(_ deadline: NIODeadline) {
        self.init()
        monotonicNanoseconds = deadline.uptimeNanoseconds
        epochMilliseconds = (Int(monotonicNanoseconds) + Self.offset) / 1_000_000
    }
}

extension LoadReport.Latency {
    fileprivate init(_ tally: Tally) {
        self.init()
        p50 = Double(tally.latency.valueAtPercentile(50)) / 1000
        p95 = Double(tally.latency.valueAtPercentile(95)) / 1000
        p99 = Double(tally.latency.valueAtPercentile(99)) / 1000
        max = Double(tally.latency.max) / 1000
    }
}

extension LoadReport.Version {
    fileprivate init(_ tally: VersionTally) {
        self.init(
            tally.name.isEmpty ? "unnamed" : String(decoding: tally.name, as: UTF8.self))
        answers = tally.answers
        firstAnswer = LoadReport.Moment(tally.firstAnswer)
        lastAnswer = LoadReport.Moment(tally.lastAnswer)
        lastSent = LoadReport.Moment(tally.lastSent)
        clients = tally.clients.sorted()
    }
}
