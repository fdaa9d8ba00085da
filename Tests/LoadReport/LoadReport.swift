import FoundationEssentials

/// The report of one run of `load`, which `load --json` prints with its keys in snake case.
package struct LoadReport: Codable, Sendable {
    package var url = ""
    package var method = ""
    /// `careful` or `blind`.
    package var client = ""
    package var connections = 0
    package var started = Moment()
    package var ended = Moment()
    package var seconds = 0.0
    package var sent = 0
    package var answered = 0
    package var lost = 0
    package var lostByReason: [String: Int] = [:]
    /// Requests that the client sent a second time by itself, as a careful one may.
    package var retried = 0
    package var connectionsOpened = 0
    package var requestsPerSecond = 0.0
    /// The number of answers with each status, also with those that count as lost.
    package var statuses: [Int: Int] = [:]
    package var latencyMilliseconds = Latency()
    /// Clients that lost a request, in order; none without `--clients`.
    package var failedClients: [Int] = []
    /// How often an earlier version answered a client that a later one had answered.
    package var returns = 0
    /// In the order of their first answers.
    package var versions: [Version] = []

    /// A point in time on both clocks: the monotonic one to compare with other programs on this
    /// host, the wall's to compare with log files.
    package struct Moment: Codable, Comparable, Sendable {
        package var epochMilliseconds = 0
        package var monotonicNanoseconds: UInt64 = 0

        package init() {}

        package static func < (one: Moment, other: Moment) -> Bool {
            one.monotonicNanoseconds < other.monotonicNanoseconds
        }
    }

    package struct Latency: Codable, Sendable {
        package var p50 = 0.0
        package var p95 = 0.0
        package var p99 = 0.0
        package var max = 0.0

        package init() {}
    }

    package struct Version: Codable, Sendable {
        /// `unnamed` for answers without the header.
        package var version: String
        package var answers = 0
        package var firstAnswer = Moment()
        package var lastAnswer = Moment()
        package var lastSent = Moment()
        /// The clients that it answered, in order; none without `--clients`.
        package var clients: [Int] = []

        package init(_ version: String) {
            self.version = version
        }
    }

    package init() {}

    package init(json: String) throws {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        self = try decoder.decode(LoadReport.self, from: Data(json.utf8))
    }

    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.keyEncodingStrategy = .convertToSnakeCase
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    /// Requests that got no answer at all.
    package var unanswered: Int { sent - statuses.values.reduce(0, +) }

    /// The number of requests that each version answered.
    package var answers: [String: Int] {
        Dictionary(versions.map { ($0.version, $0.answers) }, uniquingKeysWith: +)
    }

    /// The clients that each version answered.
    package var clients: [String: Set<Int>] {
        Dictionary(
            versions.map { ($0.version, Set($0.clients)) }, uniquingKeysWith: { $0.union($1) })
    }
}
