/// Proxies and registries that find containers by themselves, and do not know of colours.
extension ComposeProject {
    package func discoveryNotice(of service: ComposeService) -> String? {
        guard let sign = service.discoverySigns.first else { return nil }
        if sign.finder == "Ofelia" {
            return "\(service.name) has \(sign.text), by which Ofelia finds its containers: while "
                + "two colours run it would run each job in both. Let a service of the app with "
                + "`role: singleton` act by the clock."
        }
        return "\(service.name) has \(sign.text), by which \(sign.finder) finds its containers: it "
            + "would send requests to both colours, to the candidate before the switch and to the "
            + "previous colour after it. nginx takes its place: remove it from the compose file, "
            + "or stop \(sign.finder) for this app."
    }
}

/// A label or a variable that says to a proxy where requests may go.
package struct DiscoverySign: Hashable, Sendable {
    /// `the label traefik.enable`
    package let text: String
    /// Whose sign it is.
    package let finder: String
}

extension ComposeService {
    private static let finders = [
        ("traefik.", "Traefik"), ("caddy", "caddy-docker-proxy"), ("consul.", "Consul"),
        ("ofelia.", "Ofelia"), ("swag", "SWAG"),
    ]

    private static let variables = [
        ("VIRTUAL_HOST", "nginx-proxy"), ("SERVICE_NAME", "Registrator"),
        ("SERVICE_TAGS", "Registrator"), ("CONSUL_SERVICE_NAME", "Consul"),
    ]

    /// In order of name.
    package var discoverySigns: [DiscoverySign] {
        let labels = (model["labels"]?.object ?? [:]).mapValues { value in
            value.string ?? value.bool.map { "\($0)" } ?? ""
        }
        let isOff = labels["traefik.enable"]?.lowercased() == "false"
        let ofLabels = labels.keys.sorted().compactMap { label -> DiscoverySign? in
            let finder = Self.finders.first { mark, _ in
                mark.hasSuffix(".")
                    ? label.lowercased().hasPrefix(mark)
                    : label == mark || label.hasPrefix(mark + ".") || label.hasPrefix(mark + "_")
            }
            guard let finder, !(isOff && finder.1 == "Traefik") else { return nil }
            return DiscoverySign(text: "the label \(label)", finder: finder.1)
        }
        let environment = model["environment"]?.object ?? [:]
        let ofVariables = Self.variables.filter { environment[$0.0] != nil }.map {
            DiscoverySign(text: "the variable \($0.0)", finder: $0.1)
        }
        return ofLabels + ofVariables
    }
}
