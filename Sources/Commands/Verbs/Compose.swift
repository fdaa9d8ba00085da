import ArgumentParser
import BlueGreen
import Glibc
import HostSystem
import Orchestration

struct Compose: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compose",
        abstract: "Run docker compose on the containers of a colour.",
        discussion: """
            Passes everything after the colour to docker compose. A service's name means all its \
            replicas (web-1, web-2); for exec, the first. While a command runs that may change \
            containers the watch leaves the app alone.

            Examples:
              teal compose green logs web
              teal compose blue ps
              teal compose green exec web sh
              teal compose --app shop green top
            """)

    @OptionGroup var common: CommonOptions

    @Argument(help: "blue or green.")
    var colour: Colour

    @Argument(parsing: .captureForPassthrough, help: "Arguments for docker compose.")
    var arguments: [String]

    func run() async throws {
        try await VerbRun.reading(common) { app, _ in
            try app.refuseSwarm("compose")
            let command = try await Wiring.looking(at: app) { wiring in
                let replicas = try await wiring.ports(.reading).engine.containers()
                    .filter { $0.placement?.colour == colour }.map(\.replica).sorted()
                return try await wiring.command(
                    in: colour, ReplicaNames(replicas).expanding(arguments))
            }
            if ReplicaNames.changes(arguments) {
                Presence.begin(app.state.person(of: app.name))
            }
            throw CommandsError.programNotReplaced(
                command.executable, reason: ProcessReplacement.replace(by: command))
        }
    }
}

extension Colour: ExpressibleByArgument {}

/// Turns the name of a service in a compose command into what it is called inside a colour, where
/// each replica is a service of its own if there are several.
struct ReplicaNames {
    private static let single: Set<String> = ["exec", "run", "port", "attach"]
    /// Those that only look.
    private static let looking: Set<String> = [
        "attach", "config", "events", "images", "logs", "ls", "port", "ps", "stats", "top",
        "version",
    ]
    private let names: [String: [String]]

    /// Whether a compose command may do something to containers: the watch then leaves them alone.
    static func changes(_ arguments: [String]) -> Bool {
        guard let verb = arguments.first(where: { !$0.hasPrefix("-") }) else { return false }
        return !looking.contains(verb)
    }

    init(_ replicas: [Replica]) {
        names = Dictionary(grouping: replicas, by: \.service)
            .mapValues { $0.count == 1 ? [$0[0].service] : $0.map(\.description) }
    }

    func expanding(_ arguments: [String]) -> [String] {
        guard let verb = arguments.first(where: { !$0.hasPrefix("-") }) else { return arguments }
        if Self.single.contains(verb) {
            // The words behind the service are a command inside the container.
            guard let index = arguments.firstIndex(where: { names[$0] != nil }) else {
                return arguments
            }
            var words = arguments
            words[index] = names[words[index]]?.first ?? words[index]
            return words
        }
        return arguments.flatMap { names[$0] ?? [$0] }
    }
}

/// Puts another program in the place of this process, with its terminal and its exit code.
enum ProcessReplacement {
    /// - Returns: why it could not be done; else it does not return.
    static func replace(by command: Command) -> String {
        for (name, value) in command.environment { setenv(name, value, 1) }
        if let directory = command.workingDirectory, chdir(directory) != 0 {
            return String(cString: strerror(errno))
        }
        let words = [command.executable] + command.arguments
        var pointers = words.map { strdup($0) }
        pointers.append(nil)
        execvp(command.executable, pointers)
        let reason = String(cString: strerror(errno))
        for pointer in pointers { free(pointer) }
        return reason
    }
}
