import BlueGreen
import Dashboard
import Orchestration

/// The condition of an app in the words of the page.
extension AppLook {
    init(_ found: PageFindings) throws {
        self.init(app: found.app.name)
        let words = PageSentence(found)
        condition = words.condition
        sentence = SafeLine.own(words.text)
        next = SafeLine.own(StatusText(found.condition, found.app, watch: found.watch).next)
        sides = [Colour.blue, .green].map { Side($0, found) }
        replicas = PageStrips(found).replicas
        marks = PageStrips(found).marks
        running = found.condition.unfinished.map { Running($0, found) }
        history = found.deployments.filter { $0.outcome != nil }.map { Past($0, found) }
        events = found.events.map { "\($0.at.rfc3339) \(WatchEventText($0).line)" }
        room = Self.room(found)
        edge = Self.edge(found)
        healing = Self.healing(found)
        problems = Self.problems(found)
        offers = Self.offers(found)
        acts = found.acts.map(SafeLine.own)
        var exit = ExitStatus(found.condition.verdict)
        if exit == .done, found.watch?.isAlarming ?? false { exit = .unhealthy }
        status = try JSONText.of(
            StatusDocument(
                app: found.app.name, found.condition,
                preview: found.app.configuration.preview?.url, status: exit, watch: found.watch))
    }

    private static func problems(_ found: PageFindings) -> [String] {
        let condition = found.condition
        let harm = condition.findings.disturbances.filter(\.isHarm).map(\.description)
        let fault = found.app.warning.map { [$0] } ?? []
        let texts =
            fault + condition.disagreements.map(\.description) + harm
            + condition.owed.map { "Owed: \($0)" }
            + condition.strangers.map { "In the way of the next deploy: \($0)" } + found.unread
        return texts.flatMap(SafeLine.lines)
    }

    private static func room(_ found: PageFindings) -> [String] {
        var lines = [found.condition.findings.room.text]
        if let disk = found.disk {
            let reserve = found.app.configuration.diskReserve
            let verdict = disk.free < reserve ? "too little" : "enough"
            lines.append(
                "disk: \(disk.free.text) free in \(disk.folder), \(reserve.text) must stay free: "
                    + "\(verdict)")
        }
        return lines.map(SafeLine.own)
    }

    private static func edge(_ found: PageFindings) -> [String] {
        var lines: [String] = []
        let condition = found.condition
        if let routing = condition.findings.routing {
            lines.append("nginx was not shown to send requests as the link says: \(routing)")
        } else if let live = condition.situation.live {
            lines.append("The running nginx sends requests to \(live), as was shown just now.")
        }
        if let workers = found.workers {
            lines.append(
                "nginx \(workers.version): \(workers.accepting) workers accept connections, "
                    + "\(workers.old) of an earlier configuration end with their last one.")
        }
        let broken = found.watch?.record.brokenEdges.sorted { $0.key < $1.key } ?? []
        lines += broken.map { "nginx does not reach \($0.key): \($0.value)" }
        return lines.map(SafeLine.own)
    }

    private static func healing(_ found: PageFindings) -> [String] {
        guard let watch = found.watch else { return ["The watch has not looked yet."] }
        let most = watch.settings.restarts.atMost
        // Earlier releases had budgets of their own.
        let active = found.situation.active
        let budgets = watch.budgets.filter {
            $0.service.placement == nil || $0.service.placement == active
        }.map { "\($0.service.name): \($0.left) of \(most) restarts left" }
        let whole = budgets.isEmpty ? ["All \(most) restarts of each service are left."] : budgets
        let acts = found.events.filter { $0.did != nil }.prefix(3).map {
            "\(found.age($0.at)) ago: \(WatchEventText($0).line)"
        }
        return (watch.lines + whole + acts).map(SafeLine.own)
    }
}

/// The sentence on top.
private struct PageSentence {
    let condition: AppLook.Condition
    let text: String

