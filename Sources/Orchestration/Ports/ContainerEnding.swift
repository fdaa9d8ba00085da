package import BlueGreen

/// A container that ended, by itself or by somebody's hand, or one whose processes did not all
/// survive a want of memory.
package struct ContainerEnding: Hashable, Sendable {
    package let replica: Replica
    /// nil where the kernel killed a process of the container for want of memory, and the container
    /// lives on.
    package let exitCode: Int?
    /// Whether the kernel killed a process of the container for want of memory: the one that ended
    /// with it or, within seconds before, one that it could not do without.
    package let isOutOfMemory: Bool
    package let at: Timestamp

    package init(replica: Replica, exitCode: Int?, isOutOfMemory: Bool, at: Timestamp) {
        self.replica = replica
        self.exitCode = exitCode
        self.isOutOfMemory = isOutOfMemory
        self.at = at
    }
}
