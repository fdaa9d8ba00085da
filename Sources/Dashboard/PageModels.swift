import BlueGreen

/// Values in the form that the templates read. Nothing is computed in a template.
enum PageModels {
    struct Page {
        let title: String
        let root = "/"
        var app: String?
        var topic: String?
        var session: Secret?
        var guest = false
        var look: Look?
        var list: List?
        var login: Login?
        var confirm: Confirm?
        var message: Message?

        init(title: String) {
            self.title = title
        }
    }

    struct Secret {
        let secret: String
        let root = "/"
    }

    struct Login {
        let wrong: String?
        let root = "/"
    }

    struct Message {
        let heading: String
        let text: String
        let back: String
    }

    struct Confirm {
        let label: String
        let consequence: String
        let action: String
        let back: String
        let secret: String
        /// Of this form, which acts once.
        let number: String
        let subject: String
        let service: String?
        let replica: String?
    }

    struct List {
        struct Item {
            let app: String
            let root = "/"
            let condition: String
            let sign: String
            let sentence: String
            let next: String?
        }

        let apps: [Item]

        init(_ looks: [AppLook]) {
            apps = looks.map { look in
                Item(
                    app: look.app, condition: look.condition.rawValue, sign: look.condition.sign,
                    sentence: look.sentence, next: look.next.isEmpty ? nil : look.next)
            }
        }
    }

    struct Offers {
        struct Item {
            let kind: String
            let label: String
            let app: String
            let root = "/"
        }

        let offers: [Item]
    }

    struct Side {
        let colour: String
        let role: String
        let hasTraffic: Bool
        let release: String
        let lines: [String]
    }

    struct Running {
        struct Rung {
            let name: String
            let state: String
            let isNow: Bool
            let times: String
        }

        struct Gauge {
            let name: String
            let text: String
            let kind: String
            let width: String
        }

        let title: String
        let waitsFor: String?
        let rungs: [Rung]
        let gauges: [Gauge]
    }

    struct Replica {
        struct Span {
            let kind: String
            let x: String
            let y: String
            let width: String
            let height: String
        }

        let name: String
        let state: String
        let isBad: Bool
        let restart: String?
        let alternative: String
        let spans: [Span]
        let marks: [Mark]
    }

    struct Mark {
        let x: String
        let text: String
    }

    struct Past {
        struct Phase {
            let tone: String
            let x: String
            let width: String
            let text: String
        }

        let id: String
        let title: String
        let outcome: String
        let isBad: Bool
        let took: String
        let alternative: String
        let phases: [Phase]
        let failure: String?
        let hasLog: Bool
        let log: [String]
    }

    struct Look {
        let condition: String
        let sign: String
        let sentence: String
        let next: String?
        let problems: [String]
        let acts: [String]
        let offers: Offers?
        let sides: [Side]
        let running: Running?
        let replicas: [Replica]
        let hasMarks: Bool
        let marks: [Mark]
        let room: [String]
        let edge: [String]
        let healing: [String]
        let history: [Past]
        let hasEvents: Bool
        let events: [String]

        init(_ look: AppLook, mayAct: Bool) {
            condition = look.condition.rawValue
            sign = look.condition.sign
            sentence = look.sentence
            next = look.next.isEmpty ? nil : look.next
            problems = look.problems
            acts = look.acts
            let items = look.offers.map {
                Offers.Item(kind: $0.kind.rawValue, label: $0.label, app: look.app)
            }
            offers = mayAct && !items.isEmpty ? Offers(offers: items) : nil
            sides = look.sides.map {
                Side(
                    colour: $0.colour, role: $0.role, hasTraffic: $0.hasTraffic,
                    release: $0.release, lines: $0.lines)
            }
            running = look.running.map(Running.init)
            let marks = look.marks.map { Mark(x: "\($0.quarter)", text: $0.text) }
            replicas = look.replicas.map { Replica($0, marks, of: look.app, mayAct: mayAct) }
            hasMarks = !marks.isEmpty
            self.marks = marks
            room = look.room
            edge = look.edge
            healing = look.healing
            history = look.history.enumerated().map { Past($1, index: $0) }
            hasEvents = !look.events.isEmpty
            events = look.events
        }
    }
}

