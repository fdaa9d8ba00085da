package import BlueGreen

/// Names that a service answers to in its colour's network beside its own: the compose file's
/// `links` give it some, and so does its `container_name`.
extension ComposeProject {
    /// In order, without the service's own name.
    package func claims(of service: String) -> [String] {
        let links = services.flatMap(\.namedLinks).filter { $0.target == service }.map(\.name)
        let container = services.first { $0.name == service }?.model["container_name"]?.string
        return Set(links + [container].compactMap(\.self)).subtracting([service]).sorted()
    }

    /// A name that two services answer to leads now to the one and now to the other.
    package func claimProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [String] {
        let own = claims(of: service.name)
        guard !own.isEmpty else { return [] }
        return running(settings).filter { $0.name != service.name }.flatMap { other in
            let others = claims(of: other.name)
            return own.filter { name in
                // Of two that claim alike the first one is told.
                name == other.name || others.contains(name) && service.name < other.name
            }.map { name in
                "\(service.name) and \(other.name) would both answer to the name \(name) in their "
                    + "colour's network, by `links:` or `container_name:`. Give one of them "
                    + "another name in the compose file."
            }
        }
    }
}

extension ComposeService {
    /// `links: ["app:backend"]`: this service calls `app` by the name `backend`.
    package var namedLinks: [(target: String, name: String)] {
        (model["links"]?.array ?? []).compactMap(\.string).compactMap { link in
            let parts = link.split(separator: ":").map(String.init)
            return parts.count == 2 && parts[0] != parts[1] ? (parts[0], parts[1]) : nil
        }
    }
}
