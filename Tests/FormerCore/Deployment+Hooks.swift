@testable import BlueGreen

/// Hooks on a deployment's way, and what becomes of it when one fails.
extension FormerCoreDeployment {
    /// Those that the loop runs at this point. A rollback runs none before the switch: what goes
    /// back must not depend on what a release needed to go forward.
    func hooks(at point: HookPoint) -> [Hook] {
        let hooks = settings.hooks[point]
        switch (point, kind) {
        case (.beforeStart, .deploy): return hooks.filter { $0.place != .host }
        case (.beforeSwitch, .deploy): return hooks
        case (.beforeStart, .warmRollback), (.beforeStart, .coldRollback),
            (.beforeSwitch, .warmRollback), (.beforeSwitch, .coldRollback):
            return []
        case (.afterSwitch, _), (.afterRetire, _): return hooks
        }
    }

    func circumstances(at point: HookPoint) -> HookCircumstances {
        HookCircumstances(
            point: point, candidate: candidate, previous: previous?.release, label: label)
    }

    /// How many of the containers before the switch are shared ones that come before all others.
    var leadingShared: Int { ordinary.prefix { $0.service.role == .shared }.count }

    /// Where a deployment goes that has nothing left to do.
    var ending: Phase {
        hooks(at: .afterRetire).isEmpty ? .finished(.promoted) : .runningHook(.afterRetire, 0)
    }

    /// The first hook of the point, or where there is none what comes after them.
    mutating func enterHooks(of point: HookPoint, at now: Timestamp) {
        if hooks(at: point).isEmpty { return leaveHooks(of: point, at: now, hadAny: false) }
        enter(.runningHook(point, 0), at: now)
    }

    /// On from one hook, whatever became of it.
    mutating func advance(afterHook index: Int, of point: HookPoint, at now: Timestamp) {
        let next = index + 1
        if next < hooks(at: point).count { return enter(.runningHook(point, next), at: now) }
        leaveHooks(of: point, at: now, hadAny: true)
    }

    /// Hooks before the switch may take minutes, so that the candidate is looked at again.
    private mutating func leaveHooks(of point: HookPoint, at now: Timestamp, hadAny: Bool) {
        switch point {
        case .beforeStart: enter(hasToMakeRoom ? .takingDown : .starting(leadingShared), at: now)
        case .beforeSwitch:
            enter(hadAny ? .verifyingAgain : afterVerification(at: now), at: now)
        case .afterSwitch: enter(afterSwitchHooks(at: now), at: now)
        case .afterRetire: enter(.finished(.promoted), at: now)
        }
    }

    /// A hook that fails ends a deploy, or after the switch takes it back. On the way back to a
    /// release that worked it is a warning, since there is nowhere to go back to from there, and
    /// so it is when all is done.
    mutating func failHook(
        _ index: Int, of point: HookPoint, _ failure: Failure, at now: Timestamp
    ) {
        switch (point, kind) {
        case (.beforeStart, _), (.beforeSwitch, _):
            abandon(at: now)
        case (.afterSwitch, .deploy):
            goBack(at: now)
        case (.afterSwitch, .warmRollback), (.afterSwitch, .coldRollback), (.afterRetire, _):
            demote(failure)
            advance(afterHook: index, of: point, at: now)
        }
    }

    /// Whether the hooks after the switch were all run: what came after them had begun.
    var hasPassedSwitchHooks: Bool {
        hasBegunToEnd || phases.contains { $0.name == Phase.watchingBake.name }
    }

    /// Whether the bake is over, or what comes after it had begun.
    var hasBegunToEnd: Bool {
        let later = [
            Phase.draining(until: startedAt).name, Phase.stoppingSingletons.name,
            Phase.retiring.name, HookPoint.afterRetire.phaseName,
        ]
        return phases.contains { later.contains($0.name) }
    }
}
