import ArgumentParser
import TestSupport

/// Measures what README and design claim, on real Docker and real nginx, as counts or as ratios
/// within one run. `Tests/benchmark.sh` prepares the host and runs it.
@main
struct Benchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "benchmark",
        abstract: "Measure Teal's budgets on this host.",
        discussion: """
            Needs DOCKER_HOST, nginx, and the image teal/demo-shop:v1; Tests/benchmark.sh sees to \
            all of them and builds in release mode.
            """)

    enum Part: String, CaseIterable, ExpressibleByArgument {
        case lost
        case latency
        case worker
        case own
        case known
        case status
    }

    @Argument(help: "What to measure: \(Part.allCases.map(\.rawValue).joined(separator: ", ")).")
    var parts: [Part] = Part.allCases

    @Option(help: "Switches per row.")
    var switches = 60

    func run() async throws {
        for part in parts {
            switch part {
            case .lost: try await LostRequests(switches: switches).measure()
            case .latency: try await SwitchLatency(switches: switches).measure()
            case .worker: try await WorkerCost().measure()
            case .own: try await OwnTime().measure()
            case .known: try await HealthyToKnown().measure()
            case .status: try await StatusCost().measure()
            }
        }
    }
}
