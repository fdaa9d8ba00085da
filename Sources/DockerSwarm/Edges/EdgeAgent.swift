import BlueGreen
import FoundationEssentials
import HostSystem
package import Orchestration

/// Makes one node's nginx follow the desired state, with the router of a single host.
package struct EdgeAgent: Sendable {
    private let state: EdgeState
    private let router: any TrafficRouter
    private let edge: any EdgeProbe
    private let observer: any TallyingObserver
    private let gauge: any HostGauge
    private let clock: any WallClock
    private let report: @Sendable (EdgeReport) -> Void

    /// An old task may still be at work on the same node.
    private static let patience = Duration.seconds(60)
    private static let period = Duration.seconds(1)
    /// To have nginx read its files costs some tens of milliseconds.
    static let faultPeriod = Duration.seconds(10)

    /// - Parameters:
    ///   - gauge: of the node.
    ///   - report: gets a line whenever it says something new.
    package init(
        _ state: EdgeState, router: any TrafficRouter, edge: any EdgeProbe,
        observer: any TallyingObserver, gauge: any HostGauge, clock: any WallClock,
        report: @escaping @Sendable (EdgeReport) -> Void
    ) {
        self.state = state
        self.router = router
        self.edge = edge
        self.observer = observer
        self.gauge = gauge
        self.clock = clock
        self.report = report
    }

    /// Follows the state, and then sees to it that nginx goes on doing so, until a task of a later
    /// epoch takes over. Does not return.
    ///
    /// - Parameter onConfirmed: called whenever it is known anew whether nginx follows.
    /// - Throws: why nginx could not be made to follow, once that was reported.
    package func run(onConfirmed: @Sendable (Bool) throws -> Void) async throws {
        do {
            try await follow()
            var last: EdgeReport?
            var fault: (text: String?, at: Timestamp)?
            while try !isOvertaken {
                if fault.map({ clock.now - $0.at >= Self.faultPeriod }) ?? true {
                    fault = (await othersFault(), clock.now)
                }
                var report = try await look()
                report?.fault = fault?.text
                if let report, report.isNews(after: last) {
                    self.report(report)
                    if last == nil { try onConfirmed(true) }
                    last = report
                }
                try await clock.sleep(until: clock.now + Self.period)
            }
            // The swarm ends this task once the other one has confirmed.
            while true { try await clock.sleep(until: clock.now + Self.patience) }
        } catch {
            // Nobody asks a task that ends whether it has confirmed.
            try? onConfirmed(false)
            report(EdgeReport(epoch: state.epoch, failure: "\(error)", memory: await memory()))
            throw error
        }
    }

    private var isOvertaken: Bool {
        get throws { try EdgeRecord(state.site).epoch() > state.epoch }
    }

    /// A restart of nginx, or a file that was lost, is put right. nil while a later task is at work.
    private func look() async throws -> EdgeReport? {
        do {
            return try await confirmation()
        } catch let error where !(error is CancellationError) {
            if try isOvertaken { return nil }
            try await follow()
            return try await confirmation()
        }
    }

    /// Applies the state once, and asks the workers.
    func follow() async throws {
        try FileSystem().makeFolder(state.site.directory, access: .everyoneReads)
        let record = EdgeRecord(state.site)
        let held = try await FileLock.acquire(
            path: record.lock,
            holder: LockHolder(
                pid: ProcessInformation.pid, since: clock.now, verb: "edge", release: nil),
            waitingAtMost: Self.patience, clock: clock, onWait: { _ in })
        defer { held.release() }
        // Before the first act: once a node has seen an epoch, no task of before moves it.
        try record.advance(to: state.epoch)
        if state.isLeaving { return try await leave() }
        try await putBackLink()
        try await router.prepare()
        if state.table != .empty { try await router.arm(state.table) }
        if try await router.traffic().division != state.division {
            try await router.route(state.division)
        }
        if try await router.traffic().isInMaintenance != state.isInMaintenance {
            try await router.setMaintenance(state.isInMaintenance ? .on : .off)
        }
        // A run that died has left one that is over.
        if let until = state.watchedUntil, until > clock.now {
            _ = try await observer.begin(until: until)
        } else {
            try await observer.end()
        }
        try await router.confirm(state.division)
        try await prove()
    }

    private func leave() async throws {
        switch try await router.readLink() {
        case .unwritten: break
        case .lost: try await router.putBackLink(to: nil, nil)
        case .leads(let traffic):
            if traffic.division != .nobody { try await router.route(.nobody) }
        }
        try await router.remove()
    }

    /// The record of the edges says who has traffic, whatever a node has lost.
    private func putBackLink() async throws {
        switch try await router.readLink() {
        case .leads: return
        case .unwritten:
            guard let colour = state.division.colour else { return }
            try await router.putBackLink(to: colour, state.table)
        case .lost: try await router.putBackLink(to: state.division.colour, nil)
        }
    }

    private func prove() async throws {
        guard let proof = state.proof, clock.now < proof.until else { return }
        for service in proof.services {
            for attempt in 1...Self.attempts {
                let result = await edge.probe(service, through: .colour(proof.colour))
                if result == .passed { break }
                guard attempt < Self.attempts else {
                    throw EdgeFailure(service: service.name, colour: proof.colour, result: result)
                }
                try await clock.sleep(until: clock.now + .milliseconds(500))
            }
        }
    }

    private static let attempts = 3

    private func confirmation() async throws -> EdgeReport {
        if state.isLeaving {
            return EdgeReport(
                epoch: state.epoch,
                confirmed: EdgeReport.Confirmation(
                    division: .nobody, at: clock.now, blue: .init(), green: .init()),
                memory: await memory())
        }
        try await router.confirm(state.division)
        let at = clock.now
        let tallies = state.watchedUntil == nil ? [:] : try await observer.tallies()
        return EdgeReport(
            epoch: state.epoch,
            confirmed: EdgeReport.Confirmation(
                division: state.division, at: at, blue: try await side(.blue, tallies),
                green: try await side(.green, tallies)), memory: await memory())
    }

    /// nil also where it cannot be found out: the look at the workers tells more.
    private func othersFault() async -> String? {
        guard let colour = state.division.colour else { return nil }
        let services = state.table[colour].map { PlannedService(name: $0.service, role: .exposed) }
        let found = (try? await router.obstacles(to: services)) ?? []
        return found.first { !$0.hindersWayBack }?.description
    }

    /// A node that cannot tell it follows all the same.
    private func memory() async -> NodeMemory? {
        (try? await gauge.sample()).map(NodeMemory.init)
    }

    private func side(
        _ colour: Colour, _ tallies: [Colour: RequestTally]
    ) async throws -> EdgeReport.Side {
        let remaining = try await router.remainingTraffic(to: colour)
        return EdgeReport.Side(connections: remaining.connections, answered: tallies[colour])
    }
}

