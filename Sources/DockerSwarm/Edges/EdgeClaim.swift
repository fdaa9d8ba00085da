import DockerEngine
import Synchronization

/// One run's word that it is the one that changes the edges, on whichever manager it is. The service
/// bears it, so that a run which was overtaken moves no traffic any more.
final class EdgeClaim: Sendable {
    static let label = "teal.run"

    /// Tells this run from any other.
    let run = String(UInt64.random(in: .min ... .max), radix: 16)
    private let hasClaimed = Mutex(false)

    /// Whether no other run has claimed the edges since this one did.
    func allows(_ service: SwarmService) -> Bool {
        !hasClaimed.withLock { $0 } || service.label(Self.label) == run
    }

    /// Whether the service bears this run's claim.
    func isOn(_ service: SwarmService) -> Bool { service.label(Self.label) == run }

    func isMade() { hasClaimed.withLock { $0 = true } }
}
