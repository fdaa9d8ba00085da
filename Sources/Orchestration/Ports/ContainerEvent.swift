package import BlueGreen

/// Something that happened to a container of the app, told as it happens.
package struct ContainerEvent: Hashable, Sendable {
    package enum Change: Hashable, Sendable {
        case started
        /// Its first process ended. `isAskedFor` is whether the engine was asked to stop, restart or
        /// kill it, `isOutOfMemory` whether a process of it was OOM-killed within seconds before.
        case ended(exitCode: Int, isOutOfMemory: Bool, isAskedFor: Bool)
        /// A process of it was OOM-killed; its end may follow.
        case ranOutOfMemory
        /// The engine was asked to send it a signal, most often to stop it; its end may follow.
        case signalled
        /// The verdict of its own HEALTHCHECK is new.
        case checked(Health)
    }

    /// Of the container.
    package let id: String
    package let replica: Replica
    /// nil for shared services.
    package let placement: Placement?
    package let change: Change
    package let at: Timestamp

    package init(
        id: String, replica: Replica, placement: Placement?, change: Change, at: Timestamp
    ) {
        self.id = id
        self.replica = replica
        self.placement = placement
        self.change = change
        self.at = at
    }
}
