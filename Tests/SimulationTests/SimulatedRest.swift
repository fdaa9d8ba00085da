import BlueGreen

/// The rest between two starts as a simulated host remembers it. It is held against the user's own
/// rule, whatever a planted bug makes of that.
struct SimulatedRest {
    var rule = DeploymentSettings() {
        didSet { hasGivenUp = false }
    }
    private var lastStart: Timestamp?
    private var samples: [HostSample] = []
    private var isBlind = false
    private var bound: Timestamp?
    private var heldUp = Duration.zero
    /// A wait has reached its bound: what the host bears by itself is not waited for again, but
    /// memory is.
    private var hasGivenUp = false

    /// Something else than a start came between.
    mutating func isOver() {
        lastStart = nil
        samples = []
        isBlind = false
        bound = nil
    }

    /// An act beside the wait took its time, which moves the one clock of the simulation.
    mutating func wasHeldUp(for time: Duration) { heldUp += time }

    mutating func see(_ sample: HostSample) { samples.append(sample) }

    /// The host could not be read: only the pause can be kept.
    mutating func goBlind() { isBlind = true }

    mutating func note(_ position: Position?, at now: Timestamp) {
        guard let position, case .launch(let cohort) = position.stage,
            case .launching(let launch) = position.mark
        else { return }
        switch (launch.state, cohort) {
        case (.resting(let until), _):
            bound = until + rule.startAtMost
            heldUp = .zero
        // Traffic was moved before, or a set taken away, or that was tried.
        case (.starting, .singletons) where launch.index == 0,
            (.starting, .previous) where launch.index == 0,
            (.starting, .previousSingletons) where launch.index == 0:
            isOver()
        // The wait before this start had its whole time, whether or not the start then comes about.
        case (.starting, _):
            if let bound, now >= bound { hasGivenUp = true }
        case (.probing, _): break
        }
    }

    /// - Returns: what is wrong with a start now.
    mutating func start(at now: Timestamp) -> String? {
        defer {
            isOver()
            lastStart = now
        }
        // Each sleep of the simulated clock takes a millisecond more.
        if let bound, now > bound + heldUp + .milliseconds(10) { return "started past the bound" }
        guard let lastStart else { return nil }
        let rested = lastStart + rule.startPause
        if now < rested { return "started before the pause was over" }
        if isBlind { return nil }
        if now >= rested + rule.startAtMost {
            hasGivenUp = true
            return nil
        }
        guard let last = samples.last,
            let first = samples.last(where: { last.at - $0.at >= .seconds(1) })
        else { return "started without having seen the host" }
        let strains = rule.settle.strains(from: first, to: last).filter { strain in
            if case .memory = strain { true } else { !hasGivenUp }
        }
        return strains.isEmpty ? nil : "started while \(strains[0].text)"
    }
}
