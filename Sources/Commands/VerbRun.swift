import ArgumentParser
import BlueGreen
import HostSystem
import Orchestration

/// Runs a verb's body and turns whatever comes of it into an exit code and words.
enum VerbRun {
    /// For verbs that only look.
    static func reading(
        _ options: CommonOptions, _ body: (AppContext, Console) async throws -> ExitStatus
    ) async throws {
        let invocation = Invocation.current
        let console = Console(invocation, json: options.json)
        try await ending(console) {
            try await body(try options.locate(invocation), console)
        }
    }

    /// Ends the process with the body's status, or with that of its error.
    static func ending(
        _ console: Console, _ body: () async throws -> ExitStatus
    ) async throws {
        let status: ExitStatus
        do {
            status = try await body()
        } catch {
            status = ExitStatus(error)
            console.error("\(error)")
            if console.isJSON {
                try console.result(
                    "", ResultDocument(app: nil, status, error: "\(error)"))
            }
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }
}
