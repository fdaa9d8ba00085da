import BlueGreen
import HostSystem
import Orchestration

/// A status as a person reads it.
struct StatusText {
    private let condition: Condition
    private let app: AppContext
    /// nil where there was never a round.
    private let watch: WatchStatus?

    init(_ condition: Condition, _ app: AppContext, watch: WatchStatus? = nil) {
        self.condition = condition
        self.app = app
        self.watch = watch
    }

    var text: String {
        let lines =
            [traffic] + canary + maintenance + replicas + idle + [room] + unfinished + observed
            + problems + inTheWay + (watch?.lines.map(SafeLine.own) ?? []) + [next]
        return lines.filter { !$0.isEmpty }.map { $0 + "\n" }.joined()
    }

    private var traffic: String {
        if let finding = condition.findings.lostLink { return lost(finding) }
        guard let live = condition.situation.live else {
            return condition.situation.deployments.isEmpty && condition.disagreements.isEmpty
                ? "\(app.name): nothing was deployed yet." : "\(app.name): \(Traffic.clause(nil))."
        }
        let release = condition.situation.active.map { named($0.release) }
        let unknown = release == nil ? ", release unknown" : ""
        let since = condition.since.map { ", since \($0.rfc3339)" } ?? ""
        return "\(app.name): \(Traffic.clause(live, release: release))\(unknown)\(since)."
    }

    private func lost(_ finding: LostLinkFinding) -> String {
        switch finding.verdict {
        case .had(let colour):
            "\(app.name): the link is lost; traffic belongs to \(colour)."
        case .nobodyHad: "\(app.name): the link is lost; nobody has traffic."
        case .untold: "\(app.name): the link is lost; nobody can tell who has traffic."
        }
    }

    private var canary: [String] {
        guard let canary = condition.canary else { return [] }
        let release = canary.release.map { ", release \(named($0))" } ?? ""
        return [
            "\(canary.share.preciseText) of the requests go to \(canary.colour)\(release)."
        ]
    }

    private var maintenance: [String] {
        guard condition.isInMaintenance else { return [] }
        return [
            "Maintenance is on: visitors get its page; \(app.command("maintenance off")) ends it."
        ]
    }

    private var replicas: [String] {
        let rows = condition.replicas.map { line in
            [
                "\(line.container.replica)", line.container.role.rawValue,
                line.container.state.text,
                line.health.text
                    + (line.container.restarts > 0 ? " (\(restarts(line)))" : "")
                    + (watch?.since(line).map { ", since \($0.rfc3339)" } ?? ""),
            ]
        }
        let gone = condition.missing.map { ["\($0)", "", "missing", "unhealthy: there is none"] }
        return TextTable(rows + gone, indent: 2).lines.map(SafeLine.own)
    }

    private func restarts(_ line: Condition.Line) -> String {
        line.container.restarts == 1
            ? "restarted once" : "restarted \(line.container.restarts) times"
    }

    private var idle: [String] {
        guard let live = condition.situation.live else { return [] }
        guard let idle = condition.situation.idle else { return ["\(live.other) is empty."] }
        let once = condition.situation.singletons
        let containers = condition.situation.containers(of: idle)
        let beside = condition.situation.warm
        let running = beside.count { $0.state == .running }
        let waiting = Set(
            containers.filter { $0.runsOnce(beside: once) && $0.state != .running }
                .map(\.replica.service)
        ).sorted()
        let active = Set(
            (condition.situation.services(of: condition.situation.active) ?? []).map(\.name))
        let singletons = [
            (waiting.filter(active.contains), "in \(live) only"),
            (waiting.filter { !active.contains($0) }, "not part of the release in \(live)"),
        ].filter { !$0.0.isEmpty }.map {
            "; stopped on purpose: \($0.0.joined(separator: ", ")) (\($0.1))"
        }.joined()
        return [
            "\(idle.colour) holds release \(named(idle.release)): "
                + "\(running) of \(beside.count) containers running\(singletons)."
        ]
    }

    private var room: String {
        condition.situation.deployments.isEmpty ? "" : SafeLine.own(condition.findings.room.text)
    }

    private var unfinished: [String] {
        guard let deployment = condition.unfinished else { return [] }
        if let waiting { return [waiting] }
        let standing =
            "Deployment \(deployment.number) to \(deployment.candidate.colour) is unfinished, "
            + "\(deployment.phaseName)"
        let owner =
            condition.findings.holder.map { "; it is carried by \($0.description)." }
            ?? "; the run that carried it is gone."
        return [standing + owner]
    }

    private var waiting: String? {
        guard let (deployment, until) = condition.waiting else { return nil }
        let candidate = deployment.candidate
        let head =
            "Deployment \(deployment.number) of release \(named(candidate.release)) to "
            + "\(candidate.colour) waits for promotion "
        if condition.hasWaitedOut {
            return head + "in vain: its time was over at \(until.rfc3339)."
        }
        let look = app.configuration.preview.map { " Look at it: \($0.url)" } ?? ""
        return head + "until \(until.rfc3339), and is then aborted.\(look)"
    }

    private var observed: [String] {
        guard let (stage, deployment) = condition.observed else { return [] }
        return ["Deployment \(deployment.number) was last seen like this:"]
            + FiguresTable([stage], of: deployment).lines.map { "  \($0)" }
    }

