package import BlueGreen

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

    /// What visitors get in maintenance, and who gets the app all the same.
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
