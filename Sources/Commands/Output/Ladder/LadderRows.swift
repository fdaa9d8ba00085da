import BlueGreen
import HostSystem
import Orchestration

/// The rows of a ladder, in several grades of detail.
struct LadderRows {
    /// From the fullest to the shortest.
    enum Detail: CaseIterable {
        case all
        /// Only the containers at work have a line; the others are counted.
        case countingContainers
        case countingDone
        case countingAhead
        /// The present rung alone.
        case present
    }

    private let ladder: Ladder
    private let deployment: Deployment
    private let now: Timestamp
    private let characters: LadderText.Characters

    init(
        _ ladder: Ladder, _ deployment: Deployment, at now: Timestamp,
        _ characters: LadderText.Characters
    ) {
        self.ladder = ladder
        self.deployment = deployment
        self.now = now
        self.characters = characters
    }

    func rows(_ detail: Detail) -> [LadderRow] {
        let rungs = deployment.rungs
        let ahead = rungs.filter { $0.state == .ahead }
        let begun = rungs.filter { $0.state != .ahead }
        // The last one tells what happens now, or what came of it all.
        let over = begun.dropLast()
        let present = begun.suffix(1).flatMap { rung in
            switch detail {
            case .all: [row(rung)] + details(of: rung, .all)
            case .countingContainers, .countingDone, .countingAhead:
                [row(rung)] + details(of: rung, detail)
            case .present: [row(rung)]
            }
        }
        return switch detail {
        case .all, .countingContainers: over.map(row) + present + ahead.map(row) + [total]
        case .countingDone: folded(Array(over)) + present + ahead.map(row) + [total]
        case .countingAhead: folded(Array(over)) + present + counted(ahead) + [total]
        case .present: present
        }
    }

    /// Those that failed stay.
    private func folded(_ rungs: [Rung]) -> [LadderRow] {
        let failed = rungs.filter { if case .failed = $0.state { true } else { false } }
        let count = rungs.count - failed.count
        let time = rungs.compactMap(\.time).reduce(.zero, +)
        let row = LadderRow(
            mark: characters.done, name: "\(count) done", time: time.passed, style: .good)
        return (count > 0 ? [row] : []) + failed.map(self.row)
    }

    private func counted(_ rungs: [Rung]) -> [LadderRow] {
        guard !rungs.isEmpty else { return [] }
        let names = rungs.map(\.name.word).joined(separator: ", ")
        return [
            LadderRow(
                mark: characters.ahead, name: "\(rungs.count) to come", style: .faint,
                nameStyle: .faint, texts: [.init(names, .faint)])
        ]
    }

    private var total: LadderRow {
        let usual = ladder.usual.whole(of: deployment.kind).map { "usually \($0.passed)" }
        // An end that nobody wants has no usual time.
        let isUsual = deployment.outcome == nil || deployment.outcome == .promoted
        let time =
            deployment.finishedAt.map { ($0 - deployment.startedAt).passed }
            ?? (now - deployment.startedAt).running
        var row = LadderRow(
            name: "total", time: time, nameStyle: .strong,
            texts: faint([isUsual ? usual : nil]))
        guard let outcome = deployment.outcome else { return row }
        (row.mark, row.style) =
            outcome == .promoted ? (characters.done, .good) : (characters.failed, .bad)
        row.name =
            switch outcome {
            case .promoted: "promoted"
            case .aborted: "aborted"
            case .rolledBack: "rolled back"
            case .unknown: "unknown"
            }
        return row
    }

    private func row(_ rung: Rung) -> LadderRow {
        let usual = ladder.usual[rung.name, of: deployment.kind].map { "usually \($0.passed)" }
        switch rung.state {
        case .done(let time):
            return LadderRow(
                mark: characters.done, name: rung.name.word, time: time.passed, style: .good,
                texts: faint([usual, outcome(of: rung)]))
        case .failed(let time):
            let reason = deployment.failure.flatMap { SafeLine.lines($0.message).first }
            return LadderRow(
                mark: characters.failed, name: rung.name.word, time: time.passed, style: .bad,
                nameStyle: .bad, texts: [reason].compactMap(\.self).map { .init($0, .bad) })
        case .current(let since):
            return presentRow(rung, since: since, usual: usual)
        case .ahead:
            return LadderRow(
                mark: characters.ahead, name: rung.name.word, style: .faint, nameStyle: .faint,
                texts: faint([lengths(of: rung) ?? usual]))
        }
    }

