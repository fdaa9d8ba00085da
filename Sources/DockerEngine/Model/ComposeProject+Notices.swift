package import BlueGreen
import Orchestration

extension ComposeProject {
    /// One sentence for each warning of Compose, each setting of the compose file that does not
    /// reach the containers, and each thing that a rollback cannot bring back.
    package func notices(_ settings: [String: ServiceSettings]) -> [String] {
        let running = running(settings)
        let idle = services.filter { !running.contains($0) }.map { service in
            "\(service.name) has 0 replicas in the compose file and is left out. "
                + "`\(service.name): {replicas: 1}` in teal.yml runs it."
        }
        let ofServices =
            running.flatMap { service in
                role(of: service.name, settings) == .shared
                    ? sharedNotices(of: service)
                    : notices(of: service, settings[service.name] ?? ServiceSettings())
            } + idle
        return warnings.map { "Compose warns: \($0)" } + ofServices + networkNotices(settings)
    }

    /// Data that `teal down` parts with, and a program of the release's own that no release
    /// replaces.
    private func sharedNotices(of service: ComposeService) -> [String] {
        let name = service.name
        let unnamed = UnnamedVolume.warning(of: name, at: service.anonymousPlaces)
        guard service.model["build"] != nil else { return [unnamed].compactMap(\.self) }
        return [unnamed].compactMap(\.self) + [
            "\(name) is shared and has a `build:` section: a deploy starts it where it is missing, "
                + "and neither builds nor replaces it later. `teal deploy --update-shared \(name)` "
                + "does."
        ]
    }

    private func notices(of service: ComposeService, _ own: ServiceSettings) -> [String] {
        let name = service.name
        var notices: [String] = []
        if let dropped = service.model["container_name"]?.string {
            notices.append(
                "\(name): container_name \(dropped) is not used, since two colours cannot share "
                    + "it; the containers are called \(app)-COLOUR-\(name)-1, and answer to "
                    + "\(dropped) in their colour's network.")
        }
        for port in service.publishedPorts where port.isOwn(own) {
            let number = port.published.isEmpty ? "\(port.target)" : port.published
            notices.append(
                "\(name): port \(number) is not published; nginx reaches the containers at their "
                    + "own addresses.")
        }
        let dropped = service.publishedPorts.filter { $0.isDropped(own) && !$0.isOwn(own) }
        if !dropped.isEmpty {
            notices.append(
                "\(name): teal.yml leaves \(Self.named(dropped)) unpublished; other services of "
                    + "its colour reach the container all the same.")
        }
        notices += [
            sourceMounts(of: service).sourceWarning(of: name), singleFileNotice(of: service),
            discoveryNotice(of: service),
        ].compactMap(\.self)
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
