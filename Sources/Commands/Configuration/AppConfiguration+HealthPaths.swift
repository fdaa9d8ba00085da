import BlueGreen
import DockerCompose

extension AppConfiguration {
    /// What maintenance leaves to the app: the paths that exposed services are probed at, sorted.
    /// The front page is none of them, also where a check asks for it.
    var healthPaths: [HealthPath] {
        let paths = services.values.compactMap { settings -> HealthPath? in
            // What is probed at another port is nothing that a visitor's request could reach.
            guard settings.port != nil, let check = settings.healthCheck,
                check.port == settings.port
            else { return nil }
            return switch check.method {
            case .http(let path, _, _): HealthPath(checking: path)
            case .tcp, .command, .docker: nil
            }
        }
        return Set(paths).sorted()
    }
}
