package import BlueGreen

/// The settings of a `teal.yml`, checked, with its defaults filled in.
package struct AppConfiguration: Hashable, Sendable {
    /// `[a-z][a-z0-9-]*`, at most 40 characters.
    package var app: String
    /// As written; empty where `teal.yml` names none.
    package var composeFiles: [String]
    /// As written.
    package var environmentFiles: [String]
    /// Only the services that `teal.yml` mentions, by name.
    package var services: [String: ServiceSettings]
    package var deployment: DeploymentSettings
    /// So much of the disk that Docker keeps images on stays free.
    package var diskReserve: ByteCount
    package var trafficSwitch: SwitchMode
    package var nginx: NginxAccess
    package var notify: NotifySettings
    /// The mark by which a canary knows its clients.
    package var stickiness = Stickiness.client
    /// The address at which the colour without the traffic can be looked at.
    package var preview: PreviewSettings?
    /// The page of maintenance, as written; nil for Teal's own.
    package var maintenancePage: String?

    package static let usualDiskReserve = ByteCount.mebibytes(1024)

    package init(
        app: String, services: [String: ServiceSettings], composeFiles: [String] = [],
        environmentFiles: [String] = [], deployment: DeploymentSettings = DeploymentSettings(),
        diskReserve: ByteCount = Self.usualDiskReserve, trafficSwitch: SwitchMode = .live,
        nginx: NginxAccess = NginxAccess(), notify: NotifySettings = NotifySettings()
    ) {
        self.app = app
        self.composeFiles = composeFiles
        self.environmentFiles = environmentFiles
        self.services = services
        self.deployment = deployment
        self.diskReserve = diskReserve
        self.trafficSwitch = trafficSwitch
        self.nginx = nginx
        self.notify = notify
    }
}

/// The place of nginx, as `teal.yml` says it; nil means: look.
package struct NginxAccess: Hashable, Sendable {
    /// Holds a folder per app with what Teal generates.
    package var directory: String
    /// The container that nginx runs in; nil for one on the host.
    package var container: String?
    /// The main configuration file, where nginx is not started with its built-in one.
    package var config: String?
    /// The program, where it is not the `nginx` of PATH and the system's sbin folders.
    package var binary: String?
    /// Address and port of the status server in the generated configuration.
    package var status: String?

    package init(
        directory: String = "/etc/nginx/teal", container: String? = nil, config: String? = nil,
        binary: String? = nil, status: String? = nil
    ) {
        self.directory = directory
        self.container = container
        self.config = config
        self.binary = binary
        self.status = status
    }
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
    /// - Throws: `CommandsError.hookServices` for those that have no container in a colour before
    ///   and after the switch.
    func checkHooks(against plan: [PlannedService]) throws(CommandsError) {
        let problems = HookPoint.allCases.flatMap { point in
            deployment.hooks[point].enumerated().compactMap { index, hook in
                problem(of: hook, "hooks.\(point.rawValue)[\(index)].in", plan)
            }
        }
        if !problems.isEmpty { throw .hookServices(problems) }
    }

    private func problem(
        of hook: Hook, _ path: String, _ plan: [PlannedService]
    ) -> String? {
        guard case .service(let name) = hook.place else { return nil }
        let usable = plan.filter { $0.role == .exposed || $0.role == .internal }.map(\.name)
        let subject = "teal.yml: \(path): the service \"\(name)\""
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
