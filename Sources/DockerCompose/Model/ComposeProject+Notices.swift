package import BlueGreen
import Orchestration

extension ComposeProject {
    /// One sentence for each warning of Compose, each setting of the compose file that does not
    /// reach the containers, and each thing that a rollback cannot bring back.
    package func notices(_ settings: [String: ServiceSettings]) -> [String] {
        let ofServices = services.flatMap { service in
            role(of: service.name, settings) == .shared
                ? [] : notices(of: service, settings[service.name] ?? ServiceSettings())
        }
        return warnings.map { "Compose warns: \($0)" } + ofServices + networkNotices(settings)
    }

    private func notices(of service: ComposeService, _ own: ServiceSettings) -> [String] {
        let name = service.name
        var notices: [String] = []
        if let dropped = service.model["container_name"]?.string {
            notices.append(
                "\(name): container_name \(dropped) is not used, since two colours cannot share "
                    + "it; the containers are called \(app)-COLOUR-\(name)-1.")
        }
        for port in service.publishedPorts where port.target == own.port {
            let number = port.published.isEmpty ? "\(port.target)" : port.published
            notices.append(
                "\(name): port \(number) is not published; nginx reaches the containers at their "
                    + "own addresses.")
        }
        let external = (service.model["networks"]?.object ?? [:]).keys.sorted()
            .filter { model["networks"]?[$0]?["external"]?.bool == true }
        for network in external {
            notices.append(
                "\(name): in the external network \(network) both colours answer to the name "
                    + "\(name); what asks there may reach the one that has no traffic.")
        }
        return notices
    }
}
