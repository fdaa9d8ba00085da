/// A move of traffic from one release to another: the order, where it stands, what happened.
///
/// The loop asks `next`, carries it out, and tells `record`. Nothing here reads a clock.
package struct Deployment: Hashable, Codable, Sendable {
    package internal(set) var order: Order
    package let startedAt: Timestamp
    package internal(set) var state: State
    package internal(set) var facts = Facts()
    /// For people only.
    package internal(set) var log = DeploymentLog()

    /// A deployment under way has a position, and one that has ended has an outcome.
    package enum State: Hashable, Codable, Sendable {
        case underway(Position)
        case ended(Outcome, at: Timestamp)
    }

    package init(_ order: Order, at now: Timestamp) {
        self.order = order
        startedAt = now
        let plan = order.forward(facts)
        // Until the first stage is entered, in the next line.
        state = .ended(.promoted, at: now)
        goOn(.forward, plan, at: now)
    }
}

/// Questions that the outside asks most often.
extension Deployment {
    package var number: Int { order.number }
    package var kind: DeploymentKind { order.kind }
    package var candidate: Placement { order.candidate }
    package var previous: Placement? { order.previous }
    package var label: String? { order.label }
    package var services: [PlannedService] { order.services }
    package var previousServices: [PlannedService]? { order.previousServices }
    package var settings: DeploymentSettings { order.settings }
    package var failure: Failure? { log.failure }
    package var warnings: [Warning] { log.warnings }
    package var phases: [DeploymentLog.Entry] { log.phases }

    /// nil when it has ended.
    package var position: Position? {
        if case .underway(let position) = state { position } else { nil }
    }

    package var outcome: Outcome? {
        if case .ended(let outcome, _) = state { outcome } else { nil }
    }

    package var finishedAt: Timestamp? {
        if case .ended(_, let moment) = state { moment } else { nil }
    }

    /// Until when a person has the word; nil if nobody is asked now.
    package var waitsUntil: Timestamp? {
        guard let position, position.stage == .approval else { return nil }
        return position.mark.moment
    }

    /// The word for where it stands, for people only.
    package var phaseName: String { phases.last?.name ?? "" }

    /// Whether the previous colour was stopped to make room for the candidate. It does not run when
    /// such a deployment has ended well.
    package var stopsFirst: Bool { facts.fit == .alone }

    /// Whether nginx writes anything down for this deployment.
    package var isWatched: Bool { order.bakes || !order.canarySteps(facts.fit).isEmpty }

    /// When the candidate's containers began to be held to account.
    package var hadTrafficSince: Timestamp {
        facts.milestones[.diverted] ?? facts.milestones[.switched] ?? startedAt
    }

    /// Whether the act of switching, or of a first step towards it, may have happened.
    package var isPastSwitch: Bool {
        guard let position else { return outcome != .aborted }
        switch position.way {
        case .forward: return facts.has(.exposed) && !isSwitching(position)
        case .back: return facts.has(.exposed) || facts.has(.madeRoom)
        }
    }

    /// Whether it is an app's first release, which has its traffic and was not seen to be well.
    package var isIllFirst: Bool {
        outcome == .unknown && previous == nil && !facts.has(.turnedBack)
    }

    /// Whether a signal may end the present stage early.
    package var isInterruptible: Bool {
        position?.interruptibility(hasMadeRoom: facts.has(.madeRoom)) ?? .never != .never
    }

    /// Without the preview address and the mark, which the loop knows.
    package func circumstances(at point: HookPoint) -> HookCircumstances {
        HookCircumstances(
            point: point, candidate: candidate, previous: previous?.release, label: label)
    }

    func isBeforeSwitch(_ position: Position) -> Bool {
        position.remaining.contains(.route(.all(candidate.colour))) || isSwitching(position)
    }

    private func isSwitching(_ position: Position) -> Bool {
        position.stage == .route(.all(candidate.colour)) && position.mark == .begun
    }
}
