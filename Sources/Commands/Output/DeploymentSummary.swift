import BlueGreen
import Orchestration

/// The sentences of the last lines of a run, before they are made to fit.
struct DeploymentSummary {
    private let deployment: Deployment
    private let circumstances: Summary.Circumstances

    init(_ deployment: Deployment, _ circumstances: Summary.Circumstances) {
        self.deployment = deployment
        self.circumstances = circumstances
    }

    var headline: String {
        let candidate = named(deployment.candidate.release)
        let took = deployment.finishedAt.map { " after " + ($0 - deployment.startedAt).text } ?? ""
        switch deployment.outcome {
        case .promoted:
            let colour = deployment.candidate.colour
            return switch deployment.kind {
            case .deploy: "Promoted: release \(candidate) runs in \(colour)\(took)."
            case .warmRollback: "Rolled back (warm) to release \(candidate) in \(colour)\(took)."
            case .coldRollback: "Rolled back (cold) to release \(candidate) in \(colour)\(took)."
            }
        case .aborted:
            return "Aborted before the switch\(took): \(subject) \(candidate) got no traffic."
        case .rolledBack where deployment.facts.has(.madeRoom):
            return "Rolled back after making room\(took): \(subject) \(candidate) failed, and "
                + "\(before) was started again.\(handedBack)"
        case .rolledBack where isFromCanary:
            return "Rolled back from the canary\(took): \(subject) \(candidate) lost its share of "
                + "the traffic."
        case .rolledBack:
            return "Rolled back after the switch\(took): \(subject) \(candidate) lost its traffic."
                + handedBack
        case .unknown where deployment.isIllFirst:
            return "Not promoted\(took): \(subject) \(candidate) was not seen to be well. It has "
                + "the traffic, since there is nothing to go back to. Act now."
        case .unknown where isImpaired:
            return "Unknown: \(subject) \(candidate) failed, and \(before) could not be started "
                + "again as it was\(took). Act now."
        case .unknown:
            return "Unknown: traffic could not be shown to be anywhere\(took). Act now."
        case nil where deployment.waitsUntil != nil:
            return "Waiting for promotion until \(deployment.waitsUntil?.rfc3339 ?? ""): release "
                + "\(candidate) is healthy in \(deployment.candidate.colour) and has no traffic."
        case nil:
            return "Unfinished: deployment \(deployment.number) stands in \(deployment.phaseName)."
        }
    }

    /// Why it failed; each line is one that Teal may print.
    var reason: [String] {
        guard let failure = deployment.failure else { return [] }
        let lines = SafeLine.lines(failure.message)
        return lines.enumerated().map { $0.offset == 0 ? "Why: \($0.element)" : $0.element }
    }

    /// Whether the reason is a table, whose last line counts as much as its first.
    var hasTable: Bool { [.noRoom, .noNode].contains(deployment.failure?.cause) }

    /// Whether a replica that takes requests is missing from the set that has traffic again.
    private var isImpaired: Bool { deployment.owed.contains(.servingReplica) }

    private var before: String {
        deployment.previous.map { "release \(named($0.release))" } ?? "the previous one"
    }

    /// The services in one colour at a time that went back, or should have.
    private var handedBack: String {
        let names = deployment.order.singletonServices.sorted().joined(separator: ", ")
        let begun = deployment.facts.has(.handedBack)
        guard let previous = deployment.previous, begun, !names.isEmpty else { return "" }
        // A failure on the way back is a warning, and the words must not deny it.
        return deployment.owed.contains(.singletons)
            ? " To be handed back to \(previous.colour): \(names); see the warnings."
            : " Handed back to \(previous.colour): \(names)."
    }

    /// nginx's figures of a candidate that lost its traffic after it was watched.
    var figures: [String] {
        guard deployment.outcome == .rolledBack, let last = deployment.lastObserved else {
            return []
        }
        return FiguresTable([last], of: deployment).lines.map { "  \($0)" }
    }

    private var isFromCanary: Bool {
        deployment.facts.has(.diverted) && !deployment.facts.has(.switched)
    }

    var log: [String] {
        (deployment.failure?.logLines ?? []).map(SafeLine.foreign)
    }

    var warnings: [String] {
        deployment.warnings.map(\.message).flatMap(SafeLine.lines).map { "Warning: \($0)" }
    }

