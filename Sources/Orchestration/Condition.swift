package import BlueGreen

/// The colour that has traffic and its health, judged from observations. Pure.
package struct Condition: Sendable {
    /// The whole condition in a word; `status` ends with it.
    package enum Verdict: Hashable, Sendable {
        case well
        /// A replica that should serve does not, or is missing.
        case unhealthy
        /// All that should serve does, and an earlier run has left work undone.
        case owing
        /// Two truths disagree, so that nobody can say who has traffic.
        case unknown
    }

    /// Observations beside the situation itself.
    package struct Findings: Sendable {
        /// By container id.
        package var health: [String: ReplicaHealth] = [:]
        /// The link with its markers; nil where nobody looked.
        package var traffic: Traffic?
        /// Why the running nginx could not be shown to route to the link's colour; nil where it
        /// was shown.
        package var routing: String?
        /// Why the history, or a part of it, could not be read; nil where all of it was.
        package var history: String?
        /// nil while the link tells who has traffic.
        package var lostLink: LostLinkFinding?
        /// What nginx's folder has lost beside it.
        package var losses: [FolderLoss] = []
        /// The run that holds the lock now.
        package var holder: LockHolder?
        /// How containers ended since that run began.
        package var endings: [ContainerEnding] = []
        /// When the look began; nil where nobody says.
        package var lookedAt: Timestamp?
        /// Things of others, and networks that the app's containers lost.
        package var disturbances: [Disturbance] = []
        package var room = HostRoom.unseen("nobody looked")
        package var now: Timestamp?

        package init(traffic: Traffic? = nil, routing: String? = nil, now: Timestamp? = nil) {
            self.traffic = traffic
            self.routing = routing
            self.now = now
        }
    }

    /// One container whose health counts.
    package struct Line: Sendable {
        package let container: Container
        package let health: ReplicaHealth
    }

    package let situation: Situation
    package let findings: Findings
    /// The active colour's replicas and the shared ones, by name.
    package let replicas: [Line]
    /// Replicas that the active release should have and that are not there.
    package let missing: [Replica]
    package let disagreements: [Disagreement]

    package init(_ situation: Situation, _ findings: Findings) {
        self.situation = situation
        self.findings = findings
        let run = findings.holder.map {
            RunUnderWay($0, situation, findings.endings, lookedAt: findings.lookedAt)
        }
        replicas = Self.shown(in: situation).map { container in
            let isWaiting = run?.accounts(for: container) ?? false
            let health = findings.health[container.id] ?? .unchecked
            return Line(container: container, health: isWaiting ? .waiting : health)
        }
        missing = Self.missing(in: situation, run)
        disagreements =
            Disagreement.about(findings.history, of: situation)
            + Disagreement.all(in: situation, findings)
    }

    package var verdict: Verdict {
        if !disagreements.isEmpty { return .unknown }
        let isHarmed = findings.disturbances.contains(where: \.isHarm)
        if !missing.isEmpty || isHarmed || replicas.contains(where: { $0.health.isBad }) {
            return .unhealthy
        }
        return owed.isEmpty && !isAbandoned ? .well : .owing
    }

    /// What others have put in the way of the next deploy, each with the line to run.
    package var strangers: [String] {
        findings.disturbances.filter { !$0.isHarm }.map(\.description)
    }

    /// The work that earlier runs have left undone, newest first.
    package var owed: [OwedWork] {
        situation.deployments.owing.flatMap(\.workLeft)
    }

    /// The newest one: what came before it is over, whatever its record says.
    package var unfinished: Deployment? {
        situation.deployments.first.flatMap { $0.outcome == nil ? $0 : nil }
    }

    /// Whether the run that carried the unfinished deployment is gone, and no person is asked.
    package var isAbandoned: Bool {
        unfinished != nil && findings.holder == nil && (waiting == nil || hasWaitedOut)
    }

    /// The part of the traffic that goes to the other colour, and the release there.
    package var canary: (share: Share, colour: Colour, release: ReleaseID?)? {
        guard let share = findings.traffic?.canary, let colour = findings.traffic?.colour?.other
        else { return nil }
        return (share, colour, situation.idle?.release)
    }

    package var isInMaintenance: Bool { findings.traffic?.isInMaintenance ?? false }

    /// The one that waits for a person's word, and until when.
    package var waiting: (deployment: Deployment, until: Timestamp)? {
        unfinished.flatMap { deployment in deployment.waitsUntil.map { (deployment, $0) } }
    }

    /// Whether nobody said anything in time; the next command that writes aborts it.
    package var hasWaitedOut: Bool {
        guard let until = waiting?.until, let now = findings.now else { return false }
        return now >= until
    }

    /// The newest deployment's last observation, running or over.
    package var observed: (stage: ObservedStage, deployment: Deployment)? {
        guard let newest = situation.deployments.first, let last = newest.facts.observed.last else {
            return nil
        }
        return (last, newest)
    }

    /// When the active release got its traffic; nil where no record tells who brought it.
    package var since: Timestamp? {
        let bringer = situation.deployments.first { $0.outcome == .promoted }
        guard let bringer, bringer.candidate == situation.active else { return nil }
        return bringer.facts.milestones[.switched] ?? bringer.finishedAt
    }

    /// nil where neither releases nor history know one.
    package func label(of release: ReleaseID) -> String? {
        situation.label(of: release)
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

    private static func missing(in situation: Situation, _ run: RunUnderWay?) -> [Replica] {
        let present = Set(shown(in: situation).map(\.replica))
        return (situation.services(of: situation.active) ?? [])
            .filter { !(run?.accounts(forLackOf: $0.role) ?? false) }.containers.map(\.replica)
            .filter { !present.contains($0) }
    }
}
