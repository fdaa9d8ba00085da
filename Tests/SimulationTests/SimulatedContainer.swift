import BlueGreen
import TestSupport

/// A container of a simulated host, with Docker's rules for what a reboot starts again.
struct SimulatedContainer {
    let placement: Placement
    let service: PlannedService
    let replica: Replica
    var isRunning = false
    var exitCode = 0
    var isOOMKilled = false
    /// What it takes for its start.
    var appetite = Appetite.modest
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
    func memory(at now: Timestamp) -> ByteCount {
        guard isRunning else { return .zero }
        let age = startedAt.map { now - $0 } ?? .zero
        return (service.memory ?? .mebibytes(40)) + appetite.extra(at: age)
    }

    mutating func start(at now: Timestamp) {
        isRunning = true
        isStoppedByHand = false
        isOOMKilled = false
        startedAt = now
    }

    /// The policy starts it again at once, in which case it is not seen to have ended.
    mutating func kill() {
        appetite = .modest
        guard !hasPolicy else { return }
        isRunning = false
        isOOMKilled = true
        exitCode = 137
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

/// What a container takes for its start, beyond what it holds afterwards.
enum Appetite: CaseIterable {
    case modest
    /// It takes more and more for some seconds.
    case growing
    /// It takes it all at once, sooner than anybody can look.
    case bursting

    private static let most = ByteCount.mebibytes(250)

    func extra(at age: Duration) -> ByteCount {
        switch self {
        case .modest: .zero
        case .growing where age < .seconds(6):
            ByteCount(bytes: Self.most.bytes * min(age.wholeMilliseconds, 4000) / 4000)
        case .bursting where age > .milliseconds(450) && age < .seconds(6): Self.most
        case .growing, .bursting: .zero
        }
    }
}
