/// A thing that a start waited for before it went on.
package enum WaitBound: String, CaseIterable, Codable, CodingKeyRepresentable, Sendable {
    /// The check of the container that was started last.
    case health
    /// The end of a one-shot.
    case oneShot
    /// `start.pause`.
    case pause
    /// The host is looked at for as long as rates are taken over.
    case look
    case memory
    case processorPressure
    case memoryPressure
    case steal
    case diskWait
    case swapIn

    /// As people read it.
    package var text: String {
        switch self {
        case .health: "health"
        case .oneShot: "one-shots"
        case .pause: "start.pause"
        case .look: "a look at the host"
        case .memory: "memory"
        case .processorPressure: "CPU pressure"
        case .memoryPressure: "memory pressure"
        case .steal: "steal"
        case .diskWait: "disk wait"
        case .swapIn: "swap-in"
        }
    }
}

/// How long a start waited for each bound. A host that is out of several bounds at once waits for
/// each of them.
package struct Waits: Hashable, Codable, Sendable {
    private var times: [WaitBound: Duration] = [:]

    package init(_ times: [WaitBound: Duration] = [:]) {
        for (bound, time) in times { add(time, for: bound) }
    }

    /// Zero where it did not wait for it.
    package subscript(_ bound: WaitBound) -> Duration { times[bound] ?? .zero }

    package var isEmpty: Bool { times.isEmpty }

    /// The longest first.
    package var all: [(bound: WaitBound, time: Duration)] {
        WaitBound.allCases.compactMap { bound in times[bound].map { (bound, $0) } }
            .sorted { $0.time > $1.time }
    }

    /// `health 12.4 s, CPU pressure 3.1 s`
    package var text: String {
        all.map { "\($0.bound.text) \($0.time.text)" }.joined(separator: ", ")
    }

    mutating func add(_ time: Duration, for bound: WaitBound) {
        if time > .zero { times[bound, default: .zero] += time }
    }

    mutating func add(_ others: Waits) {
        for (bound, time) in others.times { add(time, for: bound) }
    }
}

extension Strain {
    /// Which reading it is, without its figures.
    package var bound: WaitBound {
        switch self {
        case .memory: .memory
        case .processorPressure: .processorPressure
        case .memoryPressure: .memoryPressure
        case .steal: .steal
        case .diskWait: .diskWait
        case .swapIn: .swapIn
        }
    }
}
