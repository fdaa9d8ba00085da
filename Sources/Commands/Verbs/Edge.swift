import ArgumentParser
import BlueGreen
import Glibc
import HostSystem
import Orchestration

struct Edge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edge",
        abstract: "Give up a swarm's node that will not come back.",
        discussion: """
            For apps with `engine: swarm`. Without a subcommand it is the program of the tasks of \
            the service APP-edge, which `teal deploy` makes, and does nothing elsewhere.

            Examples:
              teal edge forget node3
            """,
        subcommands: [EdgeForget.self, EdgeFollow.self], defaultSubcommand: EdgeFollow.self)
}

struct EdgeForget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forget",
        abstract: "Wait no longer for an edge that is down or taken out.",
        discussion: """
            A deploy refuses to begin while an edge is absent: its nginx would go on sending \
            requests as it does, also to a colour that is stopped. This says that nobody comes to \
            that nginx any more. Take the node from your balancer or DNS first. A node that comes \
            back follows the present state by itself, and counts again.

            It needs no lock, so that it also helps a run that waits for the node.

            Examples:
              teal edge forget node3
              teal edge forget node3 --app shop --json
            """)

    @Argument(help: "The node's name in `docker node ls`.")
    var node: String

    @OptionGroup var common: CommonOptions

    func run() async throws {
        try await VerbRun.reading(common) { app, console in
            let colours = try await Wiring.looking(at: app) { try await $0.forgetEdge(node) }
            let names = colours.map(\.rawValue).sorted().joined(separator: " and ")
            let rest =
                names.isEmpty
                ? "" : " As long as its nginx runs, it may send requests to \(names)."
            try console.result(
                "\(node) is forgotten until it comes back.\(rest)\n",
                EdgeForgetDocument(
                    app: app.name, node: node, colours: colours.map(\.rawValue).sorted()))
            return .done
        }
    }
}

struct EdgeFollow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "follow",
        abstract: "Follow the state of a swarm's edges on this node.", shouldDisplay: false)

    @Flag(help: "Say whether the task has confirmed: exit code 0 or 1.")
    var confirmed = false

    @Flag(help: "Tell the images and the free ports of this node.")
    var look = false

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
            let say: @Sendable (String) -> Void = { line in
                OutputChannel.standardOutput.write(line + "\n")
            }
            if look {
                try await Wiring.lookAtNode(Invocation.current.environment, say: say)
                return .done
            }
            try await Wiring.followEdgeState(Invocation.current.environment, say: say)
            return .unexpectedError
        }
    }
}
