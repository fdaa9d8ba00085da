import BlueGreen
import Orchestration

/// What a run says at its end.
extension WritingRun {
    /// The last lines and the exit status of a deployment that has ended, or that waits for a
    /// person.
    func close(_ deployment: Deployment) async throws -> ExitStatus {
        if deployment.waitsUntil != nil { return try closeWaiting(deployment) }
        let status = deployment.outcome.map(ExitStatus.init) ?? .unexpectedError
        // Who has traffic is said from the link as it is now; where it cannot be read, the words
        // for nobody having it would be wrong, so the error goes on.
        let traffic = try ports.router.traffic()
        let releases = try await ports.store.releases()
        let labels = releases.compactMap { release in release.label.map { (release.id, $0) } }
        let summary = Summary(
            of: deployment,
            Summary.Circumstances(
                live: traffic.colour, isInMaintenance: traffic.isInMaintenance,
                labels: Dictionary(labels) { first, _ in first },
                known: Set(releases.map(\.id)),
                options: app.options, log: progress.log.path(of: deployment.number)))
        progress.log.append(summary.text)
        if status != .done, case .lines(.actions) = console.style {
            console.error(deployment.failure?.message ?? summary.lines[0])
        }
        if console.isJSON {
            try console.result(
                "",
                ResultDocument(
                    app: app.name, status, traffic: traffic.colour, deployment: deployment))
        }
        console.closing(summary.lines)
        return status
    }

    /// The last lines of a run that leaves a deployment waiting.
    func closeWaiting(_ deployment: Deployment) throws -> ExitStatus {
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
}