    /// A line for each reason on shared services that a promoted release may have otherwise.
    var stale: [String] {
        let parts: [(StaleShared.Reason, String, String)] = [
            (.otherImage, "of another image than this release", "replaces"),
            (.notBuilt, "not built for this release", "builds and replaces"),
        ]
        return parts.compactMap { reason, clause, verb in
            let names = circumstances.staleShared.filter { $0.reason == reason }.map(\.service)
            guard let first = names.first else { return nil }
            return "Not replaced: \(names.joined(separator: ", ")), shared and \(clause). "
                + "\(command("deploy", " --update-shared \(first)")) \(verb) "
                + "\(names.count == 1 ? "it" : "one of them")."
        }
    }

    var traffic: String { circumstances.isInMaintenance ? whoHasTraffic + page : whoHasTraffic }

    private var page: String {
        " Visitors get the maintenance page: \(command("maintenance off")) ends it."
    }

    private var whoHasTraffic: String {
        guard let live = circumstances.live else {
            // Before anything had traffic nginx may have no line of Teal's.
            return Traffic.sentence(nil, deployment.mayHaveHadTraffic ? "; nginx answers 503" : "")
        }
        if deployment.isOvertaken(live: live) {
            return "Traffic is where the link leads, \(live): others have moved it there since. "
                + "Act now."
        }
        // After its way back another release may have come to its colour.
        let isBack = [.aborted, .rolledBack].contains(deployment.outcome)
        let release = [isBack ? nil : deployment.candidate, deployment.previous].compactMap(\.self)
            .first { $0.colour == live }.map { named($0.release) }
        switch deployment.outcome {
        case .promoted, .aborted, .rolledBack: return Traffic.sentence(live, release: release)
        case nil where deployment.waitsUntil != nil:
            return Traffic.sentence(live, release: release)
        case .unknown where deployment.isIllFirst: return Traffic.sentence(live, release: release)
        case .unknown where isImpaired:
            return Traffic.sentence(live, release: release, ", of which not all runs")
        case .unknown, nil:
            return "Traffic should be on \(live)" + (release.map { ", release \($0)" } ?? "")
                + ", as the symlink says, but that was not confirmed."
        }
    }

    var next: String {
        let more = circumstances.log.map { "; the whole run stands in \($0)" } ?? ""
        if deployment.isOvertaken(live: circumstances.live) {
            return "Next: \(command("status")) tells who serves; \(command("resume")) writes down "
                + "who has traffic\(more)."
        }
        switch deployment.outcome {
        case .promoted where !deployment.owed.isEmpty:
            return "Next: \(command("resume")) does what could not be done\(more)."
        case .promoted:
            return promotedNext
        case .rolledBack where deployment.owed.contains(.singletons):
            return "Next: \(command("resume")) hands back what runs in one colour at a "
                + "time\(more)."
        case .aborted, .rolledBack:
            return "Next: \(owed)\(remedy)\(more)."
        case .unknown where isImpaired:
            let colour = circumstances.live ?? deployment.candidate.colour.other
            let logs = LogCommand(.colour(colour), options: circumstances.options).text
            return "Next: \(command("status")) shows what does not run and "
                + "\(logs) why; "
                + "\(command("deploy")) of a release that works puts it right\(more)."
        case .unknown:
            return "Next: run \(command("status")) and look at nginx's error log; "
                + "\(command("resume")) or a new \(command("deploy")) puts it right\(more)."
        case nil where deployment.waitsUntil != nil:
            return "Next: \(command("promote")) gives \(deployment.candidate.colour) the traffic, "
                + "\(command("abort")) takes it away\(more)."
        case nil:
            return "Next: run \(command("resume")) to finish or undo it\(more)."
        }
    }

    /// Also the next verb that writes does it first.
    private var owed: String {
        deployment.owed.isEmpty
            ? "" : "\(command("resume")) does what could not be done; "
    }

    private var promotedNext: String {
        guard let previous = deployment.previous,
            circumstances.known?.contains(previous.release) ?? true
        else {
            return "Next: \(command("status")) shows its health."
        }
        let release = named(previous.release)
        if deployment.stopsFirst {
            return "Next: \(command("rollback")) starts release \(release) again, which was "
                + "stopped to make room, and goes back to it."
        }
        return switch circumstances.wayBack {
        case .warmRollback:
            "Next: \(command("rollback")) goes back to release \(release) at once, while it runs."
        case nil:
            "Next: \(command("rollback")) goes back to release \(release)."
        case .coldRollback, .deploy:
            "Next: \(command("rollback")) starts release \(release) again and goes back to it."
        }
    }

