package import BlueGreen

extension ComposeProject {
    /// The services as a deployment sees them, in the order in which they are started: what a
    /// service depends on or takes something from comes first, among equals what is shared, and then the alphabet decides.
    ///
    /// - Throws: `DockerError.refused` with everything that cannot run in two colours.
    package func plan(_ settings: [String: ServiceSettings]) throws -> [PlannedService] {
        let problems = problems(settings)
        guard problems.isEmpty else { throw DockerError.refused(problems) }
        let services = services(settings)
        let count = services.reduce(0) { $0 + $1.replicas }
        guard count <= PlannedService.mostContainers else {
            throw DockerError.tooMany(
                "containers", count, most: PlannedService.mostContainers)
        }
        return services
    }

    /// As `plan`, without a look at what is refused.
    package func services(_ settings: [String: ServiceSettings]) -> [PlannedService] {
        let order = startOrder(settings)
        let known = Set(order.map(\.name))
        return order.map { planned($0, settings[$0.name] ?? ServiceSettings(), beside: known) }
    }

    package func role(of service: String, _ settings: [String: ServiceSettings]) -> ServiceRole {
        let own = settings[service]
        return own?.port != nil ? .exposed : own?.role ?? .internal
    }

    package func replicas(of service: ComposeService, _ settings: [String: ServiceSettings]) -> Int
    {
        settings[service.name]?.replicas ?? service.replicas ?? 1
    }

    /// - Parameter known: the services of the plan. One that it depends on may be left out of it,
    ///   by its profile.
    private func planned(
        _ service: ComposeService, _ own: ServiceSettings, beside known: Set<String>
    ) -> PlannedService {
        PlannedService(
            name: service.name, role: role(of: service.name, [service.name: own]),
            replicas: replicas(of: service, [service.name: own]), port: own.port,
            healthCheck: healthCheck(of: service, own), isOneShot: isOneShot(service.name),
            memory: own.memory ?? service.memoryLimit,
            dependencies: service.dependencies.keys.filter(known.contains).sorted())
    }

    private func healthCheck(of service: ComposeService, _ own: ServiceSettings) -> HealthCheck? {
        if let check = own.healthCheck { return check }
        // Docker has its own hysteresis, so that one `healthy` of it is enough.
        if service.hasHealthCheck { return HealthCheck(method: .docker, rise: 1) }
        return own.port.map { HealthCheck(method: .tcp(port: $0)) }
    }

    /// Compose refuses a cycle before this is asked; should one come by, its members stand last.
    private func startOrder(_ settings: [String: ServiceSettings]) -> [ComposeService] {
        var waiting = running(settings)
        var order: [ComposeService] = []
        var placed: Set<String> = []
        let known = Set(waiting.map(\.name))
        while !waiting.isEmpty {
            let ready = waiting.indices.filter { index in
                waiting[index].supports
                    .allSatisfy { placed.contains($0) || !known.contains($0) }
            }
            let shared = ready.first { role(of: waiting[$0].name, settings) == .shared }
            let next = waiting.remove(at: shared ?? ready.first ?? 0)
            placed.insert(next.name)
            order.append(next)
        }
        return order
    }
}

extension ComposeService {
    /// Those that must be there before it.
    fileprivate var supports: Set<String> {
        Set(dependencies.keys).union(borrowings.map(\.lender)).subtracting([name])
    }
}
