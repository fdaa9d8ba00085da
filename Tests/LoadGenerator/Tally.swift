import Histogram
import NIOCore

/// The requests and their ends, on one event loop and, added up, on all.
struct Tally: Sendable {
    private(set) var sent = 0
    private(set) var answered = 0
    private(set) var retried = 0
    private(set) var connectionsOpened = 0
    private(set) var lost: [Loss: Int] = [:]
    private(set) var statuses: [Int: Int] = [:]
    private(set) var versions: [VersionTally] = []
    private(set) var started = NIODeadline.now()
    private(set) var ended = NIODeadline.now()
    /// In microseconds, of answered requests only.
    private(set) var latency = Histogram<UInt64>(
        highestTrackableValue: 3_600_000_000, numberOfSignificantValueDigits: .three)
    private(set) var clients = ClientTally()
    private var latest = 0

    mutating func countSent() { sent += 1 }
    mutating func countRetried() { retried += 1 }
    mutating func countConnection() { connectionsOpened += 1 }

    mutating func countLost(_ loss: Loss, of client: Int?, at now: NIODeadline) {
        lost[loss, default: 0] += 1
        if let client { clients.countLost(of: client) }
        ended = max(ended, now)
    }

    mutating func countAnswer(
        _ status: Int, version: [UInt8], to attempt: Attempt, at now: NIODeadline
    ) {
        statuses[status, default: 0] += 1
        guard status < 500 else { return countLost(.status, of: attempt.client, at: now) }
        answered += 1
        ended = max(ended, now)
        _ = latency.record(UInt64(max(0, (now - attempt.due).nanoseconds) / 1000))
        // Nearly always the same release as the last time, so that is looked at first.
        if latest >= versions.count || versions[latest].name != version {
            latest = index(of: version, sent: attempt.sent, at: now)
        }
        versions[latest].answers += 1
        versions[latest].lastAnswer = now
        versions[latest].lastSent = max(versions[latest].lastSent, attempt.sent)
        if let client = attempt.client {
            versions[latest].clients.insert(client)
            clients.countAnswer(to: client, from: latest)
        }
    }

    mutating func add(_ other: Tally) {
        sent += other.sent
        answered += other.answered
        retried += other.retried
        connectionsOpened += other.connectionsOpened
        lost.merge(other.lost, uniquingKeysWith: +)
        statuses.merge(other.statuses, uniquingKeysWith: +)
        started = min(started, other.started)
        ended = max(ended, other.ended)
        latency.add(other.latency)
        for version in other.versions {
            if let index = versions.firstIndex(where: { $0.name == version.name }) {
                versions[index].add(version)
            } else {
                versions.append(version)
            }
        }
    }

    private mutating func index(
        of version: [UInt8], sent: NIODeadline, at now: NIODeadline
    ) -> Int {
        if let known = versions.firstIndex(where: { $0.name == version }) { return known }
        versions.append(VersionTally(name: version, sent: sent, answered: now))
        return versions.count - 1
    }
}

/// The requests of the clients that take turns. They do so on one event loop, so that no two of
/// these tallies are ever added up.
struct ClientTally: Sendable {
    /// The clients that lost a request.
    private(set) var failed: Set<Int> = []
    /// How often a client that a later release had answered was answered by an earlier one again.
    private(set) var returns = 0
    private var latest: [Int: Int] = [:]

    mutating func countLost(of client: Int) { failed.insert(client) }

    /// - Parameter release: a number that is the greater the later the release first answered.
    mutating func countAnswer(to client: Int, from release: Int) {
        if let before = latest.updateValue(release, forKey: client), before > release {
            returns += 1
        }
    }
}

/// The answers of one release.
struct VersionTally: Sendable {
    let name: [UInt8]
    var answers = 0
    var firstAnswer: NIODeadline
    var lastAnswer: NIODeadline
    /// When the youngest request that it answered was sent: after a switch nothing of the old
    /// release may be younger than the switch, though answers in flight may still arrive.
    var lastSent: NIODeadline
    /// The clients that it answered, where requests are told apart.
    var clients: Set<Int> = []

    init(name: [UInt8], sent: NIODeadline, answered: NIODeadline) {
        self.name = name
        firstAnswer = answered
        lastAnswer = answered
        lastSent = sent
    }

    mutating func add(_ other: VersionTally) {
        answers += other.answers
        firstAnswer = min(firstAnswer, other.firstAnswer)
        lastAnswer = max(lastAnswer, other.lastAnswer)
        lastSent = max(lastSent, other.lastSent)
        clients.formUnion(other.clients)
    }
}

/// Why a request counts as lost.
enum Loss: String, CaseIterable, Codable {
    /// No connection could be opened.
    case refused
    /// The connection ended before the response was complete, or held something else.
    case closed
    /// The response was not complete in time.
    case timeout
    /// Answered with 500 or more.
    case status
}