    init(_ found: PageFindings) {
        let (condition, app) = (found.condition, found.app.name)
        guard let live = condition.situation.live else {
            let isNew = condition.situation.deployments.isEmpty && condition.disagreements.isEmpty
            self.condition = isNew ? .attention : .alarm
            text =
                isNew
                ? "\(app): nothing was deployed yet." : "Act now: \(app): nobody has traffic."
            return
        }
        let release = condition.situation.active.map { ", " + found.name(of: $0.release) } ?? ""
        let place = "\(live)\(release)"
        switch condition.verdict {
        case .unknown:
            let why = condition.disagreements.first.map { "\($0)" } ?? "two truths disagree."
            (self.condition, text) = (.alarm, "Act now: \(app): \(why)")
        case .unhealthy:
            (self.condition, text) = (
                .alarm, "Act now: \(app) is unhealthy on \(place): \(Self.harm(condition))."
            )
        case .owing:
            (self.condition, text) = (
                .attention, "\(app) is well: \(place); an earlier run has left work undone."
            )
        case .well:
            (self.condition, text) = Self.well(found, app, place)
        }
    }

    private static func well(
        _ found: PageFindings, _ app: String, _ place: String
    ) -> (AppLook.Condition, String) {
        let condition = found.condition
        if condition.isInMaintenance {
            return (.attention, "\(app) is in maintenance: visitors get its page, not \(place).")
        }
        if let watch = found.watch, watch.isAlarming {
            let circuit = watch.record.openCircuits.first.map {
                "\($0.service.name) is not restarted any more"
            }
            let edge = watch.record.brokenEdges.keys.min().map { "nginx does not reach \($0)" }
            return (.alarm, "Act now: \(app): \(circuit ?? edge ?? "").")
        }
        if let (deployment, until) = condition.waiting {
            let name = found.name(of: deployment.candidate.release)
            return (
                .attention,
                "\(app) is well: \(place). \(name) waits for your word until \(until.timeOfDay) UTC."
            )
        }
        if let deployment = condition.unfinished {
            return (
                .well,
                "\(app) is well: \(place). Deployment \(deployment.number) is under way: "
                    + "\(deployment.phaseName)."
            )
        }
        let since = condition.since.map { ", for \(found.age($0))" } ?? ""
        return (.well, "\(app) is well: \(place)\(since).")
    }

    private static func harm(_ condition: Condition) -> String {
        let bad = condition.replicas.filter(\.health.isBad).map {
            "\($0.container.replica) \($0.health.text)"
        }
        let gone = condition.missing.map { "\($0) is missing" }
        let harm = condition.findings.disturbances.filter(\.isHarm).map(\.description)
        return (bad + gone + harm).joined(separator: "; ")
    }
}

extension AppLook.Side {
    fileprivate init(_ colour: Colour, _ found: PageFindings) {
        let situation = found.situation
        let canary = found.condition.canary
        if situation.live == colour {
            let share = canary.map { Share(fraction: 1 - $0.share.fraction).preciseText }
            self.init(
                colour: "\(colour)",
                role: share.map { "has \($0) of the traffic" } ?? "has the traffic",
                hasTraffic: true,
                release: situation.active.map { Self.title($0.release, found) } ?? "",
                lines: Self.active(found))
            return
        }
        let idle = situation.idle
        let containers = situation.warm
        let running = containers.count { $0.state == .running }
        let role =
            canary.map { "gets \($0.share.preciseText) of the traffic" }
            ?? (idle == nil
                ? "is empty"
                : idle == found.condition.unfinished?.candidate
                    ? "is the candidate" : running > 0 ? "is warm" : "is stopped")
        self.init(
            colour: "\(colour)", role: role, hasTraffic: canary != nil,
            release: idle.map { Self.title($0.release, found) } ?? "",
            lines: idle.map { Self.idle($0, running, containers.count, found) } ?? [])
    }

    private static func title(_ release: ReleaseID, _ found: PageFindings) -> String {
        SafeLine.own(
            "\(ReleaseName(release, label: found.condition.label(of: release)))")
    }

