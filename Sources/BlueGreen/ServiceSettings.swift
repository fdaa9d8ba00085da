/// The settings of one service in `teal.yml`; nil means that it does not say.
package struct ServiceSettings: Hashable, Codable, Sendable {
    /// Whether a coloured service may share a writable volume with its other colour.
    package enum VolumeUse: String, CaseIterable, Hashable, Codable, Sendable {
        /// Refused: two writers would destroy what they write.
        case exclusive
        /// The user vouches for two writers, `volumes: shared`.
        case shared
    }

    package var role: ServiceRole?
    package var port: Int?
    package var healthCheck: HealthCheck?
    package var replicas: Int?
    package var volumes: VolumeUse
    /// How long a container may take to end after SIGTERM; else the compose file's
    /// `stop_grace_period`, else 10 s.
    package var stopGrace: Duration?
    /// The memory that one container of it takes, for the room check; else its memory limit.
    package var memory: ByteCount?

    package init(
        role: ServiceRole? = nil, port: Int? = nil, healthCheck: HealthCheck? = nil,
        replicas: Int? = nil, volumes: VolumeUse = .exclusive, stopGrace: Duration? = nil,
        memory: ByteCount? = nil
    ) {
        self.role = role
        self.port = port
        self.healthCheck = healthCheck
        self.replicas = replicas
        self.volumes = volumes
        self.stopGrace = stopGrace
        self.memory = memory
    }
}
