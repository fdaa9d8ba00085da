package import BlueGreen

/// One HTTP or TCP probe, over a connection of its own.
package protocol HealthProbe: Sendable {
    /// Always answers within the check's timeout. `command` and `docker` checks never come here:
    /// the engine makes those.
    func probe(_ check: HealthCheck, at address: String) async -> ProbeResult
}
