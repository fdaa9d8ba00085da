import ArgumentParser
import BlueGreen
import Orchestration

struct Nodes: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "nodes",
        abstract: "Show the nodes of a swarm whose nginx takes visitors.",
        discussion: """
            For apps with `engine: swarm`. Each edge is shown with the colour that its nginx sends \
            requests to, the epoch of the state that it follows, the memory of its node, and the \
            time at which it was seen to follow. Changes nothing.

            Exit codes: 0 every edge has confirmed or was forgotten, 6 at least one has not.

            Examples:
              teal nodes
              teal nodes --app shop --json
            """)

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await VerbRun.reading(common) { app, console in
            let overview = try await Wiring.looking(at: app) { try await $0.edgeOverview() }
            let isWhole =
                overview?.edges.allSatisfy { $0.isConfirmed || $0.isForgotten } ?? true
            let status: ExitStatus = isWhole ? .done : .unknown
            try console.result(
                overview.map(EdgeTable.init)?.text
                    ?? "Nothing was deployed yet. Next: \(app.command("deploy")).\n",
                NodesDocument(app: app.name, status, overview))
            return status
        }
    }
}
