import BlueGreen
import TestSupport

/// A container of a simulated host, with Docker's rules for what a reboot starts again.
struct SimulatedContainer {
    let placement: Placement
    let service: PlannedService
    let replica: Replica
    var isRunning = false
    var exitCode = 0
    /// nil while it was never started.
    var startedAt: Timestamp?
    /// The policy `unless-stopped`; else `no`.
    var hasPolicy = false
    /// `unless-stopped` remembers across a reboot that somebody stopped it.
    var isStoppedByHand = false

    init(_ container: PlannedReplica, of placement: Placement) {
        self.placement = placement
        service = container.service
        replica = container.replica
    }

    var colour: Colour { placement.colour }

    var address: String { "\(colour) \(replica)" }

    /// Its memory while it runs, whether anybody has declared it or not.
    var memory: ByteCount {
        guard isRunning else { return .zero }
        return service.memory ?? .mebibytes(40)
    }

    mutating func start(at now: Timestamp) {
        isRunning = true
        isStoppedByHand = false
        startedAt = now
    }

    mutating func stop() {
        isRunning = false
        isStoppedByHand = true
    }

    /// A container that was created with a policy and never started is started too.
    mutating func reboot() {
        let comesBack = hasPolicy && !isStoppedByHand
        if isRunning, !comesBack { exitCode = 137 }
        isRunning = comesBack
    }

    /// Whether the two may not run at the same time.
    func excludes(_ other: SimulatedContainer) -> Bool {
        colour != other.colour && replica.service == other.replica.service
            && [service.role, other.service.role].contains(.singleton)
            && ![service.role, other.service.role].contains(.exposed)
    }
}
