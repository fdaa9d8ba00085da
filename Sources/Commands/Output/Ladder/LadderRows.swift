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
            case .all: [row(rung)] + details.rows(countingContainers: false)
            case .countingContainers, .countingDone, .countingAhead:
                [row(rung)] + details.rows(countingContainers: true)
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
            texts: .faint([isUsual ? usual : nil]))
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
                texts: .faint([usual, outcome(of: rung)]))
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
                texts: .faint([lengths(of: rung) ?? usual]))
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
        row.texts += .faint([ladder.detail, isBounded ? nil : usual])
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

    /// The columns of all names that the present stage will show, so that none moves as rows come
    /// and go.
    var nameColumns: Int {
        let names = deployment.rungs.map(\.name.word.displayWidth)
        return (names + [details.nameColumns]).max() ?? 0
    }

    private var details: LadderDetails {
        LadderDetails(ladder: ladder, deployment: deployment, now: now, characters: characters)
    }
}
