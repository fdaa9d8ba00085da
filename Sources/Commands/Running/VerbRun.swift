import ArgumentParser
import BlueGreen
import HostSystem
import Orchestration

/// Runs a verb's body and turns its end into an exit code and words.
enum VerbRun {
    /// For verbs that only look.
    static func reading(
        _ options: CommonOptions, for purpose: ConfigurationFile.Purpose = .knownReleases,
        _ body: (AppContext, Console) async throws -> ExitStatus
    ) async throws {
        let invocation = Invocation.current
        let console = Console(invocation, json: options.json)
        try await ending(console) {
            let app = try options.locate(invocation, for: purpose)
            app.warning.map(console.note)
            return try await body(app, console)
        }
    }

    /// Ends the process with the body's status, or with that of its error.
    static func ending(
        _ console: Console, _ body: () async throws -> ExitStatus
    ) async throws {
        var status: ExitStatus
        do {
            status = try await body()
        } catch {
            status = try failure(error, console)
        }
        if let reason = console.lostResult {
            console.note("The result could not be written to standard output: \(reason).")
            // Any other status says what a caller has to know first.
            if status == .done { status = .unexpectedError }
        }
        if status != .done { throw ExitCode(status.rawValue) }
    }

    /// Says an error, and where traffic is as far as that is known.
    static func failure(
        _ error: any Error, _ console: Console, app: String? = nil, traffic: Traffic? = nil
    ) throws -> ExitStatus {
        let status = ExitStatus(error)
        console.error("\(error)")
        if console.isJSON {
            let document = ResultDocument(
                app: app, status, traffic: traffic?.colour, error: "\(error)")
            try console.result("", document)
        }
        if let traffic { console.closing([Traffic.sentence(traffic.colour)]) }
        return status
    }
}
