import BlueGreen
import Orchestration
import TestSupport

struct ScriptedEngine {
    /// Looks at the containers, in order; the last one stays.
    var looks: [[Container]] = [[]]
    var obstacles: [Obstacle] = []
    var disturbances: [Disturbance] = []
    /// Containers that lost a network.
    var reconnected: [Reconnection] = []
    /// The set cannot be prepared.
    var prepareError: String?
    /// The looks once something was started.
    var looksAfterStart: [[Container]]?
    /// The looks once singletons were stopped.
    var looksAfterStop: [[Container]]?
    /// The engine does not tell what there is.
    var error: String?
    /// Containers that ended, in order of being asked; the last one stays.
    var endings: [[ContainerEnding]] = [[]]
    /// Nothing has ended before.
    var endingsFrom = Sample.moment
    /// Running containers that it was asked to end.
    var stops: [ContainerStop] = []
    /// Those that come after it was asked once.
    var stopsBehindTheLook: [ContainerStop] = []
    /// The engine does not tell what ended.
    var endingsError: String?
    var listening: [Listener] = []
    /// The colour whose containers cannot be removed, and why.
    var removeError: (colour: Colour, reason: String)?
    /// Containers that run before they are started.
    var running: Set<String> = []
    /// In order; the last one stays.
    var memoryUses: [[String: ByteCount]] = [[:]]
    var memoryError: String?
    /// What is told of singletons that nobody could end.
    var lostSingletons: [String] = []
    /// What happens while somebody listens; then the engine ends.
    var events: [ContainerEvent] = []
    /// A look at the containers takes so long.
    var delay = Duration.zero
    /// The replica that the engine cannot restart, and why.
    var restartError: (replica: String, reason: String)?
}

extension ScriptedHost: ContainerEngine {
    var name: String { "Docker" }

    func containers() async throws -> [Container] {
        with { $0.now = $0.now + $0.engine.delay }
        try refuse { $0.engine.error }
        return with { $0.engine.looks.takeFirstButKeepLast() ?? [] }
    }

    func obstacles(to candidate: Placement, _ kind: DeploymentKind) async throws -> [Obstacle] {
        with { $0.engine.obstacles }
    }

    func disturbances(of active: Placement) async throws -> [Disturbance] {
        with { $0.engine.disturbances }
    }

    func reconnect() async throws -> [Reconnection] { with { $0.engine.reconnected } }

    func prepare(_ placement: Placement, kind: DeploymentKind) async throws {
        try refuse { $0.engine.prepareError }
        note("prepare \(placement.colour)")
    }

    func start(
        _ container: PlannedReplica, of placement: Placement
    ) async throws -> StartResult {
        note("start \(container.replica)")
        with { script in
            if let looks = script.engine.looksAfterStart { script.engine.looks = looks }
        }
        return with { $0.engine.running.contains("\(container.replica)") } ? .ranAlready : .started
    }

    func stopSingletons(of colour: Colour, and services: Set<String>) async throws -> [String] {
        note("stop singletons of \(colour): \(services.sorted())")
        return with { script in
            if let looks = script.engine.looksAfterStop { script.engine.looks = looks }
            return script.engine.lostSingletons
        }
    }

    func memoryUse() async throws -> [String: ByteCount] {
        try refuse { $0.engine.memoryError }
        return with { $0.engine.memoryUses.takeFirstButKeepLast() ?? [:] }
    }

    func memoryUse(ofContainer id: String) async throws -> ByteCount? {
        try await memoryUse()[id]
    }

    func keepRunning(_ placement: Placement, _ endurance: Endurance) async throws {
        note(endurance == .started ? "keepRunning" : "keepRunning for good")
    }

    func staleShared(beside release: ReleaseID) async throws -> [StaleShared] { [] }
    func stop(_ colour: Colour) async throws { note("stop \(colour)") }

    func stop(_ placement: Placement) async throws {
        note("stop \(placement.colour) \(placement.release)")
    }

    func remove(_ colour: Colour, _ haste: Haste) async throws {
        try refuse { script in
            script.engine.removeError.flatMap { $0.colour == colour ? $0.reason : nil }
        }
        note("remove \(colour)")
    }

    func remove(_ placement: Placement, _ haste: Haste) async throws {
        note("remove \(placement.colour) \(placement.release)")
    }

    func restart(_ container: Container) async throws {
        try refuse { script in
            script.engine.restartError.flatMap {
                $0.replica == "\(container.replica)" ? $0.reason : nil
            }
        }
        note("restart \(container.replica)")
    }

    func events() -> AsyncThrowingStream<ContainerEvent, any Error> {
        AsyncThrowingStream { continuation in
            for event in with({ $0.engine.events }) { continuation.yield(event) }
            continuation.finish()
        }
    }

    func logs(of container: Container, lines: Int) async throws -> [String] {
        ["the last line of \(container.replica)"]
    }

    func endings(since: Timestamp) async throws -> [ContainerEnding] {
        try refuse { $0.engine.endingsError }
        return with { script in
            guard script.now >= script.engine.endingsFrom else { return [] }
            return script.engine.endings.takeFirstButKeepLast() ?? []
        }
    }

    func stops(since: Timestamp) async throws -> [ContainerStop] {
        with { script in
            let stops = script.engine.stops
            script.engine.stops += script.engine.stopsBehindTheLook
            script.engine.stopsBehindTheLook = []
            return stops.filter { $0.at >= since }
        }
    }

    func listeners(of container: Container) async throws -> [Listener] {
        with { $0.engine.listening }
    }

    func execute(
        _ command: [String], in container: Container, timeout: Duration
    ) async throws -> ProbeResult {
        with { $0.probes.takeFirstButKeepLast() ?? .passed }
    }

    func routes(for services: [PlannedService], in colour: Colour) async throws -> [Route] {
        services.filter { $0.port != nil }.map {
            Route(service: $0.name, endpoints: ["\(colour):\($0.port ?? 0)"])
        }
    }

    func discardReleases(except kept: Set<ReleaseID>) async throws {
        note("discard")
    }
}
