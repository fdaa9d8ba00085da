import BlueGreen

/// Waits between two starts until the host has settled.
struct SettleWait: Sendable {
    private let ports: Ports
    private let bounds: SettleBounds

    init(_ ports: Ports, _ bounds: SettleBounds) {
        self.ports = ports
        self.bounds = bounds
    }

    /// A host that cannot be read does not stop a deployment: the pause is kept, with a warning.
    func settle(notBefore: Timestamp, until: Timestamp) async throws -> StepResult {
        guard notBefore < until else {
            try await ports.clock.sleep(until: notBefore)
            return .done
        }
        var settling = HostSettling(bounds, notBefore: notBefore, until: until)
        var shown: (strains: [Strain], at: Timestamp)?
        while true {
            let sample: HostSample
            do {
                sample = try await ports.gauge.sample()
            } catch let error where !(error is CancellationError) {
                try await ports.clock.sleep(until: notBefore)
                return .doneWithWarning("The host's load could not be read: \(error)")
            }
            switch settling.record(sample) {
            case .settled: return .done
            case .givenUp(let strains, let wider): return .unsettled(strains, wider)
            case .unsettled(let strains):
                if !strains.isEmpty, shown.map({ isNews(strains, since: $0) }) ?? true {
                    ports.reporter.report(.settling(strains))
                    shown = (strains, ports.clock.now)
                }
            }
            try await ports.clock.sleep(until: settling.nextSample(after: ports.clock.now))
        }
    }

    private func isNews(
        _ strains: [Strain], since shown: (strains: [Strain], at: Timestamp)
    ) -> Bool {
        strains != shown.strains && ports.clock.now - shown.at >= .seconds(1)
    }
}
