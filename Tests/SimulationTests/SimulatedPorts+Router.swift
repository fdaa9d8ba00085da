import BlueGreen
import Orchestration
import TestSupport

extension SimulatedPorts: TrafficRouter {
    func prepare() async throws {
        try host.nginxAct("router.prepare") { _ in }
    }

    func obstacles(to services: [PlannedService]) async throws -> [Obstacle] {
        try host.act("router.obstacles") { _ in [] }
    }

    func arm(_ table: RoutingTable) async throws {
        try host.nginxAct("arm") { state in
            state.armedOnDisk = table
            state.armed = table
        }
    }

    func route(_ division: Division) async throws {
        switch division {
        case .nobody: try switchTraffic(to: nil)
        case .all(let colour): try switchTraffic(to: colour)
        case .share(let share, let colour): try divert(share, to: colour)
        }
    }

    func confirm(_ division: Division) async throws {
        switch division {
        case .nobody: try confirm(colour: nil)
        case .all(let colour): try confirm(colour: colour)
        case .share(let share, let colour): try confirmDiversion(of: share, to: colour)
        }
    }

    private func switchTraffic(to colour: Colour?) throws {
        try host.act("rename") { state in
            state.checkReach(of: colour)
            if state.live != colour { state.linkBefore = state.live }
            state.live = colour
            state.linkIsMade()
            state.trouble.linkIsMade()
            state.watchedUntil = nil
            if state.flaw != .forgetsTheCanary {
                state.canary = nil
                state.canaryRouted = nil
            }
            if !state.isLaunching { state.rest.isOver() }
            if colour == nil, state.current?.previous == nil { state.mustServe = false }
            if !state.needsReload { state.route(to: colour) }
        }
        try host.nginxAct("reload") { state in
            let isIgnored = state.silentReloadRate.map { state.random.isOne(in: $0) } ?? false
            if state.needsReload, isIgnored { return }
            state.route(to: colour)
        }
    }

    private func confirm(colour: Colour?) throws {
        try host.nginxAct("confirm") { state in
            let looks =
                state.flaw != .confirmsWithoutLooking
                && !(state.flaw == .takesDownOnlyTheLink && colour == nil)
            if state.routed != colour, looks { throw SimulatedHost.Fault() }
        }
    }

    private func divert(_ share: Share, to colour: Colour) throws {
        try host.act("divert") { state in
            guard state.live == colour.other else { throw SimulatedHost.Fault() }
            state.checkReach(of: colour)
            state.canary = share
            state.canaryRouted = share
        }
    }

    private func confirmDiversion(of share: Share, to colour: Colour) throws {
        try host.nginxAct("confirm diversion") { state in
            guard state.routed == colour.other, state.canaryRouted == share else {
                throw SimulatedHost.Fault()
            }
        }
    }

    func setMaintenance(_ maintenance: Maintenance) async throws {
        try host.act("maintenance") { _ in }
    }

    func readLink() throws -> LinkReading {
        try host.act("read link") { state in
            if state.isLinkLost {
                return state.flaw == .takesALostLinkForNobody
                    ? .leads(Traffic(nil)) : .lost(LostLink(path: "live", .missing))
            }
            if let hidden = state.unseenMove { return .leads(Traffic(hidden)) }
            return .leads(
                Traffic(state.live, canary: state.canary, isWatched: state.watchedUntil != nil))
        }
    }

    func linkMadeAt() -> Timestamp? {
        host.with { $0.flaw == .overlooksReturn ? nil : $0.linkMadeAt }
    }

    func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws {
        try host.act("put back the link") { state in
            state.putBackLink(to: state.flaw == .putsALostLinkAnywhere ? .blue : colour)
        }
    }

    func losses() throws -> [FolderLoss] { [] }
    func heal() async throws -> [String] { [] }

    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        try host.act("remainingTraffic") { state in
            RemainingTraffic(connections: state.random.isOne(in: 3) ? 0 : 2, oldWorkers: 0)
        }
    }

    func previewURL() async throws -> String? { nil }

    func remove() async throws {
        try host.act("router.remove") { state in
            state.armed = nil
            state.armedOnDisk = nil
        }
    }
}

extension SimulatedHost.State {
    fileprivate var unseenMove: Colour? {
        guard flaw == .overlooksAMoveInABake, let current, overruled.contains(current.number) else {
            return nil
        }
        return current.outcome == nil ? current.candidate.colour : nil
    }

    /// A link that is put back beside a start is no move of traffic between two.
    fileprivate var isLaunching: Bool {
        if case .launch = current?.position?.stage { true } else { false }
    }

    fileprivate mutating func route(to colour: Colour?) {
        if colour == nil, flaw == .takesDownOnlyTheLink { return }
        routed = colour
        movedTo = nil
    }
}
