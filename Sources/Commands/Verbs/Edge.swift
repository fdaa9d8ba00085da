import ArgumentParser
import Glibc
import HostSystem

struct Edge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge",
        abstract: "Follow the state of a swarm's edges on this node.",
        discussion: """
            The program of the tasks of the service APP-edge, which `teal deploy` makes with \
            `engine: swarm`. It does nothing elsewhere.
            """,
        shouldDisplay: false)

    @Flag(help: "Say whether the task has confirmed: exit code 0 or 1.")
    var confirmed = false

    @Option(parsing: .remaining, help: "Run a program of the node's host.")
    var onHost: [String] = []

    func run() async throws {
        if confirmed { Glibc.exit(Wiring.isEdgeConfirmed ? 0 : 1) }
        let console = Console(Invocation.current, json: false)
        try await VerbRun.ending(console) {
            guard onHost.isEmpty else {
                throw CommandsError.programNotReplaced(
                    onHost[0], reason: Wiring.runOnHost(onHost))
            }
            try await Wiring.followEdgeState(Invocation.current.environment) { line in
                OutputChannel.standardOutput.write(line + "\n")
            }
            return .unexpectedError
        }
    }
}
