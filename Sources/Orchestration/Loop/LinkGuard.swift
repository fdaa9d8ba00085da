import BlueGreen

/// Looks at the link beside an act that may take long, and puts it back where it is lost or leads to
/// nobody: visitors do not wait for the next step.
struct LinkGuard: Sendable {
    private static let interval = Duration.seconds(1)

    private let ports: Ports
    private let deployment: Deployment

    init(_ ports: Ports, _ deployment: Deployment) {
        self.ports = ports
        self.deployment = deployment
    }

    /// Nothing of it runs on when it returns.
    func beside(_ act: @escaping @Sendable () async -> StepResult) async -> StepResult {
        let beats = ports.clock.beats(every: Self.interval)
        return await withTaskGroup(of: StepResult?.self) { group in
            group.addTask { await act() }
            group.addTask {
                await look(beats)
                return nil
            }
            var result: StepResult?
            while let ended = await group.next() {
                result = result ?? ended
                // The looks end with the act alone.
                guard ended != nil || Task.isCancelled else { continue }
                group.cancelAll()
                beats.end()
            }
            return result ?? .failed(.ended(in: deployment.phaseName))
        }
    }

    private func look(_ beats: any Beats) async {
        do {
            while true {
                try await beats.next()
                try await putBack()
            }
        } catch {
            // The act is over.
        }
    }

    private func putBack() async throws {
        guard try await LinkMending(ports).putBack(during: deployment) else { return }
        // nginx's writing down of its answers is gone with the link.
        guard deployment.facts.has(.measuring) else { return }
        do {
            _ = try await ports.observer.begin(until: ports.clock.now + Deployment.longestMeasure)
        } catch let error where !(error is CancellationError) {
            ports.reporter.report(.warning("\(error)"))
        }
    }
}

extension Step {
    /// Whether it may take so long that visitors would notice, and moves no traffic itself.
    var takesLong: Bool {
        switch self {
        case .prepare, .start, .awaitUp, .settle, .verify, .runHook, .stop, .stopSingletons,
            .retire, .cleanUp:
            true
        // The drain looks itself.
        case .resolve, .preflight, .checkRoom, .arm, .probeEdge, .route, .confirm, .beginWatch,
            .observe, .endWatch, .drain, .prove:
            false
        }
    }
}
