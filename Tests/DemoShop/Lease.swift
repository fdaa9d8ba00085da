import NIOCore

/// The right of one consumer's process to take messages. A process that starts again gets
/// another, so that a container that was stopped and comes back is not taken for two at a time.
struct Lease: Equatable {
    let number: Int
    let who: String
    /// The messages that it took, by their numbers.
    var messages: ClosedRange<Int>?
    /// The events that show it alive, by their numbers: its begin, its takes, its end.
    var alive: ClosedRange<Int>
    var heard: NIODeadline
    var hasEnded = false
}

/// The consumers of the queue, and their greatest number at the same time.
///
/// That is judged by the order in which the broker heard of them, not by the clock: two were
/// active together when one was heard of between two signs of life of the other. So a consumer
/// that is killed, and never ends its lease, counts until its last message and no further.
struct LeaseBook {
    private(set) var leases: [Lease] = []
    /// The greatest number of consumers at the same time.
    private(set) var most = 0
    private(set) var taken = 0
    private var events = 0
    private var begun = 0

    /// Further back nothing is kept; `most` still counts it.
    private let capacity = 64
    /// A lease that is silent for longer is not active now. It says nothing about `most`.
    private let silence = TimeAmount.seconds(5)

    /// - Returns: the number of the new lease.
    mutating func begin(_ who: String, at now: NIODeadline) -> Int {
        events += 1
        begun += 1
        if leases.count == capacity { leases.removeFirst() }
        leases.append(Lease(number: begun, who: who, alive: events...events, heard: now))
        most = max(most, 1)
        return begun
    }

    /// - Returns: the number of the message, or nothing when no such lease is known.
    mutating func take(_ number: Int, of who: String, at now: NIODeadline) -> Int? {
        guard let index = hear(number, of: who, at: now) else { return nil }
        taken += 1
        leases[index].messages = (leases[index].messages?.lowerBound ?? taken)...taken
        return taken
    }

    /// - Returns: whether such a lease is known.
    mutating func end(_ number: Int, of who: String, at now: NIODeadline) -> Bool {
        guard let index = hear(number, of: who, at: now) else { return false }
        leases[index].hasEnded = true
        return true
    }

    /// One at most of each name: a process that was killed and came back is not two.
    func active(at now: NIODeadline) -> [Lease] {
        let latest = Dictionary(leases.map { ($0.who, $0.number) }) { max($0, $1) }
        return leases.filter {
            !$0.hasEnded && now - $0.heard < silence && latest[$0.who] == $0.number
        }
    }

    private mutating func hear(_ number: Int, of who: String, at now: NIODeadline) -> Int? {
        let known = leases.firstIndex { $0.number == number && $0.who == who }
        guard let index = known else { return nil }
        events += 1
        let before = leases[index].alive
        leases[index].alive = before.lowerBound...events
        leases[index].heard = now
        // Nobody else was heard of since, which is the usual case: nothing new can overlap.
        if before.upperBound < events - 1 { most = max(most, overlapping) }
        return index
    }

    /// The most lives that share an event; such a place is always where one of them begins.
    private var overlapping: Int {
        leases.map { begin in
            Set(leases.filter { $0.alive.contains(begin.alive.lowerBound) }.map(\.who)).count
        }.max() ?? 0
    }
}
