package import BlueGreen

/// Reads what the host, or the cgroup that Docker is confined to, has left.
package protocol HostGauge: Sendable {
    /// One reading; costs well under a millisecond once the first one has found where to look.
    func sample() async throws -> HostSample
}
