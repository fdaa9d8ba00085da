import BlueGreen

/// `settings.json` in a release's folder: what `teal.yml` said of the services on that day.
struct StoredSettings: Hashable, Codable, Sendable {
    static let currentVersion = 1

    let version: Int
    let app: String
    let services: [String: ServiceSettings]

    init(app: String, services: [String: ServiceSettings]) {
        version = Self.currentVersion
        self.app = app
        self.services = services
    }
}
