import BlueGreen
import HostSystem

extension HostChecks {
    /// Two apps of one name would replace each other. A `teal.yml` elsewhere that exposes the same
    /// services is taken for an earlier folder of the same app.
    var sameName: CheckItem? {
        let services = Self.exposed(app.configuration)
        do {
            let origin = try AppOrigin.read(of: app.name, in: app.state).configuration
            guard origin != app.file.path, FileSystem().exists(origin) else { return nil }
            let other = try ConfigurationFile(
                path: origin, from: "/", environment: wiring.environment)
            guard Self.exposed(other.configuration) != services else { return nil }
            return CheckItem(
                name: "configuration", level: .warn,
                text:
                    "\(app.name) was deployed from \(origin) before, with other services. If that "
                    + "is another app, give one of them another name (`app:`): a deploy from here "
                    + "replaces it.")
        } catch {
            return nil  // Never deployed, or its file says nothing any more.
        }
    }

    private static func exposed(_ configuration: AppConfiguration) -> [String] {
        configuration.services.filter { $0.value.port != nil }.keys.sorted()
    }
}
