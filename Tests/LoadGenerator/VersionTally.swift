import NIOCore

/// What one release has answered.
struct VersionTally: Sendable {
    let name: [UInt8]
    var answers = 0
    var firstAnswer: NIODeadline
    var lastAnswer: NIODeadline
    /// When the youngest request that it answered was sent: after a switch nothing of the old
    /// release may be younger than the switch, though answers in flight may still arrive.
    var lastSent: NIODeadline
    /// Whom it answered, where requests are told apart.
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
