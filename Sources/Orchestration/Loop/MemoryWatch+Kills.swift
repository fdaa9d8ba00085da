import BlueGreen

/// OOM kills.
extension MemoryWatch {
    private static let looksUntilTold = 4

    /// Those that serve come before the candidate's own.
    func kill(_ looks: MemoryLooks) async throws -> Failure? {
        let since =
            deployment.isPastSwitch ? deployment.hadTrafficSince : deployment.startedAt
        let kills: [ContainerEnding]
        do {
            kills = try await ports.engine.endings(since: since).filter {
                looks.isKill($0) && concerns($0)
            }
        } catch let error where !(error is CancellationError) {
            // An engine that does not answer now may answer the next time.
            return nil
        }
        let own = deployment.candidate
        guard let kill = kills.first(where: { $0.placement != own }) ?? kills.first else {
            return nil
        }
        return try await failure(of: kill, looks)
    }

    /// A short host may have killed something else that serves: another app's container, nginx. Those
    /// of this app are told within a second.
    func strangersKill(_ looks: MemoryLooks) -> Failure? {
        guard vigilance == .killsAndShortage, looks.sinceKill > Self.looksUntilTold,
            let left = looks.least?.memoryLeft, left < deployment.settings.settle.memoryFree
        else { return nil }
        return Failure(
            .memoryRanOut,
            "The kernel killed a process of something else \(moment): the host had "
                + "\(max(left, .zero).text) of memory left. `dmesg` names it.")
    }

    /// Whether the container serves, or is the candidate's own.
    private func concerns(_ ending: ContainerEnding) -> Bool {
        guard let placement = ending.placement else { return true }
        if placement == deployment.candidate { return true }
        return placement == deployment.previous && !deployment.isPastSwitch
            && !deployment.stopsFirst
    }

    private func failure(
        of kill: ContainerEnding, _ looks: MemoryLooks
    ) async throws -> Failure {
        let container = try await container(of: kill)
        let account = OutOfMemory(
            kill, limit: container?.memoryLimit, least: looks.least,
            memoryFree: deployment.settings.settle.memoryFree)
        let consequence =
            isStarting(kill) || kill.placement == deployment.candidate
            ? "" : " The start was ended, so that it is not killed again."
        let moment = isStarting(kill) ? "while it started" : moment
        return Failure(
            account.cause, "\(subject(of: kill)) \(account.predicate(moment))\(consequence)",
            logLines: try await ports.lastLines(of: container))
    }

    private func isStarting(_ kill: ContainerEnding) -> Bool {
        guard let starting = deployment.startingReplica, kill.replica == starting.replica else {
            return false
        }
        return kill.placement == (starting.service.role == .shared ? nil : deployment.candidate)
    }

    private func container(of kill: ContainerEnding) async throws -> Container? {
        do {
            return try await ports.engine.containers().first {
                $0.replica == kill.replica && $0.placement == kill.placement
            }
        } catch let error where !(error is CancellationError) {
            // Its limit and its last lines are worth less than its name.
            return nil
        }
    }

    private func subject(of kill: ContainerEnding) -> String {
        switch kill.placement {
        case nil: "The shared \(kill.replica)"
        case deployment.candidate?: "\(deployment.candidate.colour) \(kill.replica)"
        case let other?: "\(other.colour) \(kill.replica), of the release that has traffic,"
        }
    }
}
