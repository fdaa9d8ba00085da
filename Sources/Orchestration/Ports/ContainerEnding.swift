package import BlueGreen

/// A container that ended, by itself or by somebody's hand, or one that had a process OOM-killed.
package struct ContainerEnding: Hashable, Sendable {
    package let replica: Replica
    /// nil where a process of the container was OOM-killed, and the container lives on.
    package let exitCode: Int?
    /// Whether a process of the container was OOM-killed: the one that ended with it or, within
    /// seconds before, one that it could not do without.
    package let isOutOfMemory: Bool
    package let at: Timestamp

    package init(replica: Replica, exitCode: Int?, isOutOfMemory: Bool, at: Timestamp) {
        self.replica = replica
        self.exitCode = exitCode
        self.isOutOfMemory = isOutOfMemory
        self.at = at
    }
}
