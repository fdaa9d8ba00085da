/// One service of a release as a deployment sees it.
package struct PlannedService: Hashable, Codable, Sendable {
    package let name: String
    package let role: ServiceRole
    /// How many containers of it run in one colour; at least 1.
    package let replicas: Int
    /// The container's port that nginx sends requests to; only `exposed` services have one.
    package let port: Int?
    /// nil where neither `teal.yml` nor the compose file knows a check.
    package let healthCheck: HealthCheck?
    /// Runs to its end (exit code 0) instead of serving: another service waits for it with
    /// `condition: service_completed_successfully`.
    package let isOneShot: Bool
    /// What one container of it may take: what `teal.yml` says, else its memory limit; nil where
    /// neither is known.
    package let memory: ByteCount?

    package init(
        name: String, role: ServiceRole, replicas: Int = 1, port: Int? = nil,
        healthCheck: HealthCheck? = nil, isOneShot: Bool = false, memory: ByteCount? = nil
    ) {
        self.name = name
        self.role = role
        self.replicas = replicas
        self.port = port
        self.healthCheck = healthCheck
        self.isOneShot = isOneShot
        self.memory = memory
    }
}
