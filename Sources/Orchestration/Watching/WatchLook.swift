import BlueGreen

/// Looks once at the containers that a watch is about.
struct WatchLook: Sendable {
    let ports: Ports
    let settings: WatchSettings
    /// By the name of the service; those that `teal.yml` says nothing about are missing.
    let uses: [String: ServiceWatch]
    /// Between two rounds; endings are asked for since then.
    let before: WatchRecord?
    let wall: Timestamp
    /// nil while no other run of Teal holds the app.
    var run: RunUnderWay?
    /// Only the ends of containers are looked for, and nothing is probed.
    var isOfEnds = false

    /// The plans of a release's services in start order.
    ///
    /// - Parameter isIdle: only to know whether one can go back to it.
    func plans(
        _ services: [PlannedService], _ placement: Placement, isIdle: Bool = false
    ) -> [WatchedPlan] {
        let dependencies = Dependencies(services)
        return services.compactMap { service in
            let isShared = service.role == .shared
            if isIdle, isShared || service.role == .singleton { return nil }
            let use = uses[service.name] ?? (isShared ? .notify : .restart)
            guard use != .off else { return nil }
            return WatchedPlan(
                isShared ? nil : placement, service, use: isIdle ? .off : use,
                dependencies: dependencies.all(of: service.name), settings)
        }
    }

    /// Probes the containers of the plans, all at the same time.
    ///
    /// - Throws: `CancellationError`, and what the engine throws where it does not answer.
    func sightings(
        of plans: [WatchedPlan], _ services: [PlannedService], among containers: [Container],
        only: Set<WatchedReplica>? = nil
    ) async throws -> [Sighting] {
        let byName = Dictionary(services.map { ($0.name, $0) }) { first, _ in first }
        let wanted = plans.flatMap { plan in
            [byName[plan.service.name]].compactMap(\.self).containers.map {
                (WatchedReplica(plan.service.placement, $0.replica), $0.service)
            }
        }.filter { only?.contains($0.0) ?? true }
        let ended = try await asked(for: wanted.map(\.0), among: containers)
        return try await withThrowingTaskGroup(of: Sighting.self) { group in
            for (watched, service) in wanted {
                let container = Self.container(of: watched, among: containers)
                let isAskedFor = ended.contains(watched)
                group.addTask {
                    try await sighting(of: watched, service, container, isAskedFor)
                }
            }
            var all: [Sighting] = []
            for try await sighting in group { all.append(sighting) }
            return try await sparing(all.sorted { $0.watched < $1.watched }, among: containers)
        }
    }

    /// One that fails while it ends as somebody wants it to has not failed.
    private func sparing(
        _ sightings: [Sighting], among containers: [Container]
    ) async throws -> [Sighting] {
        let suspects = sightings.filter { sighting in
            guard Self.container(of: sighting.watched, among: containers)?.state == .running else {
                return false
            }
            // A restart of Teal's that was cut off is nobody's wish to stop it.
            if case .restart(sighting.watched, _)? = before?.act { return false }
            switch sighting.finding {
            case .failed: return true
            case .passed: return isOfEnds
            case .down, .finished, .looping, .missing, .stopped, .stopping, .waiting: return false
            }
        }
        if suspects.isEmpty { return sightings }
        let since = wall + (.zero - ReplicaRecord.longestStop)
        let stops = try await ports.engine.stops(since: since)
        return sightings.map { sighting in
            let container = Self.container(of: sighting.watched, among: containers)
            guard suspects.contains(sighting),
                let stop = stops.first(where: { $0.id == container?.id })
            else { return sighting }
            return Sighting(
                sighting.watched, .stopping(since: stop.at), start: sighting.start,
                startedAt: sighting.startedAt, took: sighting.took)
        }
    }

    static func container(
        of watched: WatchedReplica, among containers: [Container]
    ) -> Container? {
        containers.first { container in
            container.replica == watched.replica
                && (watched.placement == nil
                    ? container.role == .shared : container.placement == watched.placement)
        }
    }

