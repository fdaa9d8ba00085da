import BlueGreen
import HostSystem
import Orchestration

/// Who has traffic and how it is, judged from what was observed. Pure.
struct StatusReport: Sendable {
    /// What was observed beside the situation itself.
    struct Findings: Sendable {
        /// By container id.
        var health: [String: ReplicaHealth] = [:]
        /// What the link says beside the colour; nil where nobody looked.
        var traffic: Traffic?
        /// Why the running nginx could not be shown to route to the link's colour; nil where it
        /// was shown.
        var routing: String?
        /// The run that holds the lock now.
        var holder: LockHolder?
        var room = HostRoom.unseen("nobody looked")
        var now: Timestamp?
    }

    struct Line: Sendable {
        let container: Container
        let health: ReplicaHealth
    }

    let situation: Situation
    let findings: Findings
    /// The active colour's replicas and the shared ones, by name.
    let replicas: [Line]
    /// Replicas that the active release should have and that are not there.
    let missing: [Replica]
    /// What must be looked at now, since two truths disagree.
    let disagreements: [String]

    init(_ situation: Situation, _ findings: Findings) {
        self.situation = situation
        self.findings = findings
        replicas = Self.shown(in: situation).map { container in
            let isWaiting = Self.isWaiting(container, situation, findings)
            let health = findings.health[container.id] ?? .unchecked
            return Line(container: container, health: isWaiting ? .waiting : health)
        }
        missing = Self.missing(in: situation)
        disagreements = Self.disagreements(in: situation, findings)
    }

    var status: ExitStatus {
        if !disagreements.isEmpty { return .unknown }
        return missing.isEmpty && !replicas.contains { $0.health.isBad } ? .done : .unhealthy
    }

    var unfinished: Deployment? { situation.deployments.first { $0.outcome == nil } }

    /// The part of the traffic that goes to the other colour, and what that holds.
    var canary: (share: Share, colour: Colour, release: ReleaseID?)? {
        guard let share = findings.traffic?.canary, let colour = findings.traffic?.colour?.other
        else { return nil }
        return (share, colour, situation.idle?.release)
    }

    var isInMaintenance: Bool { findings.traffic?.isInMaintenance ?? false }

    /// The one that waits for a person's word, and until when.
    var waiting: (deployment: Deployment, until: Timestamp)? {
        unfinished.flatMap { deployment in deployment.waitsUntil.map { (deployment, $0) } }
    }

    /// Whether nobody said anything in time; the next command that writes aborts it.
    var hasWaitedOut: Bool {
        guard let until = waiting?.until, let now = findings.now else { return false }
        return now >= until
    }

    /// The newest deployment's last observation, running or over.
    var observed: (stage: ObservedStage, deployment: Deployment)? {
        guard let newest = situation.deployments.first, let last = newest.lastObserved else {
            return nil
        }
        return (last, newest)
    }

    /// When the active release got its traffic.
    var since: Timestamp? {
        let bringer = situation.deployments.first {
            $0.candidate == situation.active && $0.outcome == .promoted
        }
        return bringer?.phases.last { $0.name == Phase.confirming.name }?.at
            ?? bringer?.finishedAt
    }

    func label(of release: ReleaseID) -> String? {
        situation.releases.first { $0.id == release }?.label
            ?? situation.deployments.first { $0.candidate.release == release }?.label
    }

    /// The containers whose health counts.
    static func shown(in situation: Situation) -> [Container] {
        situation.containers
            .filter { container in
                container.role == .shared
                    || (container.placement != nil && container.placement == situation.active)
            }
            .sorted {
                ($0.role == .shared ? 1 : 0, $0.name) < ($1.role == .shared ? 1 : 0, $1.name)
            }
    }

    static func services(of situation: Situation) -> [PlannedService] {
        guard let active = situation.active else { return [] }
        return situation.releases.first { $0.id == active.release }?.services
            ?? situation.deployments.first { $0.candidate.release == active.release }?.services
            ?? []
    }

    /// Between the switch and its handing over a singleton runs in the previous colour.
    private static func isWaiting(
        _ container: Container, _ situation: Situation, _ findings: Findings
    ) -> Bool {
        guard container.role == .singleton, container.state != .running, findings.holder != nil,
            let deployment = situation.deployments.first
        else { return false }
        return deployment.outcome == nil && deployment.isPastSwitch
    }

    private static func missing(in situation: Situation) -> [Replica] {
        let present = Set(shown(in: situation).map(\.replica))
        return services(of: situation).flatMap { service in
            (1...max(1, service.replicas)).map { Replica(service: service.name, index: $0) }
        }.filter { !present.contains($0) }
    }

    private static func disagreements(
        in situation: Situation, _ findings: Findings
    ) -> [String] {
        var found: [String] = []
        let last = situation.deployments.first { $0.outcome == .promoted }
        let isUnderWay = situation.deployments.first.map { $0.outcome == nil } ?? false
        // A set that did not come back whole has its traffic, and its replicas tell how they are.
        if let newest = situation.deployments.first, newest.outcome == .unknown,
            !(newest.isImpaired ?? false)
        {
            found.append("The last deployment ended without a proof of where traffic is.")
        }
        guard let live = situation.live else {
            if let last, !isUnderWay {
                found.append(
                    "The history says that \(last.candidate.colour) has traffic, "
                        + "but the link names no colour.")
            }
            return found
        }
        let running = situation.containers.filter { container in
            container.placement?.colour == live && container.state == .running
        }
        if running.isEmpty {
            found.append("The link names \(live), but no container of \(live) runs.")
        }
        if let last, !isUnderWay, let active = situation.active, active != last.candidate,
            situation.deployments.first?.outcome == .promoted
        {
            found.append(
                "The history says that \(last.candidate.colour) has traffic with release "
                    + "\(last.candidate.release), but the link and the containers say \(live) "
                    + "with release \(active.release).")
        }
        if let routing = findings.routing { found.append(routing) }
        return found + doubles(in: situation)
    }

    /// What may run in one colour at a time and runs in both.
    private static func doubles(in situation: Situation) -> [String] {
        let singletons = situation.containers.filter {
            $0.role == .singleton && $0.state == .running
        }
        let colours = Dictionary(grouping: singletons, by: \.replica.service)
            .mapValues { Set($0.compactMap { $0.placement?.colour }) }
        return colours.filter { $0.value.count > 1 }.keys.sorted().map {
            "\($0) may run in one colour at a time and runs in both."
        }
    }
}