    private static func active(_ found: PageFindings) -> [String] {
        let lines = found.condition.replicas
        let bad = lines.count { $0.health.isBad } + found.condition.missing.count
        let all = lines.count + found.condition.missing.count
        let since = found.condition.since.map { ["since \($0.rfc3339)"] } ?? []
        let replicas = all == 1 ? "1 replica" : "\(all) replicas"
        return since + [bad == 0 ? "\(replicas), all well" : "\(bad) of \(replicas) ill"]
    }

    private static func idle(
        _ placement: Placement, _ running: Int, _ all: Int, _ found: PageFindings
    ) -> [String] {
        let seen = found.wellSeen(placement).map { ["was healthy \(found.age($0)) ago"] } ?? []
        return ["\(running) of \(all) containers running"] + seen
    }
}

/// The acts that make sense now.
extension AppLook {
    private static func offers(_ found: PageFindings) -> [Offer] {
        let condition = found.condition
        guard let live = condition.situation.live else { return [] }
        var offers: [Offer] = []
        if let (deployment, _) = condition.waiting, !condition.hasWaitedOut {
            let name = found.name(of: deployment.candidate.release)
            let colour = deployment.candidate.colour
            offers += [
                Offer(
                    .promote, label: "Promote \(name)",
                    consequence: "Looks at \(colour) once more, and then gives it the traffic as "
                        + "in any deploy: in steps with a canary, watched with a bake.",
                    subject: "\(deployment.number)"),
                Offer(
                    .abort, label: "Abort \(name)",
                    consequence: "Takes \(name) away from \(colour). \(live) keeps the traffic.",
                    subject: "\(deployment.number)"),
            ]
        }
        if let rollback = rollback(found) { offers.append(rollback) }
        offers.append(
            condition.isInMaintenance
                ? Offer(
                    .maintenanceOff, label: "End maintenance",
                    consequence: "Visitors get the app again, at once.")
                : Offer(
                    .maintenanceOn, label: "Begin maintenance",
                    consequence: "Visitors get 503 and the page of maintenance, at once, until it "
                        + "is ended. Nothing is stopped."))
        return offers
    }

    /// Nobody goes back while a deployment is carried out; one that waits is aborted by it.
    private static func rollback(_ found: PageFindings) -> Offer? {
        let condition = found.condition
        guard condition.unfinished == nil || condition.waiting != nil,
            let order = try? condition.situation.rollback(
                to: nil, settings: found.app.configuration.deployment)
        else { return nil }
        let (placement, live) = (order.candidate, condition.situation.live)
        let name = found.name(of: placement.release)
        let from = live.map { "\($0)" } ?? "the other colour"
        let waiting = condition.waiting?.deployment
        let first =
            waiting.map { deployment in
                let name = found.name(of: deployment.candidate.release)
                return "Aborts the deployment of \(name), which waits, and takes \(name) away. "
            } ?? ""
        let consequence: String
        switch order.kind {
        case .warmRollback, .deploy:
            let seen =
                found.wellSeen(placement).map { " and was healthy \(found.age($0)) ago" } ?? ""
            consequence =
                "Moves the traffic from \(from) to \(placement.colour), \(name), in a millisecond. "
                + "\(placement.colour) is warm\(seen)."
        case .coldRollback:
            let last = found.deployments.first {
                $0.kind == .coldRollback && $0.outcome == .promoted
            }
            let time =
                last.map {
                    " The last such rollback took \($0.timeAtWork(until: found.now).text)."
                } ?? ""
            consequence =
                "Starts \(name) again in \(placement.colour), proves it healthy and then moves the "
                + "traffic; until then \(from) keeps it.\(time)"
        }
        return Offer(
            .rollback, label: "Roll back to \(name)",
            consequence: SafeLine.own(first + consequence),
            subject: "\(order.kind.rawValue) \(placement.release)"
                + (waiting.map { " over \($0.number)" } ?? ""))
    }
}
