import BlueGreen
import HostSystem

/// The calls of the nginx program, on the host or through `docker exec`.
struct NginxProgram: Hashable, Sendable {
    let binary: String
    let config: String?
    let container: String?

    init(_ settings: NginxSettings) {
        binary = settings.binary
        config = settings.config
        container = settings.container?.name
    }

    /// Prints what nginx is, tests the configuration on disk and prints all of it: with `-T`,
    /// `-V` does not end the program.
    var dump: Command { command(["-V", "-T"] + configArguments, output: .mebibytes(16)) }

    /// Tests one main configuration file and all that it reads, and nothing else.
    func test(_ file: String) -> Command { command(["-t", "-c", file], output: .mebibytes(1)) }

    /// The exit code tells only whether the order was sent.
    var reload: Command { command(["-s", "reload"] + configArguments, output: .mebibytes(1)) }

    private var configArguments: [String] { config.map { ["-c", $0] } ?? [] }

    private func command(_ arguments: [String], output: ByteCount) -> Command {
        let limit = Duration.seconds(30)
        guard let container else {
            return Command(binary, arguments, timeLimit: limit, outputLimit: output)
        }
        return Command(
            "docker", ["exec", container, binary] + arguments, timeLimit: limit,
            outputLimit: output)
    }
}
