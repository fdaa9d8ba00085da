package import BlueGreen

/// One container of the app as the engine sees it now.
package struct Container: Hashable, Sendable {
    /// The state of a container, of whatever engine.
    package enum State: Hashable, Sendable {
        case created
        case running
        case restarting
        case exited(code: Int, outOfMemory: Bool)
        /// Paused, dead or being removed, in the engine's word.
        case other(String)
    }

    package let id: String
    /// Its name in Docker, `shop-green-web-1`.
    package let name: String
    package let replica: Replica
    package let role: ServiceRole
    /// nil for shared services, which belong to no colour and no release.
    package let placement: Placement?
    package let state: State
    /// The verdict of its own HEALTHCHECK; nil where it has none.
    package let health: Health?
    /// The last output of that HEALTHCHECK, with its exit code, on one line.
    package let healthOutput: String?
    /// How often the engine has restarted it since it was created.
    package let restarts: Int
    /// Whether the engine starts it again with whatever code it ends: once it has ended, somebody
    /// has stopped it.
    package let keepsRunning: Bool
    /// nil where nobody knows.
    package let createdAt: Timestamp?
    /// When it was started last; nil where it never was, or where nobody knows.
    package let startedAt: Timestamp?
    /// Its address on the colour's network, or the address and port where the engine publishes the
    /// one port that it is reached at, `10.0.0.2:18081`; nil while it does not run.
    package let address: String?
    /// nil where nothing but the host's memory bounds it.
    package let memoryLimit: ByteCount?
    /// Why the engine has found no host for it for some time, in the engine's words; nil where it has
    /// one, or may still find it.
    package let unplaced: String?

    package init(
        id: String, name: String, replica: Replica, role: ServiceRole, placement: Placement?,
        state: State, health: Health? = nil, healthOutput: String? = nil, restarts: Int = 0,
        keepsRunning: Bool = false, createdAt: Timestamp? = nil, startedAt: Timestamp? = nil,
        address: String? = nil, memoryLimit: ByteCount? = nil, unplaced: String? = nil
    ) {
        self.id = id
        self.name = name
        self.replica = replica
        self.role = role
        self.placement = placement
        self.state = state
        self.health = health
        self.healthOutput = healthOutput
        self.restarts = restarts
        self.keepsRunning = keepsRunning
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.address = address
        self.memoryLimit = memoryLimit
        self.unplaced = unplaced
    }
}

extension Container {
    /// - Parameter singletons: the services that either release calls a singleton.
    package func runsOnce(beside singletons: Set<String>) -> Bool {
        role.runsOnce(replica.service, beside: singletons)
    }
}

/// A running container that the engine was asked to end.
package struct ContainerStop: Hashable, Sendable {
    /// Of the container.
    package let id: String
    package let at: Timestamp

    package init(id: String, at: Timestamp) {
        self.id = id
        self.at = at
    }
}

/// A container that ended, by itself or by somebody's hand, or one that had a process OOM-killed.
package struct ContainerEnding: Hashable, Sendable {
    package let replica: Replica
    /// nil for shared services.
    package let placement: Placement?
    /// nil where a process of the container was OOM-killed, and the container lives on.
    package let exitCode: Int?
    /// Whether a process of the container was OOM-killed: its first one or, within seconds before,
    /// one that it needed.
    package let isOutOfMemory: Bool
    /// Whether the engine was asked to stop or to kill it.
    package let isAskedFor: Bool
    package let at: Timestamp

    package init(
        replica: Replica, placement: Placement?, exitCode: Int?, isOutOfMemory: Bool,
        isAskedFor: Bool = false, at: Timestamp
    ) {
        self.replica = replica
        self.placement = placement
        self.exitCode = exitCode
        self.isOutOfMemory = isOutOfMemory
        self.isAskedFor = isAskedFor
        self.at = at
    }
}
