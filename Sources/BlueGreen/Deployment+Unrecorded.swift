/// A deployment whose progress cannot be written down, as on a full disk.
extension Deployment {
    /// Decides how a deployment goes on whose last step could not be recorded.
    ///
    /// A deploy that has touched no traffic is undone. After that it goes on without a record, and
    /// so does a rollback from its first step on. The link and the containers tell a later run what
    /// the record does not. A set makes room only on record: no link tells what comes back then.
    ///
    /// - Parameters:
    ///   - reason: whole sentences.
    ///   - before: as it was before the step.
    ///   - cause: another one where callers have to tell it from a disk.
    package mutating func meetUnrecorded(
        _ reason: String, since before: Deployment, as cause: Failure.Cause = .unrecorded,
        at now: Timestamp
    ) {
        guard let position, position.way == .forward, needsRecord(since: before) else {
            guard !log.warnings.contains(where: { $0.cause == .unrecorded }) else { return }
            return log.warn(Warning(.unrecorded, Self.goesOn(reason, cause)))
        }
        // Nothing of the last step is known for sure, so the step has failed.
        self = before
        log.note(Failure(cause, reason))
        self.position?.isUntouched ?? true ? end(.aborted, at: now) : goBack(at: now)
    }

    /// As it is in a record that tells of all its steps.
    package var recorded: Deployment {
        var recorded = self
        recorded.log.takeBack(.unrecorded)
        return recorded
    }

    private static func goesOn(_ reason: String, _ cause: Failure.Cause) -> String {
        let later =
            cause == .unrecorded
            ? " Each step tries it again; if none can, `teal resume` does it afterwards." : ""
        return "The deployment goes on without a record of it. " + reason + later
    }

    private func needsRecord(since before: Deployment) -> Bool {
        guard let stage = before.position?.stage, !before.facts.has(.exposed),
            !before.facts.has(.madeRoom)
        else { return false }
        if position?.stage == .route(.nobody) { return true }
        return kind == .deploy && stage != .route(.all(candidate.colour))
    }
}

extension Position {
    /// Whether nothing on the host has changed so far, but for what hooks did.
    fileprivate var isUntouched: Bool {
        switch stage {
        case .openingHooks, .resolve, .preflight: true
        case .checkRoom, .prepare, .beginBaseline, .hooks, .launch, .verify, .arm, .probeEdge,
            .approval, .endBaseline, .route, .watch, .drain, .stop, .prove, .retire, .cleanUp:
            false
        }
    }
}
