import BlueGreen
import TestSupport

/// Troubles of a simulated host that last: a full disk, an nginx that is gone, an engine that does
/// not answer. Each begins by chance and ends by itself, at the latest with the peace.
struct SimulatedTrouble {
    /// One in so many chances begins a trouble of the kind; nil for none.
    var fillRate: UInt64?
    var nginxRate: UInt64?
    var engineRate: UInt64?

    /// So many saves more fail, whatever the run.
    private var savesWithoutRoom = 0
    private var fillsAtSwitch = false
    private var engineAnswersFrom = Timestamp(milliseconds: 0)
    /// When nginx was gone, oldest first; the last time may not be over.
    private(set) var absences: [(from: Timestamp, to: Timestamp)] = []
    private(set) var count = 0

    mutating func end(at now: Timestamp) {
        (fillRate, nginxRate, engineRate) = (nil, nil, nil)
        savesWithoutRoom = 0
        fillsAtSwitch = false
        engineAnswersFrom = now
        if let last = absences.indices.last, absences[last].to > now { absences[last].to = now }
    }

    /// The disk is full from the next move of the link on, until the peace.
    mutating func fillAtSwitch() { fillsAtSwitch = true }

    mutating func linkIsMade() {
        if fillsAtSwitch { fill() }
        fillsAtSwitch = false
    }

    /// The disk is full until the peace.
    mutating func fill() {
        count += 1
        savesWithoutRoom = .max
    }

    /// - Returns: whether a save finds room.
    mutating func hasRoom(_ random: inout SeededGenerator) -> Bool {
        if savesWithoutRoom == 0, let fillRate, random.isOne(in: fillRate) {
            count += 1
            savesWithoutRoom = random.isOne(in: 3) ? .max : Int(random.next() % UInt64(30)) + 1
        }
        guard savesWithoutRoom > 0 else { return true }
        savesWithoutRoom -= 1
        return false
    }

    mutating func isNginxThere(at now: Timestamp, _ random: inout SeededGenerator) -> Bool {
        if let last = absences.last, last.from <= now, now < last.to { return false }
        guard let nginxRate, random.isOne(in: nginxRate) else { return true }
        count += 1
        absences.append((now, now + Self.time(&random)))
        return false
    }

    mutating func answersEngine(at now: Timestamp, _ random: inout SeededGenerator) -> Bool {
        if let engineRate, now >= engineAnswersFrom, random.isOne(in: engineRate) {
            count += 1
            engineAnswersFrom = now + Self.time(&random)
        }
        return now >= engineAnswersFrom
    }

    /// Whether nginx was gone for all of the time.
    func wasNginxGone(from start: Timestamp, to end: Timestamp) -> Bool {
        absences.contains { $0.from <= start && end < $0.to }
    }

    private static func time(_ random: inout SeededGenerator) -> Duration {
        .seconds(Int(random.next() % UInt64(150)) + 1)
    }
}

extension SimulatedHost.State {
    /// A disk that is full stays so for some saves, or for the rest of this life's trouble.
    mutating func takeRoom() throws {
        if !trouble.hasRoom(&random) { throw SimulatedHost.Fault() }
    }

    /// nginx reads link and files anew when it comes back, and serves nobody until then.
    mutating func needNginx() throws {
        let wasGone = isNginxGone
        isNginxGone = !trouble.isNginxThere(at: now, &random)
        if wasGone, !isNginxGone {
            routed = live
            canaryRouted = canary
            armed = armedOnDisk
        }
        if isNginxGone, flaw != .answersForNginx { throw SimulatedHost.Fault() }
    }

    /// A frozen engine costs the time limit of a call.
    mutating func needEngine() throws {
        if trouble.answersEngine(at: now, &random) { return }
        now = now + .seconds(5)
        rest.wasHeldUp(for: .seconds(5))
        throw SimulatedHost.Fault()
    }
}

extension SimulatedHost {
    /// An act that needs an engine that answers.
    func engineAct<Value: Sendable>(
        _ name: String, _ body: (inout State) throws -> Value
    ) throws -> Value {
        try act(name) { state in
            try state.needEngine()
            return try body(&state)
        }
    }

    /// An act that needs an nginx that runs.
    func nginxAct<Value: Sendable>(
        _ name: String, _ body: (inout State) throws -> Value
    ) throws -> Value {
        try act(name) { state in
            try state.needNginx()
            return try body(&state)
        }
    }
}
