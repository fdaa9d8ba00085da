package import BlueGreen

/// Values that many tests start from.
package enum Sample {
    /// 2026-11-20 21:34:05 UTC.
    package static let moment = Timestamp(milliseconds: 1_795_210_445_000)
    package static let web = PlannedService(
        name: "web", role: .exposed, port: 8080,
        healthCheck: HealthCheck(
            method: .http(port: 8080, path: "/healthz", host: nil, expected: [200...399])))
    package static let api = PlannedService(name: "api", role: .internal)

    package static let worker = PlannedService(name: "worker", role: .singleton)

    /// A host with nothing to do and much to spare.
    package static let roomyHost = HostSample(
        at: moment, memoryAvailable: .mebibytes(4096), memoryTotal: .mebibytes(8192))

    package static func release(_ entropy: UInt16) -> ReleaseID {
        ReleaseID(at: moment + .seconds(Int(entropy)), entropy: entropy)
    }

    package static func deployment(
        kind: DeploymentKind = .deploy, previous: Placement? = nil,
        services: [PlannedService] = [api, web], previousServices: [PlannedService]? = nil,
        settings: DeploymentSettings = DeploymentSettings(), number: Int = 1,
        label: String? = nil
    ) -> Deployment {
        Deployment(
            Order(
                number: number, kind: kind,
                candidate: Placement(colour: previous?.colour.other ?? .blue, release: release(2)),
                label: label, previous: previous, services: services,
                previousServices: previousServices, settings: settings),
            at: moment)
    }

    /// A deployment that went all the way to this outcome within 12 s.
    package static func finished(
        _ outcome: Outcome, kind: DeploymentKind = .deploy,
        previous: Placement? = Placement(colour: .blue, release: release(1)),
        failure: Failure? = nil, warnings: [String] = []
    ) -> Deployment {
        let failure = failure ?? Failure(.step(phase: "test"), "It failed.")
        let end = moment + .seconds(12)
        var deployment = deployment(kind: kind, previous: previous)
        var warnings = warnings
        while deployment.next(at: end).step != nil {
            let result: StepResult =
                switch (outcome, Spot(deployment)) {
                case (.aborted, .verifying), (.rolledBack, .confirming), (.unknown, .confirming),
                    (.unknown, .switchingBack):
                    .failed(failure)
                default: warnings.popLast().map { .doneWithWarning($0) } ?? .done
                }
            deployment.record(result, at: end)
        }
        return deployment
    }
}

extension HostSample {
    /// The same figures at another moment.
    package func taken(at moment: Timestamp) -> HostSample {
        HostSample(
            at: moment, memoryAvailable: memoryAvailable, memoryTotal: memoryTotal,
            cacheInUse: cacheInUse, swapFree: swapFree, processorStalled: processorStalled,
            memoryStalled: memoryStalled, stolen: stolen, waitedForDisk: waitedForDisk,
            swappedIn: swappedIn, kills: kills)
    }
}
