package import BlueGreen

/// The facts by which an engine with several hosts tells the room of each.
package struct RoomQuestion: Hashable, Sendable {
    package let candidate: Placement
    /// The colour with traffic.
    package let previous: Placement?
    /// The most that the services of earlier releases were seen to use, per container.
    package let seen: [String: MemoryUse]
    /// Memory that must stay free on each host.
    package let reserve: ByteCount

    package init(
        candidate: Placement, previous: Placement?, seen: [String: MemoryUse], reserve: ByteCount
    ) {
        self.candidate = candidate
        self.previous = previous
        self.seen = seen
        self.reserve = reserve
    }

    /// With what the store knows of earlier releases.
    package init(
        _ candidate: Placement, beside previous: Placement?, _ settings: DeploymentSettings,
        _ store: any DeploymentStore
    ) async throws {
        self.init(
            candidate: candidate, previous: previous, seen: try await store.memoryUses(),
            reserve: settings.settle.memoryFree)
    }
}
