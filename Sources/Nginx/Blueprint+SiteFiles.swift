import BlueGreen

/// The files that a user's site includes. They look the same from outside in both modes.
extension Blueprint {
    func locationFile(_ service: NginxSettings.Service) -> String {
        let target =
            switch mode {
            case .live: "$" + names.variable(of: service.name)
            case .reload: names.group(service.name)
            }
        return heading("For a location: include \(folder)/\(service.name).conf;") + """

            proxy_pass http://\(target);
            proxy_http_version 1.1;
            proxy_set_header Host $\(names.host);
            proxy_set_header Connection $\(names.connection);
            proxy_set_header Upgrade $http_upgrade;
            proxy_set_header X-Real-IP $remote_addr;
            proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
            proxy_set_header X-Forwarded-Host $\(names.host);
            proxy_set_header X-Forwarded-Proto $scheme;

            """ + timeouts(of: service) + keepaliveMinTimeout
    }

    private func timeouts(of service: NginxSettings.Service) -> String {
        [
            ("connect", service.connectTimeout), ("read", service.readTimeout),
            ("send", service.sendTimeout),
        ]
        .compactMap { name, limit in
            limit.map { "proxy_\(name)_timeout \($0.nginxText);\n" }
        }
        .joined()
    }

    /// At location level, where it counts for connections whose last request ended here and
    /// cannot clash with one of the user's at http or server level.
    private var keepaliveMinTimeout: String {
        guard environment.version.knowsKeepaliveMinTimeout else { return "" }
        return "keepalive_min_timeout \(Self.keptAtLeast.nginxText);\n"
    }

    /// How long a worker that shuts down goes on serving the connections that it has kept.
    static let keptAtLeast = Duration.seconds(2)

    /// The groups by which `reload` mode knows the app's services while this colour has traffic,
    /// and the variables by which the status server tells it.
    func upstreamsFile(_ colour: Colour?) -> String {
        let groups = services.map { service in
            let endpoints = colour.map { self.endpoints(of: service.name, in: $0) } ?? []
            let value = names.value(of: service.name, live: colour)
            return group(names.group(service.name), endpoints) + """

                map "" $\(names.variable(of: service.name)) {
                    default \(value);
                }

                """
        }
        let base =
            isObserved
            ? [map(of: "\"\"", to: names.colour, ["default \(colour?.rawValue ?? "-")"])] : []
        return heading("Read by http.conf while the link `live` points here.") + "\n"
            + (groups + base).joined(separator: "\n")
    }
}

extension Duration {
    fileprivate var nginxText: String {
        wholeMilliseconds % 1000 == 0 ? "\(wholeMilliseconds / 1000)s" : "\(wholeMilliseconds)ms"
    }
}
