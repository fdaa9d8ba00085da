import FoundationEssentials
import HostSystem

/// The input of the process: environment, working directory, outputs.
struct Invocation: Sendable {
    let environment: [String: String]
    let directory: String
    let standardOutput: OutputChannel
    let standardError: OutputChannel

    static var current: Invocation {
        Invocation(
            environment: ProcessInformation.environment,
            directory: FileManager.default.currentDirectoryPath,
            standardOutput: .standardOutput, standardError: .standardError)
    }

    var state: StateDirectory {
        StateDirectory(environment: environment, from: directory)
    }

    var style: OutputStyle {
        OutputStyle(environment: environment, isTerminal: standardError.isTerminal)
    }
}
