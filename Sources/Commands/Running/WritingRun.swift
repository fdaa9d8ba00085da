import BlueGreen
import Orchestration

/// A verb that holds its app's lock: the app, its ports and the outputs.
struct WritingRun: Sendable {
    let app: AppContext
    let console: Console
    let progress: Progress
    let wiring: Wiring
    let ports: Ports
    let interruption: Interruption

    /// Has the app's deployer act while the live view shows what it does.
    func acting<Result: Sendable>(
        _ act: @Sendable (AppDeployer) async throws -> Result
    ) async throws -> Result {
        let deployer = wiring.deployer(ports, interruption)
        // Without the history nothing is called usual; the act meets the same error.
        let past = (try? await ports.store.deployments(limit: 50)) ?? []
        return try await progress.shown(after: past) { try await act(deployer) }
    }
}

/// The last lines of a run.
extension WritingRun {
    /// The last lines and the exit status of a deployment that has ended, or that waits for a
    /// person.
    ///
    /// - Parameter isAskedFor: whether the user has asked for this end, be it one that takes a
    ///   deployment back.
    func close(
        _ deployment: Deployment, isAskedFor: Bool = false
    ) async throws -> ExitStatus {
        if deployment.waitsUntil != nil { return try await closeWaiting(deployment) }
        // The link as it is now tells who has traffic. If it cannot be read, the words for no
        // traffic would be wrong, so the error goes on.
        let traffic = try await ports.router.traffic()
        let isOvertaken = deployment.isOvertaken(live: traffic.colour)
        let status: ExitStatus =
            isOvertaken
            ? .unknown : isAskedFor ? .done : ExitStatus(deployment) ?? .unexpectedError
        let releases = try await ports.store.releases()
        let labels = releases.compactMap { release in release.label.map { (release.id, $0) } }
        let summary = Summary(
            of: deployment,
            Summary.Circumstances(
                live: traffic.colour, isInMaintenance: traffic.isInMaintenance,
                labels: Dictionary(labels) { first, _ in first },
                known: Set(releases.map(\.id)), wayBack: await wayBack(from: deployment),
                staleShared: await staleShared(beside: deployment),
                options: app.options, log: progress.log.wholePath(of: deployment.number)))
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
        tellActions(deployment, status, live: traffic.colour, summary.lines)
        return status
    }

    /// nil where there is none, or where nobody can say: the deployment itself has ended well.
    private func wayBack(from deployment: Deployment) async -> DeploymentKind? {
        guard deployment.outcome == .promoted, let previous = deployment.previous,
            let situation = try? await Situation.observe(ports, recent: 10)
        else { return nil }
        return try? situation.rollback(
            to: previous.release.text, settings: deployment.settings
        ).kind
    }

    private func staleShared(beside deployment: Deployment) async -> [StaleShared] {
        guard deployment.outcome == .promoted, deployment.kind == .deploy else { return [] }
        // Without an answer the line is left out: the deployment itself has ended well.
        return (try? await ports.engine.staleShared(beside: deployment.candidate.release)) ?? []
    }

    /// The last lines of a run that leaves a deployment waiting.
    func closeWaiting(_ deployment: Deployment) async throws -> ExitStatus {
        let live = try await ports.router.liveColour()
        if console.isJSON {
            try console.result(
                "", ResultDocument(app: app.name, .done, traffic: live, deployment: deployment))
        }
        let lines = waitingLines(deployment, live: live)
        console.closing(lines)
        tellActions(deployment, .done, live: live, lines)
        return .done
    }

    private func tellActions(
        _ deployment: Deployment, _ status: ExitStatus, live: Colour?, _ lines: [String]
    ) {
        guard let files = console.actionsFiles else { return }
        let outputs = [
            "outcome": deployment.outcome?.word
                ?? (deployment.waitsUntil != nil ? "waiting" : "unfinished"),
            "exit_code": "\(status.rawValue)", "traffic": live.map { "\($0)" } ?? "none",
            "release": deployment.candidate.release.text, "deployment": "\(deployment.number)",
        ]
        // The deployment itself has ended as it has.
        for complaint in files.append(summary: lines, of: app.name, outputs: outputs) {
            console.note(complaint)
        }
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
