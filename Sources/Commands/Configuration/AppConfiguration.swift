package import BlueGreen
package import DockerCompose
package import Nginx

/// The settings of a `teal.yml`, checked, with its defaults filled in.
package struct AppConfiguration: Hashable, Sendable {
    /// How traffic is moved.
    package enum SwitchMode: String, CaseIterable, Hashable, Sendable {
        /// By renaming a symlink that nginx looks at on every request.
        case live
        /// By rewriting one upstream group and reloading nginx.
        case reload
    }

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
    package var stickiness = NginxSettings.Stickiness.client
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
