import FoundationEssentials
import Histogram
import NIOCore

/// What `load` prints, with `--json` as it stands here, keys in snake case.
struct Report: Encodable {
    let url: String
    let method: Method
    let client: Client
    let connections: Int
    let started: Moment
    let ended: Moment
    let seconds: Double
    let sent: Int
    let answered: Int
    let lost: Int
    let lostByReason: [String: Int]
    let retried: Int
    let connectionsOpened: Int
    let requestsPerSecond: Double
    let statuses: [String: Int]
    let latencyMilliseconds: Latency
    /// Clients that lost a request, in order; none without `--clients`.
    let failedClients: [Int]
    /// How often a client that a later version had answered was answered by an earlier one again.
    let returns: Int
    /// In the order of their first answers.
    let versions: [Version]

    struct Latency: Encodable {
        let p50: Double
        let p95: Double
        let p99: Double
        let max: Double
    }

    struct Version: Encodable {
        /// `unnamed` for answers without the header.
        let version: String
        let answers: Int
        let firstAnswer: Moment
        let lastAnswer: Moment
        let lastSent: Moment
        /// Whom it answered, in order; none without `--clients`.
        let clients: [Int]
    }

    init(tally: Tally, of load: Load) {
        url = load.url.url
        method = load.method
        client = load.client
        connections = load.connections
        started = Moment(tally.started)
        ended = Moment(tally.ended)
        let elapsed = Double((tally.ended - tally.started).nanoseconds) / 1e9
        seconds = elapsed
        sent = tally.sent
        answered = tally.answered
        lost = tally.lost.values.reduce(0, +)
        lostByReason = Dictionary(
            uniqueKeysWithValues: Loss.allCases.map { ($0.rawValue, tally.lost[$0] ?? 0) })
        retried = tally.retried
        connectionsOpened = tally.connectionsOpened
        requestsPerSecond = elapsed > 0 ? (Double(tally.answered) / elapsed).rounded() : 0
        statuses = Dictionary(uniqueKeysWithValues: tally.statuses.map { ("\($0)", $1) })
        latencyMilliseconds = Latency(
            p50: Double(tally.latency.valueAtPercentile(50)) / 1000,
            p95: Double(tally.latency.valueAtPercentile(95)) / 1000,
            p99: Double(tally.latency.valueAtPercentile(99)) / 1000,
            max: Double(tally.latency.max) / 1000)
        failedClients = tally.clients.failed.sorted()
        returns = tally.clients.returns
        versions = tally.versions.sorted { $0.firstAnswer < $1.firstAnswer }.map {
            Version(
                version: $0.name.isEmpty ? "unnamed" : String(decoding: $0.name, as: UTF8.self),
                answers: $0.answers, firstAnswer: Moment($0.firstAnswer),
                lastAnswer: Moment($0.lastAnswer), lastSent: Moment($0.lastSent),
                clients: $0.clients.sorted())
        }
    }

    func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    func table() -> String {
        let reasons = Loss.allCases.map { "\($0.rawValue) \(lostByReason[$0.rawValue] ?? 0)" }
        var lines = [
            "\(method.rawValue) \(url), \(connections) connections, \(client.rawValue) client",
            "  sent      \(sent)",
            "  answered  \(answered)",
            "  lost      \(lost) (\(reasons.joined(separator: ", ")))",
            "  retried   \(retried)",
            "  rate      \(Int(requestsPerSecond)) requests/s",
            "  latency   p50 \(latencyMilliseconds.p50) ms, p95 \(latencyMilliseconds.p95) ms, "
                + "p99 \(latencyMilliseconds.p99) ms, max \(latencyMilliseconds.max) ms",
        ]
        for version in versions {
            let from = after(version.firstAnswer)
            let to = after(version.lastAnswer)
            lines.append(
                "  \(version.version) answered \(version.answers), from \(from) ms to \(to) ms")
        }
        return lines.joined(separator: "\n")
    }

    private func after(_ moment: Moment) -> Int {
        Int(
            moment.monotonicNanoseconds
                - min(moment.monotonicNanoseconds, started.monotonicNanoseconds))
            / 1_000_000
    }
}
