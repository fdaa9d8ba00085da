import BlueGreen
import HostSystem
import Orchestration

/// What is said of a deployment that waits for a person.
extension WritingRun {
    /// The last lines of a run that leaves it waiting.
    func closeWaiting(_ deployment: Deployment, _ ports: Ports) throws -> ExitStatus {
        let live = try ports.router.liveColour()
        if console.isJSON {
            try console.result(
                "", ResultDocument(app: app.name, .done, traffic: live, deployment: deployment))
        }
        console.closing(waitingLines(deployment, live: live))
        return .done
    }

    func waitingLines(_ deployment: Deployment, live: Colour?) -> [String] {
        let candidate = deployment.candidate
        let release = ReleaseName(candidate.release, label: deployment.label)
        let until = deployment.waitsUntil?.rfc3339 ?? ""
        let preview = app.configuration.preview.map { ["Look at it: \($0.url)"] } ?? []
        return [
            "Waiting: release \(release) is healthy in \(candidate.colour) and "
                + "has no traffic; it is aborted at \(until)."
        ] + preview + [
            Traffic.sentence(live),
            "Next: `teal promote\(app.options)` gives it traffic, `teal abort\(app.options)` "
                + "takes it away.",
        ]
    }

    /// Gives the deployment that waits a person's word, and says what came of it.
    ///
    /// - Throws: `CommandsError.nothingWaits`.
    func answer(_ answer: Deployment.Answer) async throws -> ExitStatus {
        let tool = try await wiring.composeTool()
        let ports = try wiring.ports(wiring.engine(tool), .writing)
        guard try await ports.store.unfinished()?.waitsUntil != nil else {
            throw CommandsError.nothingWaits(app: app.name)
        }
        guard let ended = try await recover(ports, .answer(answer)) else {
            throw CommandsError.nothingWaits(app: app.name)
        }
        let status = try await close(ended, ports)
        switch (answer, ended.failure?.cause) {
        // What was asked for was done.
        case (.abort, .declined) where status == .aborted: return .done
        case (.abort, _), (.promote, _): return status
        }
    }
}
