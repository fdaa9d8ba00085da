import BlueGreen

/// The files that a user's site includes. They look the same from outside in both modes.
extension Blueprint {
    /// The second line of `server.conf`, wherever it is included from.
    static func purpose(ofServerFile paths: AppPaths) -> String {
        "For a server block: include \(paths.server);"
    }

    func locationFile(_ service: String) -> String {
        let target =
            switch mode {
            case .live: "$" + names.variable(of: service)
            case .reload: names.group(service)
            }
        return heading("For a location: include \(paths.snippet(of: service));") + "\n"
            + proxyLines(to: target) + timeToPassOn(service)
    }

    /// Long enough that no container of a stopped colour takes a connection, and the backup is
    /// asked. An answer that does not come in time is not asked for again, and stays a 504.
    private func timeToPassOn(_ service: String) -> String {
        let replicas = Colour.allCases.map { endpoints(of: service, in: $0).count }.max() ?? 0
        let time = connectTimeout * (max(replicas, 1) + 1)
        return "proxy_next_upstream_timeout \(time.nginxText);\n"
    }

    private var connectTimeout: Duration {
        connectTime.map { .milliseconds($0) } ?? .seconds(5)
    }

    /// - Parameter target: a group, or the variable that names one.
    ///
    /// nginx's own 60 s to connect are longer than anybody waits for a container on the same host.
    func proxyLines(to target: String) -> String {
        """
        proxy_pass http://\(target);
        proxy_http_version 1.1;
        \(headerLines)proxy_connect_timeout \(connectTimeout.nginxText);

        """ + keepaliveMinTimeout
    }

    /// At location level, where it counts for connections whose last request ended here and
    /// cannot clash with one of the user's at http or server level.
    private var keepaliveMinTimeout: String {
        guard knowsKeepaliveMinTimeout else { return "" }
        return "keepalive_min_timeout \(Self.keptAtLeast.nginxText);\n"
    }

    /// How long a worker that shuts down goes on serving the connections that it has kept.
    static let keptAtLeast = Duration.seconds(2)

    /// The groups by which `reload` mode knows the app's services while the link leads there, and
    /// the variables by which the status server tells it.
    func upstreamsFile(_ state: LinkState) -> String {
        let colour = state.colour
        let groups =
            state.isInMaintenance
            ? maintenanceGroups(colour)
            : services.map { service in
                let endpoints = colour.map { self.endpoints(of: service, in: $0) } ?? []
                return group(
                    names.group(service), endpoints, backup: backup(of: service, in: nil))
            }
        let values = services.map { service in
            map(
                of: "\"\"", to: names.variable(of: service),
                ["default \(names.value(of: service, live: colour))"])
        }
        let word = state.isInMaintenance ? " \(LinkState.maintenanceMarker)" : ""
        let told = map(of: "\"\"", to: names.state, ["default \"\(word)\""])
        let base =
            isObserved
            ? [map(of: "\"\"", to: names.colour, ["default \(colour?.rawValue ?? "-")"])] : []
        return heading("Read by http.conf while the link `live` points here.") + "\n"
            + (groups + values + [told, lateMap(state)] + base).joined(separator: "\n")
    }
}

extension Duration {
    fileprivate var nginxText: String {
        wholeMilliseconds % 1000 == 0 ? "\(wholeMilliseconds / 1000)s" : "\(wholeMilliseconds)ms"
    }
}
