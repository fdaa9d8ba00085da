package import BlueGreen

/// A container that ended, by itself or by somebody's hand.
package struct ContainerEnding: Hashable, Sendable {
    package let replica: Replica
    package let exitCode: Int
    /// Whether the kernel killed one of its processes for want of memory.
    package let isOutOfMemory: Bool
    package let at: Timestamp

    package init(replica: Replica, exitCode: Int, isOutOfMemory: Bool, at: Timestamp) {
        self.replica = replica
        self.exitCode = exitCode
        self.isOutOfMemory = isOutOfMemory
        self.at = at
    }
}
