package import BlueGreen
package import HostSystem

/// Which nginx Teal works with, and what it generates for one app. Everything that reaches an
/// nginx file has passed the grammar here.
package struct NginxSettings: Hashable, Sendable {
    /// An nginx that runs in a container of its own.
    package struct Container: Hashable, Sendable {
        package let name: String
        /// The Docker networks of the app's colours, which nginx must be on to reach them.
        package let networks: [String]

        package init(name: String, networks: [String]) {
            self.name = name
            self.networks = networks
        }
    }

    package let app: String
    /// The names of the exposed ones.
    package let services: [String]
    package let mode: SwitchMode
    /// Holds a folder per app; a container sees it at the same path.
    package let directory: String
    /// A name in PATH or a path; inside the container where there is one.
    package let binary: String
    /// The argument of `nginx -c`; nil for the file that nginx was built with.
    package let config: String?
    package let container: Container?
    package let status: StatusAddress
    /// Where the rest of the host's file system is for a program that has `directory` at its own
    /// path and its other files elsewhere; empty on the host itself.
    package let hostRoot: String
    package let rollout: Rollout
    package var preview: Preview?
    package var maintenance = MaintenanceAnswer()
    /// The proxies in front of nginx that are believed what they say of a request.
    package var trustedProxies: [AddressBlock] = []
    /// How long a container may take to accept a connection; nil for the usual time of one on the
    /// same host.
    package var connectTimeout: Duration?

    /// - Throws: `NginxError.invalid` for a name, path or address that nginx could misread.
    package init(
        app: String, services: [String], mode: SwitchMode = .live, place: Place = Place(),
        rollout: Rollout = Rollout()
    ) throws {
        try NginxGrammar.check(app: app)
        for service in services { try NginxGrammar.check(service: service) }
        try NginxGrammar.checkDistinct(services, app: app)
        try NginxGrammar.check(path: place.directory, of: "nginx.directory")
        if let config = place.config { try NginxGrammar.check(path: config, of: "nginx.config") }
        if let container = place.container { try NginxGrammar.check(container: container.name) }
        guard let status = StatusAddress(place.statusAddress) else {
            throw NginxError.invalid(
                "the status address", place.statusAddress, "an IPv4 address and a port")
        }
        try NginxGrammar.check(rollout, mode)
        self.app = app
        self.services = services
        self.mode = mode
        self.rollout = rollout
        directory = place.directory
        binary = place.binary
        config = place.config
        container = place.container
        hostRoot = place.hostRoot
        self.status = status
    }

    /// Where the nginx is, as the configuration file tells it.
    package struct Place: Hashable, Sendable {
        package var directory: String
        package var binary: String
        package var config: String?
        package var container: Container?
        package var statusAddress: String
        package var hostRoot = ""

        package init(
            directory: String = "/etc/nginx/teal", binary: String = "nginx",
            config: String? = nil, container: Container? = nil,
            statusAddress: String = "127.0.0.1:8127"
        ) {
            self.directory = directory
            self.binary = binary
            self.config = config
            self.container = container
            self.statusAddress = statusAddress
        }
    }
}

/// The lines by which a user's nginx configuration reads what Teal generates.
extension NginxSettings {
    /// Once per host, at http level; it serves every app of the directory.
    package var httpLine: String { "include \(AppPaths.everyHTTPFile(in: directory));" }

    /// Once per server block of the app's site.
    package var serverLine: String { "include \(AppPaths(self).server);" }

    /// In a location that is to reach the service.
    package func locationLine(_ service: String) -> String {
        "include \(AppPaths(self).snippet(of: service));"
    }
}

extension NginxSettings {
    /// A server that shows the colour without the traffic.
    package struct Preview: Hashable, Codable, Sendable {
        package let listen: StatusAddress
        /// An exposed one.
        package let service: String

        /// - Throws: `NginxError.invalid` for what nginx could misread.
        package init(listen: String, service: String) throws {
            guard let address = StatusAddress(listen) else {
                throw NginxError.invalid("preview.listen", listen, "an IPv4 address and a port")
            }
            try NginxGrammar.check(service: service)
            self.listen = address
            self.service = service
        }
    }

    /// The answer for visitors in maintenance, and the paths that still reach the app.
    package struct MaintenanceAnswer: Hashable, Sendable {
        /// Of the exposed services' checks.
        package let healthPaths: [HealthPath]
        /// An absolute path that Teal reads and nginx never sees; nil for Teal's own page.
        package let page: String?

        package init(healthPaths: [HealthPath] = [], page: String? = nil) {
            self.healthPaths = healthPaths
            self.page = page
        }
    }
}

extension NginxSettings {
    /// The features that a deployment may ask of nginx between arming and the switch of all
    /// traffic, and behind it. Without any of it nothing of it costs a request.
    package struct Rollout: Hashable, Sendable {
        /// Whether nginx can write down what it answers, while it is asked to.
        package var isObserved: Bool
        /// The shares of a canary; none in `reload` mode.
        package var steps: [Share]
        package var stickiness: Stickiness

        package init(
            isObserved: Bool = false, steps: [Share] = [], stickiness: Stickiness = .client
        ) {
            self.isObserved = isObserved
            self.steps = steps
            self.stickiness = stickiness
        }
    }
}
