import BlueGreen

/// Where Teal asks the app by way of this nginx. A request says in its path whom it is for, and
/// then what is to be asked there, so that another health check needs no other files:
/// `/.teal/green/web/healthz`.
extension Blueprint {
    /// For the http block. A map looks only where somebody asks it.
    var edgeMaps: [String] {
        let lines = services.flatMap { service in
            ["\(Self.key(EdgeRequest.live, names.plain(service))) $\(names.variable(of: service))"]
                + Colour.allCases.map {
                    "\(Self.key("\($0)", names.plain(service))) \(names.group(service, $0))"
                }
        }
        return [
            "# Whom Teal asks by way of nginx, and for what.\n"
                + map(
                    of: "$request_uri", to: names.edge,
                    ["default \(names.placeholder)"] + lines),
            map(
                of: "$request_uri", to: names.edgePath,
                [#"default """#, #""~^/\.teal/[^/]+/[^/]+(/.*)$" $1"#]),
        ]
    }

    private static func key(_ target: String, _ service: String) -> String {
        #""~^/\.teal/\#(target)/\#(service)/""#
    }

    /// For the status server. It asks the colour's containers alone: their group has no backup and
    /// keeps no connection, and a failure there counts against none that visitors have. What the
    /// user says at http level and would act here too is taken back.
    ///
    /// - Parameter gate: the lines that let only the host itself in.
    func edgeLocations(gate: String) -> String {
        """
            location \(EdgeRequest.prefix) {
        \(gate)        # Every request that comes through a site has this header.
                if ($http_x_forwarded_for) {
                    return 503;
                }
                if ($request_method !~ "^(GET|HEAD)$") {
                    return 405;
                }
                if ($\(names.edge) = \(names.placeholder)) {
                    return 404;
                }
                error_page 502 504 @unreached;
                error_page 503 @away;
                satisfy any;
                allow all;
        \(edgeLimits)\
                add_header \(EdgeAnswer.upstream) $upstream_addr always;
                proxy_pass http://_$\(names.edge)$\(names.edgePath);
                proxy_http_version 1.1;
                proxy_set_header Host $http_x_teal_host;
                proxy_set_header \(EdgeRequest.hostHeader) "";
                proxy_hide_header \(EdgeAnswer.upstream);
                proxy_hide_header \(EdgeAnswer.connecting);
                proxy_ignore_headers X-Accel-Redirect;
                proxy_intercept_errors off;
                proxy_buffering off;
                proxy_next_upstream error timeout;
                proxy_next_upstream_timeout 2s;
                proxy_connect_timeout 2s;
                proxy_send_timeout 60s;
                proxy_read_timeout 60s;
            }

            location @unreached {
                add_header \(EdgeAnswer.upstream) $upstream_addr always;
                add_header \(EdgeAnswer.connecting) $upstream_connect_time always;
                return 502;
            }

        """
    }

    private var edgeLimits: String {
        noLimits.split(separator: "\n").map { "    \($0)\n" }.joined()
    }
}
