import BlueGreen

/// The acts of a watch, with the app's lock.
extension AppWatch {
    func carryOut(
        _ act: WatchAct, _ report: Report
    ) async throws -> Report {
        var report = report
        let start = report.record
        // A watch that is asked to end must not end in the midst of an act.
        let acting = Task {
            try await means.gate.enter { ports, deployer in
                if let reason = try await change(since: act, start, ports) {
                    return (start, ActEnd.cancelled(act, reason: reason))
                }
                var record = start
                record.begin(act, settings)
                try await means.store.save(record, results: [], events: [], keep: settings.keep)
                return (record, try await perform(act, ports, deployer))
            }
        }
        let outcome: (WatchRecord, ActEnd)?
        do {
            outcome = try await acting.value
        } catch let error where !(error is CancellationError) {
            report.act = .cancelled(act, reason: "\(error)")
            return report
        }
        guard let (begun, end) = outcome else {
            report.act = .cancelled(act, reason: "a run of Teal holds the app")
            return report
        }
        report.act = end
        let failure: String?
        switch end {
        case .cancelled: return report
        case .done: failure = nil
        case .failed(_, let reason): failure = reason
        }
        var record = begun
        let told = record.end(act, failure: failure, at: means.host.moment, settings)
        do {
            try await means.store.save(
                record, results: [], events: told.events, keep: settings.keep)
        } catch let error where !(error is CancellationError) {
            report.unkept = "\(error)"
            means.memory?.remember(record)
        }
        return Report(
            record: record, decision: report.decision.adding(told), sightings: report.sightings,
            plans: report.plans,
            active: report.active, settings: settings, act: end, unclear: report.unclear,
            unkept: report.unkept, loss: report.loss, sight: report.sight)
    }

    /// A change between the look and the lock.
    ///
    /// - Returns: nil where all is as it was.
    private func change(
        since act: WatchAct, _ record: WatchRecord, _ ports: Ports
    ) async throws -> String? {
        guard case .leads(let traffic) = try await ports.router.readLink() else {
            return "the link that says who has traffic is lost"
        }
        if traffic.isInMaintenance { return "the app is in maintenance" }
        let situation = try await Situation.observe(ports, live: traffic.colour, recent: 10)
        if let open = situation.deployments.first, open.outcome == nil {
            return "deployment \(open.number) is not finished"
        }
        switch act {
        case .rollBack(let from, _, _):
            return situation.active == from ? nil : "another release has the traffic"
        case .restart(let watched, _):
            if let placement = watched.placement, placement != situation.active {
                return "another release has the traffic"
            }
            return try await change(of: watched, record, situation, ports)
        }
    }

    /// Another look at the replica that is to be restarted.
    private func change(
        of watched: WatchedReplica, _ record: WatchRecord, _ situation: Situation, _ ports: Ports
    ) async throws -> String? {
        guard let active = situation.active, let services = situation.services(of: active) else {
            return "nobody knows what has the traffic"
        }
        let look = WatchLook(
            ports: ports, settings: settings, uses: uses, before: record,
            wall: means.host.moment.wall)
        let sighting = try await look.sightings(
            of: look.plans(services, active), services, among: situation.containers,
            only: [watched]
        ).first
        if let start = sighting?.start, start != record.replicas[watched]?.start {
            return "\(watched.name) was started meanwhile"
        }
        switch sighting?.finding {
        case .failed, .down: return nil
        case .passed, .finished: return "\(watched.name) is well again"
        case .stopped: return "\(watched.name) was stopped by hand meanwhile"
        case .stopping: return "\(watched.name) is being stopped by hand"
        case .waiting: return "\(watched.name) waits for another run of Teal"
        case .looping: return "\(watched.name) is started by the engine itself"
        case .missing, nil: return "\(watched.name) has no container"
        }
    }

    /// - Throws: nothing but `CancellationError`.
    private func perform(
        _ act: WatchAct, _ ports: Ports, _ deployer: AppDeployer
    ) async throws -> ActEnd {
        do {
            switch act {
            case .restart(let watched, _):
                let containers = try await ports.engine.containers()
                guard let container = WatchLook.container(of: watched, among: containers) else {
                    return .failed(act, reason: "\(watched.name) has no container.")
                }
                try await ports.engine.restart(container)
                return .done(act)
            case .rollBack:
                let ended = try await deployer.rollBack(to: nil, settings: deployment)
                if ended.outcome == .promoted { return .done(act) }
                return .failed(
                    act, reason: ended.failure?.message ?? "The rollback did not end well.")
            }
        } catch let error where !(error is CancellationError) {
            return .failed(act, reason: "\(error)")
        }
    }
}
