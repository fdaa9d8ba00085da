import BlueGreen
import Orchestration

/// The settings of a `teal.yml`, checked, with its defaults filled in.
struct AppConfiguration: Hashable, Sendable {
    /// `[a-z][a-z0-9-]*`, at most 40 characters.
    var app: String
    /// Only the services that `teal.yml` mentions, by name.
    var services: [String: ServiceSettings]
    /// As written; empty where `teal.yml` names none.
    var composeFiles: [String] = []
    /// As written.
    var environmentFiles: [String] = []
    var deployment = DeploymentSettings()
    /// When images with a `build:` section are built.
    var build = BuildPolicy.always
    /// So much of the disk that Docker keeps images on stays free.
    var diskReserve = usualDiskReserve
    var trafficSwitch = SwitchMode.live
    var nginx = NginxAccess()
    var notify = NotifySettings()
    /// How the serving colour is looked at after its deployment.
    var watch = WatchSettings()
    /// The mark by which a canary knows its clients.
    var stickiness = Stickiness.client
    /// The address at which the colour without the traffic can be looked at.
    var preview: PreviewSettings?
    /// The page of maintenance, as written; nil for Teal's own.
    var maintenancePage: String?
    var engine = EngineChoice.compose
    /// Only where the engine is a swarm.
    var edges = EdgesAccess()
    var swarm = SwarmAccess()
    /// Where a swarm's nodes get the images that no other registry has.
    var registry: String?
    var places = ConfigurationPlaces()

    static let usualDiskReserve = ByteCount.mebibytes(1024)
}

extension AppConfiguration {
    /// Maintenance leaves these paths to the app: those that exposed services are probed at,
    /// sorted. The front page is none of them, also where a check asks for it.
    var healthPaths: [HealthPath] {
        let paths = services.values.compactMap { settings -> HealthPath? in
            // A visitor's request could not reach another port than the service's own.
            guard case .http(let port, let path, _, _)? = settings.healthCheck?.method,
                port == settings.port
            else { return nil }
            return HealthPath(checking: path)
        }
        return Set(paths).sorted()
    }
}

extension AppConfiguration {
    /// Compares the services that hooks name with those of the release.
    ///
    /// - Throws: `CommandsError.configuration` for those that have no container in a colour before
    ///   and after the switch.
    func checkHooks(against plan: [PlannedService]) throws(CommandsError) {
        let problems = HookPoint.allCases.flatMap { point in
            deployment.hooks[point].enumerated().compactMap { index, hook in
                let path = "hooks.\(point.rawValue)[\(index)].in"
                return problem(of: hook, plan).map {
                    places.mistake("\(path): the service \($0)", at: path)
                }
            }
        }
        if !problems.isEmpty { throw .configuration(problems) }
    }

    private func problem(
        of hook: Hook, _ plan: [PlannedService]
    ) -> String? {
        guard case .service(let name) = hook.place else { return nil }
        let usable = plan.filter { $0.role == .exposed || $0.role == .internal }.map(\.name)
        let subject = "\"\(name)\""
        switch plan.first(where: { $0.name == name })?.role {
        case .exposed, .internal: return nil
        case .shared:
            return "\(subject) is shared and has no container of the release; "
                + "name one of \(usable.joined(separator: ", "))."
        case .singleton:
            return "\(subject) is a singleton and does not run before the switch; "
                + "name one of \(usable.joined(separator: ", "))."
        case nil:
            return "\(subject) is not in the compose file"
                + (usable.nearest(to: name).map { ", did you mean \"\($0)\"?" }
                    ?? "; it has \(usable.joined(separator: ", ")).")
        }
    }
}

extension AppConfiguration {
    /// The files that its opening hooks have to write, where the error is about such files alone.
    func filesOfHooks(missingBy error: any Error) -> [String] {
        guard !deployment.hooks.opening.isEmpty else { return [] }
        return (error as? CommandsError)?.missingFiles ?? []
    }
}
