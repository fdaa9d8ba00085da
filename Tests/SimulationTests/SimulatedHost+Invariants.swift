import BlueGreen
import Orchestration
import TestSupport

extension SimulatedHost.State {
    /// The invariants: exactly one colour has traffic, is armed, and serves. A singleton runs in
    /// one colour at a time. Nobody else's container is touched.
    mutating func check(after act: String) {
        checkSingletons(after: act)
        checkEdges(after: act)
        if strangers.wereTouched { violations.append("a stranger was touched by \(act)") }
        guard let live = routed else {
            if mustServe, !mayBeDark { violations.append("nobody has traffic after \(act)") }
            return
        }
        // The first switch of all may be taken back: nobody had traffic before it.
        mustServe = mustServe && current?.previous != nil || self.live != nil
        guard mustServe else { return }
        let isDark = mayBeDark && live == current?.previous?.colour || movedTo == live
        if !serves(live), !isDark {
            violations.append("\(live) has traffic and serves nothing after \(act)")
        }
        if armed?[live].isEmpty ?? true {
            violations.append("\(live) has traffic and nginx has no address of it after \(act)")
        }
        if canaryRouted != nil, !serves(live.other) || armed?[live.other].isEmpty ?? true {
            violations.append("\(live.other) has a share and serves nothing after \(act)")
        }
        let releases = containers.filter { $0.colour == live && $0.isRunning }
            .map(\.placement.release)
        if Set(releases).count > 1 { violations.append("\(live) mixes releases after \(act)") }
    }

    func serves(_ colour: Colour) -> Bool {
        containers.contains {
            $0.colour == colour && $0.service.role == .exposed && isHealthy($0)
        }
    }

    /// Only where the user allows it, and only until the deployment that made room has a proved
    /// end.
    private var mayBeDark: Bool {
        guard let current, current.facts.has(.madeRoom), rest.rule.room == .stopFirst else {
            return false
        }
        return current.outcome == nil || current.outcome == .unknown
    }

    private mutating func checkSingletons(after act: String) {
        let running = containers.filter(\.isRunning)
        for one in running where one.colour == .blue {
            for other in running where one.excludes(other) {
                violations.append("\(one.replica.service) runs twice after \(act)")
            }
        }
    }

    mutating func checkStart(of container: SimulatedContainer) {
        if let wrong = rest.start(at: now) {
            violations.append("\(container.replica) of \(container.colour) was \(wrong)")
        }
        guard let current, Spot(current) == .starting(0), rest.rule.room != .warn,
            container.service.memory != nil
        else { return }
        let missing = current.order.ordinary.filter { planned in
            !containers.contains {
                $0.isRunning && $0.placement == current.candidate
                    && $0.replica == planned.replica
            }
        }
        let needed = missing.compactMap(\.service.memory).total
        let have = load.available(beside: containers, at: now) - rest.rule.settle.memoryFree
        if needed > have { violations.append("\(container.replica) was started without room") }
    }

    /// Singletons that ran run again, in the colour that has traffic.
    mutating func checkSingletonsRun(_ names: some Sequence<String>, in colour: Colour) {
        for name in names {
            let runs = containers.contains {
                $0.isRunning && $0.colour == colour && $0.replica.service == name
            }
            if !runs { violations.append("\(name) does not run in \(colour)") }
        }
    }
}
