import FoundationEssentials
import HostSystem

/// The input of the process: environment, working directory, outputs.
struct Invocation: Sendable {
    let environment: [String: String]
    let directory: String
    private(set) var standardOutput: OutputChannel
    let standardError: OutputChannel

    static var current: Invocation {
        Invocation(
            environment: ProcessInformation.environment,
            directory: FileManager.default.currentDirectoryPath,
            standardOutput: .standardOutput, standardError: .standardError)
    }

    /// For a verb that holds an app's lock, which must not wait for a reader without end.
    static var currentRun: Invocation {
        var invocation = current
        invocation.standardOutput = .standardOutputOfRun
        return invocation
    }

    var state: StateDirectory {
        StateDirectory(environment: environment, from: directory)
    }

    var style: OutputStyle {
        OutputStyle(environment: environment, isTerminal: standardError.isTerminal)
    }
}