/// A service that a node's nginx does not reach.
private struct EdgeFailure: Error, CustomStringConvertible {
    let service: String
    let colour: Colour
    let result: EdgeResult

    var description: String {
        switch result {
        case .passed: ""
        case .brokenEdge(let fault):
            "its nginx \(fault.predicate) for \(service) in \(colour). \(fault.remedy)"
        case .brokenApp(let failure):
            "by way of its nginx, \(service) in \(colour) \(failure)."
        }
    }
}

/// The highest epoch that this node has seen, beside the app's link.
struct EdgeRecord: Sendable {
    private let path: String
    let lock: String

    init(_ site: EdgeState.Site) {
        path = "\(site.directory)/.\(site.app).epoch"
        lock = "\(site.directory)/.\(site.app).edge.lock"
    }

    /// 0 where the node has seen none.
    func epoch() throws -> Int {
        let text = try FileSystem().readTextIfPresent(path)?.trimmed ?? "0"
        guard let known = Int(text) else {
            throw SwarmError.badStoredFile(path: path, reason: "\"\(text)\" is no number")
        }
        return known
    }

    /// - Throws: `SwarmError.oldEpoch` for one that is lower than a recorded one.
    func advance(to epoch: Int) throws {
        let known = try self.epoch()
        guard epoch >= known else { throw SwarmError.oldEpoch(epoch, applied: known) }
        if epoch > known {
            try AtomicFile.write("\(epoch)\n", to: path, access: .everyoneReads)
        }
    }
}