    private func presentRow(_ rung: Rung, since: Timestamp, usual: String?) -> LadderRow {
        var row = LadderRow(
            mark: characters.present, name: rung.name.word, time: (now - since).running,
            style: .strong, nameStyle: .strong)
        if let end = deployment.stageEnd {
            row.bar = end.passed(at: now)
            let left = max(.zero, end.at - now).running
            switch end.kind {
            case .certain: row.texts.append(.init("\(left) left"))
            case .latest: row.texts.append(.init("at most \(left) more"))
            }
        }
        row.texts += [circumstance].compactMap(\.self).map { .init($0) }
        let isBounded = deployment.stageEnd?.kind == .certain
        // A narrow line loses its end: the wait that goes on is worth more than what is usual.
        row.texts += faint([ladder.detail, isBounded ? nil : usual])
        return row
    }

    /// The circumstance that tells the present stage from others of its rung.
    private var circumstance: String? {
        guard let position = deployment.position else { return nil }
        switch position.stage {
        case .watch(.canary(let share)):
            let steps = deployment.settings.canary.steps
            let step = steps.firstIndex(of: share).map { ", step \($0 + 1) of \(steps.count)" }
            return "\(share.preciseText) to \(deployment.candidate.colour)\(step ?? "")"
        case .approval: return "for `teal promote` or `teal abort`"
        case .endBaseline:
            return "measuring \(deployment.previous?.colour.rawValue ?? "nothing")"
        case .launch: return deployment.launching.map { "\($0.up) of \($0.containers.count) up" }
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .verify, .arm, .probeEdge, .route, .watch(.before), .watch(.bake), .drain, .stop,
            .prove, .retire, .cleanUp:
            return nil
        }
    }

    /// The time of a rung that is still to come, by its settings.
    private func lengths(of rung: Rung) -> String? {
        let shares = rung.stages.compactMap { stage in
            if case .watch(.canary(let share)) = stage { share.preciseText } else { nil }
        }
        let length = rung.stages.lazy.compactMap(deployment.length(ahead:)).first
        let time = length.map { ($0.kind == .latest ? "at most " : "") + $0.length.text }
        guard !shares.isEmpty, let time else { return time }
        return "\(shares.joined(separator: ", ")); \(time)" + (shares.count > 1 ? " each" : "")
    }

    private func outcome(of rung: Rung) -> String? {
        guard let last = deployment.observed(on: rung).last?.candidate else {
            return ladder.remarks[rung.name]
        }
        return last.text
    }

    private func faint(_ texts: [String?]) -> [StyledLine.Part] {
        texts.compactMap(\.self).filter { !$0.isEmpty }.map { .init($0, .faint) }
    }
}

/// The lines below the present rung.
extension LadderRows {
    private func details(of rung: Rung, _ detail: Detail) -> [LadderRow] {
        guard let position = deployment.position else { return [] }
        switch position.stage {
        case .launch: return detail == .all ? containers : countedContainers
        case .watch(let stage): return figures(of: stage)
        case .drain: return connections
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .verify, .arm, .probeEdge, .endBaseline, .approval, .route, .stop, .prove, .retire,
            .cleanUp:
            return []
        }
    }

    private enum Progress {
        case up
        case atWork
        case ahead
    }

    private func progress(_ index: Int, _ container: PlannedReplica, in launch: LaunchProgress)
        -> Progress
    {
        switch ladder.starts[container.replica]?.state {
        case .up, .leftAlone: return .up
        case .starting: return .atWork
        case nil: break
        }
        if index < launch.up { return .up }
        return index == launch.up && !launch.isResting ? .atWork : .ahead
    }

    private var allContainers: [(row: LadderRow, progress: Progress)] {
        guard let launching = deployment.launching else { return [] }
        return launching.containers.enumerated().map { index, container in
            let progress = progress(index, container, in: launching)
            return (row(container, progress), progress)
        }
    }

    private var containers: [LadderRow] { allContainers.map(\.row) }