extension PageModels.Running {
    init(_ running: AppLook.Running) {
        title = running.title
        waitsFor = running.waitsFor.isEmpty ? nil : running.waitsFor
        rungs = running.rungs.map { rung in
            let usual = rung.usual.map { "usually \($0.text)" }
            let word = rung.state == .failed ? "failed" : nil
            let times = [word, rung.elapsed?.text, usual].compactMap(\.self)
                .joined(separator: ", ")
            return Rung(
                name: rung.name, state: rung.state.rawValue, isNow: rung.state == .now,
                times: times)
        }
        gauges = running.gauges.map { gauge in
            let filled = min(1, max(0, gauge.filled))
            return Gauge(
                name: gauge.name, text: gauge.text, kind: gauge.filled > 1 ? "failed" : "well",
                width: "\(Int(filled * 100))")
        }
    }
}

extension PageModels.Replica {
    init(_ replica: AppLook.Replica, _ marks: [PageModels.Mark], of app: String, mayAct: Bool) {
        name = replica.name
        state = replica.state
        isBad = replica.isBad
        restart =
            mayAct && replica.canRestart
            ? "/apps/\(app)/acts/restart?service=\(replica.service)&replica=\(replica.index)" : nil
        let bad = replica.spans.filter { $0.kind != .well }
        let summary =
            bad.isEmpty
            ? "no failed probe in 24 hours"
            : "failed probes "
                + bad.map { Self.ago($0) }.joined(separator: "; ")
        alternative =
            replica.spans.isEmpty
            ? "\(replica.name): not watched in the last 24 hours" : "\(replica.name): \(summary)"
        spans = replica.spans.map { span in
            // Told by the height too, not by the colour alone.
            let height = span.kind == .failed ? 10 : span.kind == .mixed ? 7 : 4
            return Span(
                kind: span.kind.rawValue, x: "\(span.from)", y: "\(10 - height)",
                width: "\(span.to - span.from)", height: "\(height)")
        }
        self.marks = marks
    }

    private static func ago(_ span: AppLook.Span) -> String {
        "from \(hours(96 - span.from)) to \(hours(96 - span.to)) ago"
    }

    private static func hours(_ quarters: Int) -> String {
        let minutes = quarters % 4 * 15
        return minutes == 0 ? "\(quarters / 4) h" : "\(quarters / 4) h \(minutes) min"
    }
}

extension PageModels.Past {
    init(_ past: AppLook.Past, index: Int) {
        id = "past\(index)"
        title = past.title
        outcome = past.outcome
        isBad = past.isBad
        took = past.took
        let total = past.phases.compactMap(\.elapsed).reduce(.zero, +)
        var at = 0.0
        var phases: [Phase] = []
        for (number, phase) in past.phases.enumerated() {
            guard let elapsed = phase.elapsed, total > .zero else { continue }
            let width = elapsed / total * 100
            phases.append(
                Phase(
                    tone: "\(number % 5)", x: Self.number(at), width: Self.number(width),
                    text: "\(phase.name) \(elapsed.text)"))
            at += width
        }
        self.phases = phases
        alternative = phases.map(\.text).joined(separator: ", ")
        failure = past.failure.isEmpty ? nil : past.failure
        hasLog = !past.log.isEmpty
        log = past.log
    }

    /// With one decimal.
    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}

extension AppLook.Condition {
    /// Beside the colour.
    var sign: String {
        switch self {
        case .well: "\u{2713}"
        case .attention: "\u{26A0}"
        case .alarm: "\u{2716}"
        }
    }
}
