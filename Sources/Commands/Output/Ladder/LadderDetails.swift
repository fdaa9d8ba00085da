import BlueGreen
import Orchestration

/// The rows below the present rung.
struct LadderDetails {
    let ladder: Ladder
    let deployment: Deployment
    let now: Timestamp
    let characters: LadderText.Characters

    /// - Parameter countingContainers: Whether only the containers at work have a row.
    func rows(countingContainers: Bool) -> [LadderRow] {
        guard let position = deployment.position else { return [] }
        switch position.stage {
        case .launch: return countingContainers ? countedContainers : containers
        case .watch(let stage): return figures(of: stage)
        case .drain: return connections
        case .openingHooks, .resolve, .preflight, .checkRoom, .prepare, .beginBaseline, .hooks,
            .verify, .arm, .probeEdge, .endBaseline, .approval, .route, .stop, .prove, .retire,
            .cleanUp:
            return []
        }
    }

    /// Of the containers of this launch, each in a row of its own or counted.
    var nameColumns: Int {
        let containers = deployment.launching?.containers ?? []
        return containers.map { row($0, .ahead).nameColumns }.max() ?? 0
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
            case .leftAlone: row.texts = .faint(["runs already and is left alone"])
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
            row.texts =
                [reason].compactMap(\.self).map { .init($0, .warning) } + .faint([deadline])
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
            row.texts = .faint(["nothing to compare it with"])
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
            texts: .faint(["nginx workers of before"]))
        return (most > 0 ? [open] : []) + (remaining.oldWorkers > 0 ? [workers] : [])
    }
}
