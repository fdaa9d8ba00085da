import ArgumentParser
import TestSupport

/// Measures the claims of Figures.md and the design, on real Docker and real nginx, as counts or as
/// ratios within one run. `Tests/benchmark.sh` prepares the host and runs it.
@main
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark", abstract: "Measure Teal's budgets on this host.",
        subcommands: [Measurement.self, MeasuredRun.self], defaultSubcommand: Measurement.self)
}

struct Measurement: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "measure",
        abstract: "Measure Teal's budgets on this host.",
        discussion: """
            Needs DOCKER_HOST, nginx, and the image teal/demo-shop:v1; Tests/benchmark.sh sees to \
            all of them and builds in release mode. `small` needs the group that \
            Tests/small-host.sh makes. It, `kills`, `watch` and `page` are left out where nothing is named. \
            `order` measures nothing: it writes the order of functions that release programs have.
            """)

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case lost
        case latency
        case worker
        case observation
        case own
        case known
        case status
        case watch
        case page
        case long
        case kills
        case small
        case order
    }

    @Argument(help: "What to measure: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
    var parts: [Part] = Part.allCases.filter {
        ![.small, .kills, .watch, .page, .order].contains($0)
    }

    @Option(help: "Switches per row.")
    var switches = 60

    @Option(help: "Runs of Teal that are killed, over all verbs.")
    var runs = 300

    @Option(help: "Apps of one replica each that `watch` and `page` look at together.")
    var apps = 50

    @Option(help: "Deaths of a container under `watch`.")
    var deaths = 20

    @Option(help: "Results in the full store of `watch`, and in all stores of `page` together.")
    var rows = 10_000_000

    @Option(help: "The same seed kills at the same places.")
    var seed: UInt64 = 1

    @Option(help: "Requests per second of the visitors of the small host.")
    var rate = 40

    @Option(help: "Starts per row on the small host.")
    var rounds = 1

    @Option(
        help: "Instead of compose/nine/teal.yml's line about the start; may be repeated.")
    var start: [String] = []

    @Flag(help: "On the small host only what starts beside a live colour.")
    var besideOnly = false

    func run() async throws {
        for part in parts {
            switch part {
            case .lost: try await LostRequests(switches: switches).measure()
            case .latency: try await SwitchLatency(switches: switches).measure()
            case .worker: try await WorkerCost().measure()
            case .observation: try await ObservationCost().measure()
            case .own: try await OwnTime().measure()
            case .known: try await HealthyToKnown().measure()
            case .status: try await StatusCost().measure()
            case .watch: try await WatchBudget(apps: apps, deaths: deaths, rows: rows).measure()
            case .page: try await PageBudget(apps: apps, rows: rows).measure()
            case .long: try await LongRequests().measure()
            case .kills: try await KillMatrix(runs: runs, seed: seed).measure()
            case .order: try await FunctionOrder().write()
            case .small:
                try await SmallHostStart(
                    rate: rate, rounds: rounds, starts: start.isEmpty ? [nil] : start,
                    parts: besideOnly ? .besideLiveColour : .all
                ).measure()
            }
        }
    }
}

enum BenchmarkError: Error {
    case notStarted(String)
    /// The messages of the program that failed.
    case notTraced(String)
    case noWorkers
    case noLink
    /// How many lines nginx wrote.
    case nothingWritten(Int)
    case noSuchPhase(String)
    case noSmallHost
    case noFigure(String)
    /// Its state, as the engine tells it.
    case notStartedAgain(String)
    /// How many requests were lost, states wrong and things left.
    case killsDidHarm(Int)
}