    /// Those that ended because the engine was asked to end them.
    private func asked(
        for watched: [WatchedReplica], among containers: [Container]
    ) async throws -> Set<WatchedReplica> {
        let ended = watched.filter { watched in
            guard case .exited? = Self.container(of: watched, among: containers)?.state else {
                return false
            }
            return true
        }
        if ended.isEmpty { return [] }
        // They were known as such before the engine forgot its events.
        let known = ended.filter { watched in
            let record = before?.replicas[watched]
            let container = Self.container(of: watched, among: containers)
            return record?.verdict == .stopped && record?.start == container.map(Self.start)
        }
        // One that was cut off in the midst of a restart of Teal's was not stopped by hand.
        let own = ended.filter { watched in
            if case .restart(watched, _)? = before?.act { true } else { false }
        }
        // A little more than lies between two rounds: the clocks of both are the host's.
        let since = before.map { min($0.lastRound, wall) + .seconds(-60) } ?? wall + .seconds(-3600)
        let endings = try await ports.engine.endings(since: since)
        let asked = ended.filter { watched in
            let last = endings.last {
                $0.replica == watched.replica && $0.placement == watched.placement
                    && $0.exitCode != nil
            }
            return last?.isAskedFor ?? false
        }
        return Set(known + asked).subtracting(own)
    }

    private func sighting(
        of watched: WatchedReplica, _ service: PlannedService, _ container: Container?,
        _ isAskedFor: Bool
    ) async throws -> Sighting {
        guard let container else {
            if service.isOneShot { return Sighting(watched, .finished) }
            let isReplaced = run?.accounts(forLackOf: service.role) ?? false
            return Sighting(watched, isReplaced ? .waiting : .missing)
        }
        let start = Self.start(of: container)
        if !service.isOneShot, run?.accounts(for: container) ?? false {
            return Sighting(watched, .waiting, start: start, startedAt: container.startedAt)
        }
        if let finding = absence(of: container, service, isAskedFor) {
            return Sighting(watched, finding, start: start, startedAt: container.startedAt)
        }
        guard !isOfEnds, !service.isOneShot, let check = service.healthCheck else {
            return Sighting(watched, .passed, start: start, startedAt: container.startedAt)
        }
        let began = ContinuousClock.now
        // An engine that does not answer is ill itself, and says nothing of the replica.
        let result = try await ReplicaProbe(ports).probe(container, check)
        try Task.checkCancellation()
        return Sighting(
            watched, Self.finding(result), start: start, startedAt: container.startedAt,
            took: ContinuousClock.now - began)
    }

    /// - Returns: nil for a container that runs and stays up.
    private func absence(
        of container: Container, _ service: PlannedService, _ isAskedFor: Bool
    ) -> Sighting.Finding? {
        if service.isOneShot, container.state == .running { return nil }
        switch ReplicaHealth.end(of: container, service, at: wall) {
        case nil, .healthy, .unchecked, .starting, .waiting: return nil
        case .done: return .finished
        case .unhealthy(.crashing(let restarts)): return .looping(restarts: restarts)
        case .unhealthy(.probe(let failure)): return .failed(failure)
        case .unhealthy(.notRunning(let state)):
            switch state {
            // Docker does so after each crash; one that does it again and again was told above.
            case .restarting where !container.keepsCrashing(at: wall):
                return .failed(.other("it crashed, and \(ports.engine.name) starts it again"))
            case .restarting: return .looping(restarts: container.restarts)
            // Only people pause containers.
            case .other("paused"): return .stopped
            case .exited where isAskedFor: return .stopped
            case .exited(let code, let outOfMemory):
                return .down(outOfMemory ? "was OOM-killed" : "ended with exit code \(code)")
            case .created: return .down("was made and never started")
            case .running, .other: return .missing
            }
        }
    }

    private static func finding(_ result: ProbeResult) -> Sighting.Finding {
        switch result {
        case .passed, .accepted: .passed
        // Docker has not counted far enough to know.
        case .failed(let failure): .failed(failure)
        }
    }

    /// Tells one start of one container from all others.
    private static func start(of container: Container) -> String {
        "\(container.id.prefix(12)) \(container.startedAt?.milliseconds ?? 0)"
    }
}

/// The services that others need, near and far.
private struct Dependencies {
    private let near: [String: [String]]

    init(_ services: [PlannedService]) {
        near = Dictionary(services.map { ($0.name, $0.dependencies) }) { first, _ in first }
    }

    func all(of service: String) -> Set<String> {
        var found: Set<String> = []
        var left = near[service] ?? []
        while let next = left.popLast() {
            if next != service, found.insert(next).inserted { left += near[next] ?? [] }
        }
        return found
    }
}
