/// Where the start of a cohort's containers, one after the other, stands.
package struct Launch: Hashable, Codable, Sendable {
    /// Where the present container stands.
    package enum State: Hashable, Codable, Sendable {
        case starting
        /// The container was started and is not known to be up.
        case probing
        /// The host has a rest before the container is started: at least until the moment, then
        /// until it has settled.
        case resting(until: Timestamp)
    }

    /// Which container of the cohort; the count of them for the rest after the last one.
    package internal(set) var index = 0
    package internal(set) var state = State.starting
    /// When the last container was started; nil if it ran already.
    var startedAt: Timestamp?

    /// On from a state that has come to its end.
    ///
    /// - Returns: nil once the launch is over.
    func next(
        of count: Int, restsAtItsEnd: Bool, _ settings: DeploymentSettings, at now: Timestamp
    ) -> Launch? {
        var next = self
        switch state {
        case .starting: next.state = .probing
        case .resting:
            if index == count { return nil }
            next.state = .starting
        case .probing:
            next.index = index + 1
            next.state = rest(settings, at: now) ?? .starting
            let isOver = next.index == count && (!restsAtItsEnd || next.state == .starting)
            if isOver { return nil }
        }
        return next
    }

    private func rest(_ settings: DeploymentSettings, at now: Timestamp) -> State? {
        guard let startedAt else { return nil }
        let rested = max(now, startedAt + settings.startPause)
        return now < rested || settings.startAtMost > .zero ? .resting(until: rested) : nil
    }

    func step(
        _ containers: [PlannedReplica], of placement: Placement, _ bounds: SettleBounds,
        _ settings: DeploymentSettings
    ) -> Step {
        switch state {
        case .starting: .start(containers[index], of: placement)
        case .probing: .awaitUp(containers[index], of: placement)
        case .resting(let until):
            .settle(bounds, notBefore: until, until: until + settings.startAtMost)
        }
    }
}
