import BlueGreen

/// Watches memory beside an act that starts something of a candidate. A start ends before the kernel
/// kills. If a container that serves is killed all the same, the start ends at once, and the
/// container is named.
struct MemoryWatch: Sendable {
    /// A look at the host costs well under a millisecond. It waits for no engine: a daemon on a host
    /// that is out of memory takes its time.
    private static let hostInterval = Duration.milliseconds(100)
    /// A look at the containers costs some milliseconds.
    private static let containerInterval = Duration.milliseconds(300)
    /// An OOM kill may be told up to a second after the end that it brought.
    private static let (lateLooks, lateInterval) = (4, Duration.milliseconds(250))

    let ports: Ports
    let deployment: Deployment
    let vigilance: MemoryVigilance

    /// nil where the deployment starts nothing now, or nothing on this host.
    init?(_ ports: Ports, _ deployment: Deployment) {
        guard ports.engine.runsOnThisHost, let vigilance = deployment.memoryVigilance else {
            return nil
        }
        self.ports = ports
        self.deployment = deployment
        self.vigilance = vigilance
    }

    /// The result of the act, or why memory ended it. Nothing of the act runs on when it returns.
    func beside(_ act: @escaping @Sendable () async -> StepResult) async -> StepResult {
        var first = MemoryLooks()
        first.note(await sample())
        var (result, looks) = await race(act, from: first)
        do {
            try Task.checkCancellation()
            if looks.trouble == nil { try await lookBack(at: result, &looks) }
            try await record(looks)
        } catch {
            // The run was asked to end: nobody needs the rest of the looks.
        }
        return looks.trouble.map { .failed($0) } ?? result
    }

    private enum Part: Sendable {
        case act(StepResult)
        case looks(MemoryLooks)
    }

    /// All have ended when it returns.
    private func race(
        _ act: @escaping @Sendable () async -> StepResult, from first: MemoryLooks
    ) async -> (StepResult, MemoryLooks) {
        let host = ports.clock.beats(every: Self.hostInterval)
        let containers = ports.clock.beats(every: Self.containerInterval)
        return await withTaskGroup(of: Part.self) { group in
            group.addTask { .act(await act()) }
            group.addTask { .looks(await watch(from: first, host, lookAtHost)) }
            group.addTask { .looks(await watch(from: first, containers, lookAtContainers)) }
            var result = StepResult.failed(.ended(in: deployment.phaseName))
            var looks = first
            while let part = await group.next() {
                group.cancelAll()
                for beats in [host, containers] { beats.end() }
                switch part {
                case .act(let ended): result = ended
                case .looks(let others): looks.add(others)
                }
            }
            return (result, looks)
        }
    }

    private func watch(
        from first: MemoryLooks, _ beats: any Beats,
        _ look: @Sendable (inout MemoryLooks) async throws -> Void
    ) async -> MemoryLooks {
        var looks = first
        do {
            while looks.trouble == nil {
                try await beats.next()
                try await look(&looks)
            }
        } catch {
            // The act is over, and the watch with it.
        }
        return looks
    }

    @Sendable private func lookAtHost(_ looks: inout MemoryLooks) async throws {
        let sample = await sample()
        looks.note(sample)
        looks.trouble = shortage(sample)
    }

    @Sendable private func lookAtContainers(_ looks: inout MemoryLooks) async throws {
        let sample = await sample()
        looks.note(sample)
        if looks.isTimeForEndings {
            looks.trouble = try await kill(looks) ?? strangersKill(looks)
        }
        looks.trouble = looks.trouble ?? shortage(sample)
        if looks.trouble == nil { try await noteUse(&looks) }
    }

    /// The last look. An act that failed did so for want of memory where something was OOM-killed.
    private func lookBack(at result: StepResult, _ looks: inout MemoryLooks) async throws {
        switch result {
        case .failed(let failure):
            looks.trouble = try await kill(looks)
            guard failure.cause.mayBeAKill else { return }
            for _ in 0..<Self.lateLooks where looks.trouble == nil {
                try await ports.clock.sleep(until: ports.clock.now + Self.lateInterval)
                looks.note(await sample())
                looks.trouble = try await kill(looks)
            }
        // The next step looks on at once.
        case .done where deployment.isStartingContainer: break
        case .done, .unneeded, .doneWithWarning, .waited, .unsettled, .resolved, .observed, .noRoom,
            .noRoomOnNodes, .interrupted:
            let sample = await sample()
            looks.note(sample)
            try await noteUse(&looks)
            looks.trouble = try await kill(looks) ?? shortage(sample)
        }
    }

    /// nil where the host cannot be read: the waits for it say so themselves.
    private func sample() async -> HostSample? {
        do { return try await ports.gauge.sample() } catch { return nil }
    }

    private func shortage(_ sample: HostSample?) -> Failure? {
        let least = deployment.settings.settle.leastLeft
        guard vigilance == .killsAndShortage, let left = sample?.memoryLeft, left < least else {
            return nil
        }
        return Failure(
            .memoryRanOut,
            "The host ran out of memory \(moment): \(max(left, .zero).text) are left, and "
                + "\(least.text) must be."
                + " The start was ended before the kernel killed a container.")
    }

    /// When it came to pass, as the end of a sentence.
    var moment: String {
        deployment.startingReplica.map { container in
            container.service.role == .shared
                ? "while the shared \(container.replica) started"
                : "while \(deployment.candidate.colour) \(container.replica) started"
        } ?? "in the phase \"\(deployment.phaseName)\""
    }
}

extension Failure.Cause {
    /// Whether a kill may lie behind it that is not told yet.
    fileprivate var mayBeAKill: Bool {
        switch self {
        case .exited(_, let code): code == 137
        // Its policy starts it again and again, or one of its processes is gone.
        case .unhealthy: true
        case .step, .edge, .outOfMemory, .memoryRanOut, .noRoom, .noNode, .signal, .crash,
            .breach, .declined, .unanswered, .overtaken, .unrecorded, .noMajority, .outrun:
            false
        }
    }
}

/// The memory that a container takes while it starts.
extension MemoryWatch {
    private func noteUse(_ looks: inout MemoryLooks) async throws {
        guard let starting = deployment.startingReplica else { return }
        do {
            if looks.starting == nil {
                looks.starting = try await DeployedReplica(ports, deployment.candidate, starting)
                    .look()?.id
            }
            guard let id = looks.starting else { return }
            looks.peak.raise(to: try await ports.engine.memoryUse(ofContainer: id) ?? .zero)
        } catch let error where !(error is CancellationError) {
            // A look that fails makes a later estimate coarser.
        }
    }

    private func record(_ looks: MemoryLooks) async throws {
        guard let service = deployment.startingReplica?.service.name, looks.peak > .zero else {
            return
        }
        try await MemoryRecord(ports).note(
            [service: MemoryUse(peak: looks.peak)], of: deployment.candidate.release)
    }
}