    private var remedy: String {
        switch deployment.failure?.cause {
        case .outOfMemory: usualRemedy
        case _ where deployment.facts.has(.breached): autopsy
        case _: usualRemedy
        }
    }

    /// Its containers are there still.
    private var autopsy: String {
        let colour = deployment.candidate.colour
        let again = "fix the release and run \(command(verb)) again"
        let service = deployment.services.first { $0.name == culprit?.service }
        if let service, service.role == .shared {
            return "look at \(service.name), which is shared, by \(command("status")), \(again)"
        }
        let subject: LogCommand.Subject =
            if let culprit, let service { .replica(culprit, of: service.replicas, colour) } else {
                .colour(colour)
            }
        return "look at \(colour), which is kept stopped, with "
            + "\(LogCommand(subject, options: circumstances.options).text), \(again)"
    }

    /// The replica that the failure is about; nil for one of the whole colour.
    private var culprit: Replica? {
        switch deployment.failure?.cause {
        case .unhealthy(let replica), .exited(let replica, _), .outOfMemory(let replica, _):
            replica
        case .step, .edge, .memoryRanOut, .noRoom, .noNode, .signal, .crash, .breach, .declined,
            .unanswered, .overtaken, .unrecorded, .noMajority, .outrun, nil:
            nil
        }
    }

    private var usualRemedy: String {
        switch deployment.failure?.cause {
        case .signal: "run \(command(verb)) again when nothing will interrupt it"
        case .declined: "run \(command(verb)) when there is something to promote again"
        case .unanswered:
            "run \(command(verb)) again, and \(command("promote")) while it waits; "
                + "`promote_within` in teal.yml says how long"
        case .crash: "run \(command(verb)) again; nothing has to be cleaned up"
        case .noRoom
        where deployment.settings.room == .refuse && deployment.previous != nil
            && deployment.facts.fit != .never:
            "free memory or add swap, or set `room: stop-first` in teal.yml (the set that has "
                + "traffic is stopped first), and run \(command(verb)) again"
        case .noRoom:
            "free memory, add swap, or say in teal.yml what a service really takes (`memory:`), "
                + "and run \(command(verb)) again"
        case .noNode:
            "free memory on the nodes, have the services reserve less in the compose file "
                + "(`deploy.resources`), or correct where they may run (`deploy.placement`), and "
                + "run \(command(verb)) again"
        case .outOfMemory(let replica, let limit?):
            "raise the memory limit of \(replica.service) in the compose file (`mem_limit`, now "
                + "\(limit.text)), or have it take less, and run \(command(verb)) again"
        case .outOfMemory(_, nil), .memoryRanOut:
            "free memory or add swap\(stoppingFirst), and run \(command(verb)) again"
        case .overtaken: "run \(command("status")) to see what has traffic"
        case .noMajority:
            "bring back managers of the swarm until more than half of them run, and run "
                + "\(command(verb)) again"
        case .outrun: "run \(command("nodes")), and \(command(verb)) again from one manager"
        case .unrecorded: "free space in Teal's state folder and run \(command(verb)) again"
        case .step, .edge, nil:
            "correct that and run \(command(verb)) again"
        case .unhealthy, .exited, .breach:
            switch deployment.kind {
            case .deploy: "fix the release and run \(command("deploy")) again"
            case .warmRollback, .coldRollback:
                "run \(command("history")) for other releases and go back to "
                    + "one of them with \(command("rollback", " --to RELEASE"))"
            }
        }
    }

    private var stoppingFirst: String {
        let helps = deployment.previous != nil && deployment.settings.room != .stopFirst
        return helps
            ? ", or set `room: stop-first` in teal.yml (the set that has traffic is stopped first)"
            : ", or give the services less memory in the compose file (`mem_limit`)"
    }

    private var verb: String {
        switch deployment.kind {
        case .deploy: "deploy"
        case .warmRollback, .coldRollback: "rollback"
        }
    }

    private var subject: String {
        switch deployment.kind {
        case .deploy: "release"
        case .warmRollback, .coldRollback: "the rollback to release"
        }
    }

    private func command(_ verb: String, _ more: String = "") -> String {
        "`teal \(verb)\(circumstances.options)\(more)`"
    }

    private func named(_ release: ReleaseID) -> ReleaseName {
        let own = release == deployment.candidate.release ? deployment.label : nil
        return ReleaseName(release, label: circumstances.labels[release] ?? own)
    }
}
