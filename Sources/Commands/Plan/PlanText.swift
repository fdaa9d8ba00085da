import BlueGreen
import Orchestration

/// A plan for people. Pure.
struct PlanText {
    let report: PlanReport
    /// The options that the deploy must repeat, ` --release 1.4.0`.
    let options: String

    var text: String {
        let parts = [head, services, nodes, changes, room, nginx, steps, notices, end]
        return parts.filter { !$0.isEmpty }.map { $0.map { $0 + "\n" }.joined() }
            .joined(separator: "\n")
    }

    private var request: Order { report.request }

    private var head: [String] {
        let label = request.label.map { " (\($0))" } ?? ""
        let active =
            request.previous.map { previous in
                "\(previous.colour) has traffic (release \(previous.release)"
                    + (report.activeLabel.map { ", \($0)" } ?? "") + ")"
            } ?? Traffic.clause(nil)
        return [
            "A deploy of \(report.app.name)\(label) would go to \(request.candidate.colour); "
                + "\(active). Nothing was changed."
        ]
    }

    private var services: [String] {
        let rows = request.services.map { service in
            let image = report.image(of: service)
            return [
                service.name, service.role.rawValue, "\(service.replicas)", image?.image ?? "",
                image?.supply.words ?? "",
            ]
        }
        return ["Services, in start order:"]
            + TextTable([["service", "role", "containers", "image", ""]] + rows, indent: 2).lines
    }

    /// Where the engine may place containers on several hosts.
    private var nodes: [String] {
        guard !report.set.nodes.isEmpty else { return [] }
        let rows = report.set.nodes.map { node in
            guard let absence = node.absence else {
                return [
                    node.node,
                    node.missingImages.isEmpty
                        ? "none" : node.missingImages.joined(separator: ", "),
                    node.takenPorts.isEmpty
                        ? "none" : node.takenPorts.map { "\($0)" }.joined(separator: ", "),
                    node.memory?.text ?? "not told",
                ]
            }
            return [node.node, absence, "", ""]
        }
        return ["Nodes:"]
            + TextTable(
                [["node", "images that it lacks", "ports that are taken", "memory"]] + rows,
                indent: 2
            ).lines
    }

    private var changes: [String] {
        guard let changes = report.set.changes else { return [] }
        guard !changes.isEmpty else {
            return ["The compose file says the same as the release that has traffic."]
        }
        return ["Against the release that has traffic:"]
            + changes.map { change in
                let keys = change.keys.map { key in
                    key == "environment" && !change.variables.isEmpty
                        ? "environment (\(change.variables.joined(separator: ", ")))" : key
                }
                let what = keys.isEmpty ? "" : ": \(keys.joined(separator: ", "))"
                return "  \(change.service) \(change.kind.rawValue)\(what)"
            }
    }

    private var room: [String] {
        let nodes = report.set.nodesRoom
        let head = "Room: the set \(nodes?.summary ?? report.room.summary)."
        let table = nodes?.table ?? (report.room.needs.isEmpty ? "" : report.room.table)
        let removed =
            report.removed.isEmpty
            ? []
            : [
                "Removed first from \(request.candidate.colour): "
                    + report.removed.joined(separator: ", ") + "."
            ]
        return [head] + table.split(separator: "\n").map(String.init) + shortage + removed
    }

    private static let tried =
        "It does not fit, and the deploy goes on all the same (`room: warn`)."

    /// A shortage that does not keep the deploy from beginning.
    private var shortage: [String] {
        guard report.steps.refusal == nil else { return [] }
        if let nodes = report.set.nodesRoom {
            return nodes.fits ? [] : [Self.tried]
        }
        let hasPrevious = request.previous != nil
        return switch report.room.verdict(request.settings.room, hasPrevious: hasPrevious) {
        case .fits, .refused: []
        case .tried:
            [Self.tried]
        case .triedOnAssumption:
            ["It may not fit. The deploy starts it, and ends before the host runs out of memory."]
        case .stopsFirst:
            ["It does not fit beside what runs, which is stopped first (`room: stop-first`)."]
        }
    }

    private var nginx: [String] {
        guard let files = report.files else {
            return ["nginx: the first deploy writes the files; addresses are known by then."]
        }
        guard !files.isEmpty else { return ["nginx: no file changes."] }
        return ["nginx:"]
            + files.flatMap { report.diff($0).split(separator: "\n").map(String.init) }
            .map { "  \($0)" }
    }

    private var steps: [String] {
        var lines = ["Steps:"]
        var phase = ""
        for step in report.steps.entries {
            let name = step.phase == phase ? "" : step.phase
            phase = step.phase
            let indent = String(repeating: " ", count: max(1, 14 - name.count))
            lines.append("  \(name)\(indent)\(step.text)")
            lines += step.commands.map { String(repeating: " ", count: 18) + "$ \($0)" }
        }
        return lines
    }

    private var notices: [String] {
        report.notices.isEmpty ? [] : ["Worth knowing:"] + report.notices.map { "  \($0)" }
    }

    private var end: [String] {
        guard report.refusals.isEmpty else {
            return ["A deploy would not begin:"] + report.refusals
                + ["Next: correct that and run \(report.app.command("plan")) again."]
        }
        return ["Next: `teal deploy\(report.app.options)\(options)`."]
    }
}

extension ImageForecast.Supply {
    fileprivate var words: String {
        switch self {
        case .here: "is here"
        case .pull: "would be pulled"
        case .build: "would be built"
        case .push: "would be pushed"
        case .ofContainer: "stays with its container"
        case .missing: "is missing"
        }
    }
}
