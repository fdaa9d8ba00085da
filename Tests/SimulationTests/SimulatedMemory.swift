import BlueGreen
import Orchestration
import TestSupport

/// The kernel of a simulated host that runs out of memory while something starts. It is held
/// against the looks that Teal took before.
struct SimulatedMemory {
    struct Kill {
        let placement: Placement
        let replica: Replica
        let at: Timestamp
        /// Of the deployment under way.
        let deployment: Int
    }

    /// A start that goes on so long without a look was not watched.
    private static let longestUnseen = Duration.milliseconds(500)
    /// A look that is not the watch's own is followed by one of the watch within this time.
    private static let longestAfterShortage = Duration.milliseconds(100)

    private(set) var kills: [Kill] = []
    /// Deployments under which a container that serves was killed, and that asked afterwards what
    /// was killed.
    private(set) var told: Set<Int> = []
    /// When Teal looked last, and whether memory was short; nil after a look that failed.
    private var look: (at: Timestamp, isShort: Bool)?
    private var isBlind = false

    mutating func see(_ sample: HostSample, _ rule: DeploymentSettings) {
        look = (sample.at, sample.memoryLeft < rule.settle.leastLeft)
        isBlind = false
    }

    mutating func goBlind() { isBlind = true }

    mutating func begin(at now: Timestamp) { look = (now, false) }

    mutating func tellKills(of deployment: Int) {
        if kills.contains(where: { $0.deployment == deployment }) { told.insert(deployment) }
    }

    /// - Returns: what is wrong with it.
    mutating func kill(
        _ container: SimulatedContainer, at now: Timestamp, in deployment: Int
    ) -> String? {
        kills.append(
            Kill(
                placement: container.placement, replica: container.replica, at: now,
                deployment: deployment))
        guard !isBlind, let look else { return nil }
        let name = "\(container.replica) serves in \(container.colour) and was OOM-killed"
        if look.isShort, now - look.at <= Self.longestAfterShortage { return nil }
        if look.isShort { return "\(name): the start went on after memory was short" }
        if now - look.at > Self.longestUnseen { return "\(name): nobody watched the start" }
        return nil
    }
}

extension SimulatedHost.State {
    /// The kernel kills one that serves, and at times the one whose start took too much as well.
    mutating func killForMemory() {
        guard let current, current.memoryVigilance == .killsAndShortage,
            load.left(beside: containers, at: now) < .zero
        else { return }
        let serving = containers.indices.first {
            containers[$0].isRunning && containers[$0].placement == current.previous
                && containers[$0].colour == routed && containers[$0].hasPolicy
        }
        if let serving {
            if let wrong = memory.kill(containers[serving], at: now, in: current.number) {
                violations.append(wrong)
            }
            containers[serving].kill()
            if random.isOne(in: 2) { return }
        }
        for index in containers.indices where containers[index].appetite != .modest {
            containers[index].kill()
        }
    }
}
