import BlueGreen
import Dashboard
import Orchestration

extension AppLook {
    /// Of a strip, which shows a day.
    static let quarters = 96
}

/// The last 24 hours of each replica that serves.
struct PageStrips {
    private let found: PageFindings
    /// The quarter at the left end of the strips.
    private let first: Int64

    init(_ found: PageFindings) {
        self.found = found
        first = ProbeQuarter.number(of: found.now) - Int64(AppLook.quarters) + 1
    }

    var replicas: [AppLook.Replica] {
        let present = found.condition.replicas.map { line in
            let container = line.container
            let since = found.watch?.since(line).map { ", for \(found.age($0))" } ?? ""
            let isShared = container.role == .shared
            return AppLook.Replica(
                name: "\(container.replica)", service: container.replica.service,
                index: container.replica.index,
                state: SafeLine.own(line.health.text + since), isBad: line.health.isBad,
                spans: spans(of: container.replica, isShared: isShared),
                canRestart: canRestart(container))
        }
        let missing = found.condition.missing.map { replica in
            AppLook.Replica(
                name: "\(replica)", service: replica.service, index: replica.index,
                state: "is missing", isBad: true, spans: spans(of: replica, isShared: false),
                canRestart: false)
        }
        return present + missing
    }

    /// `teal restart` refuses while a deployment is under way, and for what runs to its end once.
    private func canRestart(_ container: Container) -> Bool {
        guard found.condition.unfinished == nil else { return false }
        let services = found.situation.services(of: found.situation.active) ?? []
        return container.role == .shared
            || services.contains {
                $0.name == container.replica.service && !$0.isOneShot
            }
    }

    private func spans(of replica: Replica, isShared: Bool) -> [AppLook.Span] {
        let names: Set<String> =
            isShared ? ["\(replica)"] : Set([Colour.blue, .green].map { "\($0) \(replica)" })
        let rows = found.quarters.filter { row in
            names.contains(row.name)
                && (isShared || row.release.map { served($0, in: row.quarter) } ?? false)
        }
        let sums = Dictionary(grouping: rows, by: \.quarter).sorted { $0.key < $1.key }
        return sums.reduce(into: []) { spans, entry in
            let at = Int(entry.key - first)
            guard (0..<AppLook.quarters).contains(at) else { return }
            let failures = entry.value.reduce(0) { $0 + $1.failures }
            let passes = entry.value.reduce(0) { $0 + $1.passes }
            let kind: AppLook.Span.Kind =
                failures == 0 ? .well : passes == 0 ? .failed : .mixed
            if let last = spans.last, last.kind == kind, last.to == at {
                spans[spans.count - 1] = AppLook.Span(from: last.from, to: at + 1, kind: kind)
            } else {
                spans.append(AppLook.Span(from: at, to: at + 1, kind: kind))
            }
        }
    }

    /// Whether the release had the traffic in a part of the quarter; probes of an idle colour are
    /// not shown.
    private func served(_ release: ReleaseID, in quarter: Int64) -> Bool {
        let length = ProbeQuarter.length.wholeMilliseconds
        let begin = Timestamp(milliseconds: quarter * length)
        let end = begin + ProbeQuarter.length
        // Newest first: each one served until the one before it in the list took over.
        var until: Timestamp?
        for (moment, placement) in moves {
            let began = moment
            if placement.release == release, began < end, until.map({ $0 >= begin }) ?? true {
                return true
            }
            until = began
        }
        return moves.isEmpty || (moves.last.map { $0.0 >= begin } ?? true && isOldest(release))
    }

    /// The one that served before the oldest move that is known.
    private func isOldest(_ release: ReleaseID) -> Bool {
        let oldest = found.deployments.last { $0.facts.milestones[.switched] != nil }
        return oldest?.previous?.release == release
    }

    /// When traffic moved, and where to, newest first.
    private var moves: [(Timestamp, Placement)] {
        var moves: [(Timestamp, Placement)] = []
        for deployment in found.deployments {
            guard let switched = deployment.facts.milestones[.switched] else { continue }
            if deployment.outcome == .rolledBack, let previous = deployment.previous,
                let back = deployment.finishedAt
            {
                moves.append((back, previous))
            }
            moves.append((switched, deployment.candidate))
        }
        return moves
    }

    var marks: [AppLook.Mark] {
        let deployments = found.deployments.compactMap { deployment -> (Timestamp, String)? in
            let at = deployment.facts.milestones[.switched] ?? deployment.startedAt
            let name = found.name(of: deployment.candidate.release)
            let outcome =
                deployment.outcome?.word.replacing("_", with: " ") ?? deployment.phaseName
            return (
                at,
                "\(deployment.kind == .deploy ? "deploy" : "rollback") of \(name) to "
                    + "\(deployment.candidate.colour): \(outcome)"
            )
        }
        let events = found.events.compactMap { event -> (Timestamp, String)? in
            switch event.kind {
            case .restarted, .restartFailed, .rolledBack, .rollbackFailed, .circuitOpen,
                .maintenanceBegan, .maintenanceEnded:
                (event.at, WatchEventText(event).line)
            case .unhealthy, .recovered, .stopped, .circuitClosed, .hostIll, .hostWell,
                .edgeBroken, .edgeWell, .deploymentCutOff, .asked:
                nil
            }
        }
        return (deployments + events).sorted { $0.0 > $1.0 }.compactMap { at, text in
            let quarter = Int(ProbeQuarter.number(of: at) - first)
            guard (0..<AppLook.quarters).contains(quarter) else { return nil }
            return AppLook.Mark(
                quarter: quarter, text: SafeLine.own("\(at.timeOfDay) UTC \(text)"))
        }
    }
}