    private var problems: [String] {
        let harm = condition.findings.disturbances.filter(\.isHarm).map(\.description)
        return (condition.disagreements.map(\.description) + harm)
            .flatMap { SafeLine.lines($0) }.map { "Problem: \($0)" }
            + condition.owed.flatMap { SafeLine.lines("\($0)") }.map { "Owed: \($0)" }
    }

    private var inTheWay: [String] {
        condition.strangers.flatMap { SafeLine.lines($0) }
            .map { "In the way of the next deploy: \($0)" }
    }

    /// `Next: ...`; empty where nothing has to be done.
    var next: String {
        if let (deployment, _) = condition.waiting, !condition.hasWaitedOut {
            return "Next: \(app.command("promote")) gives \(deployment.candidate.colour) the "
                + "traffic, \(app.command("abort")) takes it away."
        }
        if let deployment = condition.unfinished, condition.findings.holder == nil {
            let isWatched =
                deployment.isBeforeItsBakeEnds
                && condition.situation.live == deployment.candidate.colour
            return isWatched
                ? "Next: \(app.command("resume")) lets it go on, \(app.command("rollback")) undoes "
                    + "it."
                : "Next: \(app.command("resume")) finishes or undoes it."
        }
        if let finding = condition.findings.lostLink { return next(finding) }
        switch condition.verdict {
        // What to do about it stands with the problem.
        case .unknown where condition.disagreements.allSatisfy(\.isAboutHistory): return ""
        case .unknown where condition.disagreements.contains(where: \.isHalfDown):
            return "Next: \(app.command("down")) finishes it; \(app.command("deploy")) brings the "
                + "app back."
        case .unknown where !condition.findings.losses.isEmpty:
            let needsPerson = condition.findings.losses.contains { $0.remedy == .person }
            return needsPerson
                ? "Next: move that away as told above, then \(app.command("resume"))."
                : "Next: \(app.command("resume")) puts it right."
        case .unknown where condition.disagreements.contains(where: \.isUnrecordedMove):
            return "Next: \(app.command("resume")), or any command that writes, puts it right."
        case .unknown where condition.disagreements.allSatisfy(\.isAboutRouting):
            return "Next: see to nginx first, as told above; then \(app.command("status")) again."
        case .unknown:
            let back =
                condition.situation.hasWayBack ? " or \(app.command("rollback"))" : ""
            return "Next: look at nginx and `docker ps`; \(app.command("deploy"))\(back) "
                + "puts it right."
        case .unhealthy where condition.findings.disturbances.contains(where: \.isHarm):
            return "Next: \(app.command("resume")) connects it again."
        case .unhealthy:
            return "Next: \(remedies.joined(separator: "; "))."
        case .owing:
            return "Next: \(app.command("resume")) does what is owed."
        case .well:
            let isIdle = condition.situation.live == nil && condition.unfinished == nil
            return isIdle ? "Next: \(app.command("deploy"))." : ""
        }
    }

    /// Moves that are possible now, the mildest first.
    private var remedies: [String] {
        var moves = condition.strangers.isEmpty ? [] : ["clear the way as told above"]
        if !condition.owed.isEmpty {
            moves.append("\(app.command("resume")) does what is owed")
        } else if let ended = condition.replicas.first(where: \.hasEnded)?.container.replica.service
        {
            moves.append("\(app.command("restart", ended)) starts \(ended) again")
        }
        if !condition.missing.isEmpty {
            moves.append("\(app.command("deploy")) makes what is missing")
        }
        if condition.situation.hasWayBack {
            moves.append("\(app.command("rollback")) goes back")
        }
        return moves + [logs].compactMap(\.self).map { "\($0) shows more" }
    }

    /// Of the first container that is ill, else of the whole colour.
    private var logs: String? {
        let engine = app.configuration.engine
        let all = condition.situation.containers
        if let ill = condition.replicas.first(where: \.isIll)?.container {
            return LogCommand(of: ill, among: all, engine, options: app.options).text
        }
        switch engine {
        case .swarm: return nil
        case .compose:
            return condition.situation.live.map {
                LogCommand(.colour($0), options: app.options).text
            }
        }
    }

    private func next(_ finding: LostLinkFinding) -> String {
        let resume = app.command("resume")
        let lost = finding.lost
        switch finding.verdict {
        case .had(let colour) where lost.finding == .taken:
            return "Next: \(lost.line(to: colour)), then \(resume)."
        case .had(let colour):
            return "Next: \(resume), or any command that writes, puts the traffic back on "
                + "\(colour)."
        case .nobodyHad: return "Next: \(resume) makes it again."
        case .untold:
            return "Next: say who is to have it, \(lost.line(to: .blue)) or "
                + "\(lost.line(to: .green)), and run \(resume)."
        }
    }

    private func named(_ release: ReleaseID) -> ReleaseName {
        ReleaseName(release, label: condition.label(of: release))
    }
}

extension Condition.Line {
    fileprivate var isIll: Bool {
        if case .unhealthy = health { true } else { false }
    }

    fileprivate var hasEnded: Bool {
        if case .unhealthy(.notRunning(.exited)) = health { true } else { false }
    }
}
