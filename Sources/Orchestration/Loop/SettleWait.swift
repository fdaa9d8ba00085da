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
        let began = ports.clock.now
        guard notBefore < until else {
            try await ports.clock.sleep(until: notBefore)
            return .waited(told(Waits([.pause: ports.clock.now - began]), since: began))
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
            case .settled: return .waited(told(settling.waits, since: began))
            case .givenUp(let strains, let wider):
                return .unsettled(strains, wider, told(settling.waits, since: began))
            case .unsettled(let strains):
                if !strains.isEmpty, shown.map({ isNews(strains, since: $0) }) ?? true {
                    ports.reporter.report(.settling(strains))
                    shown = (strains, ports.clock.now)
                }
            }
            try await ports.clock.sleep(until: settling.nextSample(after: ports.clock.now))
        }
    }

    /// The live view has shown a wait while it lasted; a log tells of it once it is over.
    private func told(_ waits: Waits, since began: Timestamp) -> Waits {
        let whole = ports.clock.now - began
        if whole > .seconds(1) { ports.reporter.report(.rested(whole, waits)) }
        return waits
    }

    private func isNews(
        _ strains: [Strain], since shown: (strains: [Strain], at: Timestamp)
    ) -> Bool {
        strains != shown.strains && ports.clock.now - shown.at >= .seconds(1)
    }
}
