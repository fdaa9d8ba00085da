package import BlueGreen

/// The knowledge of the page, and the acts that it can ask for.
package protocol DashboardSource: Sendable {
    /// It does not jump where the host's clock is set.
    var now: Timestamp { get }

    /// Of this host, by name.
    func apps() throws -> [String]

    /// Another value where a run of Teal has changed something, or a round of the watch has found
    /// something new. Reads no more than files' stamps.
    func stamp(of app: String) -> Int

    func look(at app: String) async throws -> AppLook

    /// The text that `teal ... --json` prints.
    func document(_ kind: DashboardDocument, of app: String) async throws -> String

    /// In the text format of Prometheus.
    func metrics() async -> String

    /// Begins the act as a run of its own, which outlives this process.
    ///
    /// - Parameter asker: as the history names who asked.
    func begin(_ act: DashboardAct, of app: String, asker: String) async throws
}

package enum DashboardDocument: String, CaseIterable, Sendable {
    case status
    case history
    case plan
}

/// An act as it is asked for.
package struct DashboardAct: Hashable, Sendable {
    package enum Kind: String, CaseIterable, Sendable {
        case promote
        case abort
        case rollback
        case restart
        case maintenanceOn = "maintenance-on"
        case maintenanceOff = "maintenance-off"
    }

    package let kind: Kind
    /// Of a restart.
    package var service: String?
    package var replica: Int?

    package init(_ kind: Kind, service: String? = nil, replica: Int? = nil) {
        self.kind = kind
        self.service = service
        self.replica = replica
    }
}

/// All that the page shows of one app. Its texts are whole sentences, and not escaped.
package struct AppLook: Hashable, Sendable {
    package enum Condition: String, Sendable {
        case well
        case attention
        case alarm
    }

    package struct Side: Hashable, Sendable {
        package let colour: String
        /// `has the traffic`, `90% of the traffic`, `is warm`, `is empty`.
        package let role: String
        package let hasTraffic: Bool
        package let release: String
        package let lines: [String]

        package init(
            colour: String, role: String, hasTraffic: Bool, release: String, lines: [String]
        ) {
            self.colour = colour
            self.role = role
            self.hasTraffic = hasTraffic
            self.release = release
            self.lines = lines
        }
    }

    package struct Replica: Hashable, Sendable {
        package let name: String
        package let service: String
        package let index: Int
        package let state: String
        package let isBad: Bool
        package var spans: [Span]
        package let canRestart: Bool

        package init(
            name: String, service: String, index: Int, state: String, isBad: Bool, spans: [Span],
            canRestart: Bool
        ) {
            self.name = name
            self.service = service
            self.index = index
            self.state = state
            self.isBad = isBad
            self.spans = spans
            self.canRestart = canRestart
        }
    }

    /// A part of the last 24 hours in which a replica fared alike.
    package struct Span: Hashable, Sendable {
        package enum Kind: String, Sendable {
            case well
            case mixed
            case failed
        }

        /// In quarters of an hour, 0 to 96, the oldest first.
        package let from: Int
        package let to: Int
        package let kind: Kind

        package init(from: Int, to: Int, kind: Kind) {
            self.from = from
            self.to = to
            self.kind = kind
        }
    }

    /// A moment on the strips.
    package struct Mark: Hashable, Sendable {
        package let quarter: Int
        package let text: String

        package init(quarter: Int, text: String) {
            self.quarter = quarter
            self.text = text
        }
    }

    package struct Rung: Hashable, Sendable {
        package enum State: String, Sendable {
            case done
            case failed
            case now
            case ahead
        }

        package let name: String
        package let state: State
        package let elapsed: Duration?
        package let usual: Duration?

        package init(name: String, state: State, elapsed: Duration?, usual: Duration?) {
            self.name = name
            self.state = state
            self.elapsed = elapsed
            self.usual = usual
        }
    }

    /// A figure against its bound.
    package struct Gauge: Hashable, Sendable {
        package let name: String
        package let text: String
        /// 0 to 1, where 1 is the bound.
        package let filled: Double

        package init(name: String, text: String, filled: Double) {
            self.name = name
            self.text = text
            self.filled = filled
        }
    }

    package struct Running: Hashable, Sendable {
        package let title: String
        /// The moment that it waits for, or the reason; empty where it goes on.
        package let waitsFor: String
        package let rungs: [Rung]
        package let gauges: [Gauge]

        package init(title: String, waitsFor: String, rungs: [Rung], gauges: [Gauge]) {
            self.title = title
            self.waitsFor = waitsFor
            self.rungs = rungs
            self.gauges = gauges
        }
    }

    package struct Past: Hashable, Sendable {
        package let title: String
        package let outcome: String
        package let isBad: Bool
        package let took: String
        package let phases: [Rung]
        package let failure: String
        package let log: [String]

        package init(
            title: String, outcome: String, isBad: Bool, took: String, phases: [Rung],
            failure: String, log: [String]
        ) {
            self.title = title
            self.outcome = outcome
            self.isBad = isBad
            self.took = took
            self.phases = phases
            self.failure = failure
            self.log = log
        }
    }

    /// An act that makes sense now, and its consequence.
    package struct Offer: Hashable, Sendable {
        package let kind: DashboardAct.Kind
        package let label: String
        package let consequence: String
        /// The release or deployment that it is about; another one is another act.
        package let subject: String

        package init(
            _ kind: DashboardAct.Kind, label: String, consequence: String, subject: String = ""
        ) {
            self.kind = kind
            self.label = label
            self.consequence = consequence
            self.subject = subject
        }
    }

    package var app: String
    package var condition = Condition.well
    package var sentence = ""
    /// The next command; empty where none is needed.
    package var next = ""
    package var sides: [Side] = []
    package var replicas: [Replica] = []
    package var marks: [Mark] = []
    package var running: Running?
    package var history: [Past] = []
    package var events: [String] = []
    package var room: [String] = []
    package var edge: [String] = []
    package var healing: [String] = []
    package var problems: [String] = []
    package var offers: [Offer] = []
    /// The acts that were asked for here of late, with their ends.
    package var acts: [String] = []
    /// The status as `--json` prints it.
    package var status = ""

    package init(app: String) {
        self.app = app
    }
}
