/// One rung of a deployment's ladder: a part of its way as a person follows it.
///
/// Phases that alternate for each container, or that take milliseconds, are one rung: the starts
/// with their probes, the addresses in nginx with the request through it, the switch with its proof.
package struct Rung: Hashable, Sendable {
    package enum State: Hashable, Sendable {
        case done(Duration)
        /// The way turned back here, or ended badly.
        case failed(Duration)
        case current(since: Timestamp)
        case ahead
    }

    /// A word of the phases in history and progress, without figures: it names the rung's past.
    package struct Name: Hashable, Sendable {
        package let word: String
        /// Counts the rungs of one word from 1: services may start before and after a hook.
        package let occurrence: Int

        package init(word: String, occurrence: Int = 1) {
            self.word = word
            self.occurrence = occurrence
        }
    }

    package let name: Name
    package let state: State
    /// The stages that are still to come, the present one included.
    package let stages: [Stage]

    /// The word of the rung that a phase belongs to.
    ///
    /// - Parameter last: the rung's word that comes before the phase.
    package static func word(of phase: String, after last: String?) -> String {
        switch (phase, last) {
        case ("probing", "starting"?), ("probing edge", "arming"?), ("confirming", "switching"?),
            ("confirming back", "switching back"?):
            last ?? phase
        default: phase
        }
    }

    /// The words of the way back.
    fileprivate static let back: Set<String> = [
        "withdrawing", "switching back", "confirming back", "draining back", "handing back",
        "restoring", "cleaning up",
    ]

    /// Whether it lasts as long as a person thinks.
    package var waitsForPerson: Bool { name.word == "waiting" }
}

extension Deployment {
    /// The whole way, as far as it is known now, in order.
    package var rungs: [Rung] {
        let spans = spans
        let failed = failedIndex(among: spans)
        var occurrences: [String: Int] = [:]
        return spans.indices.map { index in
            let span = spans[index]
            occurrences[span.word, default: 0] += 1
            let name = Rung.Name(word: span.word, occurrence: occurrences[span.word] ?? 1)
            return Rung(name: name, state: span.state(index == failed), stages: span.stages)
        }
    }

    /// The figures that nginx saw while the rung lasted, one for each step of a canary.
    package func observed(on rung: Rung) -> [ObservedStage] {
        facts.observed.filter { observed in
            switch observed.stage {
            case .before: false
            case .canary: rung.name.word == "canary"
            case .bake: rung.name.word == "baking"
            }
        }
    }

    private struct Span {
        let word: String
        let began: Timestamp?
        var ended: Timestamp?
        var stages: [Stage]

        func state(_ isFailed: Bool) -> Rung.State {
            guard let began else { return .ahead }
            guard let ended else { return .current(since: began) }
            return isFailed ? .failed(ended - began) : .done(ended - began)
        }
    }

    private var spans: [Span] {
        var spans: [Span] = []
        func add(_ phase: String, _ began: Timestamp?, _ ended: Timestamp?, _ stages: [Stage]) {
            let word = Rung.word(of: phase, after: spans.last?.word)
            guard let last = spans.indices.last, spans[last].word == word else {
                let span = Span(word: word, began: began, ended: ended, stages: stages)
                return spans.append(span)
            }
            // A stage that is still to come ends nothing.
            if began != nil { spans[last].ended = ended }
            spans[last].stages += stages
        }
        // The outcome is a phase without time.
        let begun = outcome == nil ? phases : Array(phases.dropLast())
        for (index, phase) in begun.enumerated() {
            let end = index + 1 < phases.count ? phases[index + 1].at : finishedAt
            let isPresent = index + 1 == begun.count
            add(phase.name, phase.at, end, isPresent ? [position?.stage].compactMap(\.self) : [])
        }
        for stage in position?.remaining ?? [] { add(word(ahead: stage), nil, nil, [stage]) }
        return spans
    }

    private func word(ahead stage: Stage) -> String {
        Position(way: position?.way ?? .forward, stage: stage, mark: .begun, remaining: [])
            .word(hasMadeRoom: facts.has(.madeRoom) || stopsFirst)
    }

    private func failedIndex(among spans: [Span]) -> Int? {
        let back = spans.firstIndex { Rung.back.contains($0.word) }
        switch outcome {
        case .promoted: return nil
        case .aborted, .rolledBack, .unknown: return (back ?? spans.count) - 1
        case nil: return back.map { $0 - 1 }
        }
    }
}