    private var countedContainers: [LadderRow] {
        let all = allContainers
        func count(_ progress: Progress, _ text: String) -> String? {
            let count = all.count { $0.progress == progress }
            return count > 0 ? "\(count) \(text)" : nil
        }
        let counts = [count(.up, "up"), count(.ahead, "to come")].compactMap(\.self)
        let atWork = all.filter { $0.progress == .atWork }.map(\.row)
        guard !counts.isEmpty else { return atWork }
        let row = LadderRow(
            indent: 2, mark: characters.ahead, name: counts.joined(separator: ", "),
            style: .faint, nameStyle: .faint)
        return atWork + [row]
    }

    private func row(_ container: PlannedReplica, _ progress: Progress) -> LadderRow {
        let start = ladder.starts[container.replica]
        var row = LadderRow(indent: 2, name: container.replica.description)
        switch progress {
        case .up:
            (row.mark, row.style) = (characters.done, .good)
            switch start?.state {
            case .up(let time): row.time = time.passed
            case .leftAlone: row.texts = faint(["runs already and is left alone"])
            case .starting, nil: break
            }
        case .atWork:
            (row.mark, row.style) = (characters.present, .strong)
            row.time = start.map { (now - $0.since).running } ?? ""
            // The time beside it counts the start too.
            let deadline = container.service.healthCheck.map {
                "at most \($0.deadline.text) once it runs"
            }
            let reason = start.flatMap { $0.reason.isEmpty ? nil : "it \($0.reason)" }
            row.texts = [reason].compactMap(\.self).map { .init($0, .warning) } + faint([deadline])
        case .ahead: (row.mark, row.style, row.nameStyle) = (characters.ahead, .faint, .faint)
        }
        return row
    }

    private func figures(of stage: ObservationStage) -> [LadderRow] {
        guard let seen = deployment.facts.observed.last(where: { $0.stage == stage }),
            let figures = seen.candidate
        else { return [] }
        let bounds = deployment.settings.bake.bounds
        guard figures.requests >= bounds.requests else {
            return [
                LadderRow(
                    indent: 2, name: "requests", time: "\(figures.requests)",
                    bar: Share(
                        fraction: Double(figures.requests) / Double(max(bounds.requests, 1))),
                    texts: [.init("of \(bounds.requests) needed")])
            ]
        }
        return [errors(figures, seen.previous, bounds), latency(figures, seen, bounds)]
    }

    private func errors(
        _ figures: RequestFigures, _ previous: RequestFigures?, _ bounds: BreachBounds
    ) -> LadderRow {
        let most = bounds.mostErrors(beside: previous)
        let share = figures.errorShare
        var row = LadderRow(
            indent: 2, name: "errors", time: share.preciseText,
            texts: [
                .init("of \(most.preciseText)"),
                .init("\(figures.errors) of \(figures.requests) requests", .faint),
            ])
        row.bar = Share(fraction: most.fraction > 0 ? share.fraction / most.fraction : 0)
        row.style = share > most ? .bad : .plain
        return row
    }

    private func latency(
        _ figures: RequestFigures, _ seen: ObservedStage, _ bounds: BreachBounds
    ) -> LadderRow {
        var row = LadderRow(indent: 2, name: "p95", time: figures.p95.text)
        guard let previous = seen.previous, let most = bounds.mostLatency(beside: previous),
            let other = deployment.previous?.colour
        else {
            row.texts = faint(["nothing to compare it with"])
            return row
        }
        let verb = seen.stage == .bake ? "had" : "has"
        row.bar = Share(figures.p95, of: most)
        row.style = figures.p95 > most ? .bad : .plain
        row.texts = [
            .init("of \(most.text)"), .init("\(other) \(verb) \(previous.p95.text)", .faint),
        ]
        return row
    }

    private var connections: [LadderRow] {
        guard let drain = ladder.drain else { return [] }
        let (most, remaining) = (drain.most, drain.remaining)
        let count = remaining.connections
        let open = LadderRow(
            indent: 2, name: "connections", time: "\(count)",
            bar: Share(fraction: Double(count) / Double(max(most, 1))),
            texts: [.init("of \(most)")])
        let workers = LadderRow(
            indent: 2, name: "old workers", time: "\(remaining.oldWorkers)",
            texts: faint(["nginx workers of before"]))
        return (most > 0 ? [open] : []) + (remaining.oldWorkers > 0 ? [workers] : [])
    }
}
