/// Which events people are told: one per state and cool-down.
extension WatchRecord {
    mutating func tell(_ decision: inout WatchDecision, _ settings: WatchSettings, wall: Timestamp)
    {
        told = told.filter { now - $0.value < settings.coolDown }
        for event in decision.events where isNews(event) { decision.told.append(event) }
        // A state that began while its kind was not told again, and lasts.
        for event in lastingStates(wall) where !openStates.contains(event.key) {
            if isNews(event) { decision.told.append(event) }
        }
    }

    private mutating func isNews(_ event: WatchEvent) -> Bool {
        if let begun = event.kind.ended {
            // Nobody wants to hear the end of what was not told.
            return openStates.remove("\(begun.rawValue) \(event.subject)") != nil
        }
        guard told[event.key] == nil else { return false }
        told[event.key] = now
        if event.kind.hasEnd { openStates.insert(event.key) }
        return true
    }

    private func lastingStates(_ wall: Timestamp) -> [WatchEvent] {
        let replicas = self.replicas
            .filter { $0.value.verdict == .unhealthy && isServing($0.key) }.sorted {
                $0.key < $1.key
            }
            .map { watched, record in
                WatchEvent(
                    .unhealthy, watched.name, at: wall,
                    reason: record.lastFailures.last?.text ?? "", probes: record.lastFailures,
                    patient: .replica(watched))
            }
        let edges = brokenEdges.sorted { $0.key < $1.key }
            .map { service, reason in
                WatchEvent(
                    .edgeBroken, service, at: wall, reason: reason,
                    patient: .service(WatchedService(active?.placement, service)))
            }
        return replicas + edges
    }
}

extension WatchEvent {
    /// The state that it is about.
    fileprivate var key: String { "\(kind.rawValue) \(subject)" }
}

extension WatchEvent.Kind {
    /// The state whose end this is; nil where it is none.
    fileprivate var ended: WatchEvent.Kind? {
        switch self {
        case .recovered: .unhealthy
        case .circuitClosed: .circuitOpen
        case .hostWell: .hostIll
        case .edgeWell: .edgeBroken
        case .unhealthy, .stopped, .restarted, .restartFailed, .circuitOpen, .rolledBack,
            .rollbackFailed, .hostIll, .edgeBroken, .deploymentCutOff, .asked, .maintenanceBegan,
            .maintenanceEnded:
            nil
        }
    }

    fileprivate var hasEnd: Bool {
        switch self {
        case .unhealthy, .circuitOpen, .hostIll, .edgeBroken: true
        case .recovered, .stopped, .restarted, .restartFailed, .circuitClosed, .rolledBack,
            .rollbackFailed, .hostWell, .edgeWell, .deploymentCutOff, .asked, .maintenanceBegan,
            .maintenanceEnded:
            false
        }
    }
}
