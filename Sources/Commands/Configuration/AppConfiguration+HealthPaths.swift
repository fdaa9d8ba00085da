import BlueGreen

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
