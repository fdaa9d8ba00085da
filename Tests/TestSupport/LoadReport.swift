import FoundationEssentials

/// What the load generator saw.
package struct LoadReport: Sendable {
    package let sent: Int
    package let answered: Int
    package let lost: Int
    package let lostByReason: [String: Int]
    /// How many answers had each status, those that count as lost included.
    package let statuses: [Int: Int]
    /// Requests that the client sent a second time by itself, as a careful one may.
    package let retried: Int
    /// Milliseconds.
    package let p50: Double
    package let p99: Double
    package let max: Double
    /// How many requests each version of the shop answered.
    package let answers: [String: Int]
    /// Which of the clients that took turns each version answered.
    package let clients: [String: Set<Int>]
    /// Which of them lost a request.
    package let failedClients: Set<Int>
    /// How often one whom a later version had answered was answered by an earlier one again.
    package let returns: Int

    /// Requests that got no answer at all.
    package var unanswered: Int { sent - statuses.values.reduce(0, +) }

    init(json: String) throws {
        let document: Document
        do {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            document = try decoder.decode(Document.self, from: Data(json.utf8))
        } catch {
            throw StoryError.unreadable("the load report: \(error)\n\(json)")
        }
        sent = document.sent
        answered = document.answered
        lost = document.lost
        lostByReason = document.lostByReason
        statuses = Dictionary(
            document.statuses.compactMap { status, count in Int(status).map { ($0, count) } },
            uniquingKeysWith: +)
        retried = document.retried
        p50 = document.latencyMilliseconds.p50
        p99 = document.latencyMilliseconds.p99
        max = document.latencyMilliseconds.max
        answers = Dictionary(
            document.versions.map { ($0.version, $0.answers) }, uniquingKeysWith: +)
        clients = Dictionary(
            document.versions.map { ($0.version, Set($0.clients)) },
            uniquingKeysWith: { $0.union($1) })
        failedClients = Set(document.failedClients)
        returns = document.returns
    }

    private struct Document: Decodable {
        let sent: Int
        let answered: Int
        let lost: Int
        let lostByReason: [String: Int]
        let statuses: [String: Int]
        let retried: Int
        let latencyMilliseconds: Latency
        let failedClients: [Int]
        let returns: Int
        let versions: [Version]

        struct Latency: Decodable {
            let p50: Double
            let p99: Double
            let max: Double
        }

        struct Version: Decodable {
            let version: String
            let answers: Int
            let clients: [Int]
        }
    }
}
