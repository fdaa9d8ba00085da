import BlueGreen

/// Requests that nginx sends later than it chose their colour: the body of an upload has to come
/// first, or a `limit_req` or an `auth_request` holds them back. By then the colour may be
/// stopped.
///
/// So each colour's group has a backup: a server of Teal's own, which nginx asks only where no
/// container took the request, also for a POST since nothing of it was sent. It passes the request
/// on by groups that have no backup, and so once at the most. To the same colour while that has
/// traffic: a kept connection that the container has just closed is no failure.
extension Blueprint {
    /// Each service's groups without a backup, which the preview uses as well, and the server.
    var lateParts: [String] {
        let groups = services.flatMap { service in
            Colour.allCases.map { plainGroup(of: service, in: $0) }
        }
        let choice =
            mode == .live
            ? [lateMap(to: names.lateService) { names.plain($0.service) }, lateColourMap] : []
        return ["# What no container took goes this way, once."] + groups + choice + lateLimits
            + [lateServer]
    }

    /// The server that stands behind this group's own.
    ///
    /// - Parameter colour: nil for the one group that `reload` mode has.
    func backup(of service: String, in colour: Colour?) -> String {
        "\(lateAddress(of: service, in: colour)):\(listen.port)"
    }

    /// In `reload` mode the workers that listen know who has traffic from the files that the link
    /// leads to.
    func lateMap(_ state: LinkState) -> String {
        geo(
            of: "$server_addr", to: names.late,
            services.map { service in
                let target =
                    state.colour.flatMap { colour in
                        state.isInMaintenance ? nil : names.plainGroup(service, "\(colour)")
                    } ?? names.group(service)
                return "\(lateAddress(of: service, in: nil)) \(target)"
            })
    }

    /// Connections are not kept: those that were would count as in flight when the colour has to
    /// end.
    private func plainGroup(of service: String, in colour: Colour) -> String {
        let endpoints = endpoints(of: service, in: colour)
        let servers = endpoints.isEmpty ? ["127.0.0.1:1 down"] : endpoints
        return "upstream \(names.plainGroup(service, "\(colour)")) {\n"
            + servers.map { "    server \($0);\n" }.joined() + "}\n"
    }

    /// The group of a request, as the address that it came to tells it.
    var lateGroups: [(service: String, colour: Colour?)] {
        let colours: [Colour?] = mode == .live ? Colour.allCases : [nil]
        return services.flatMap { service in colours.map { (service, $0) } }
    }

    private func lateAddress(of service: String, in colour: Colour?) -> String {
        LoopbackAddress.address(for: "\(app)/\(service)/\(colour?.rawValue ?? "late")")
    }

    private var lateColourMap: String {
        lateMap(to: names.lateColour) { $0.colour?.rawValue ?? "-" }
    }

    private func lateMap(
        to variable: String, _ value: ((service: String, colour: Colour?)) -> String
    ) -> String {
        geo(
            of: "$server_addr", to: variable,
            lateGroups.map { "\(lateAddress(of: $0.service, in: $0.colour)) \(value($0))" })
    }

    /// The colour that has traffic; in a canary the same colour, whose failures must not look like
    /// the other's answers.
    private var lateChoice: String {
        let group = names.lateGroup
        let own = steps.isEmpty ? [] : [(shareMarker("1"), group("${\(names.lateColour)}"))]
        let tests =
            [("green", group("green"))] + own
            + [("none", names.placeholder), (LinkState.maintenanceMarker, names.closed)]
        return "    set $\(names.late) \(group("blue"));\n"
            + tests.map { marker, target in
                """
                    if (-f \(paths.live(marker))) {
                        set $\(names.late) \(target);
                    }

                """
            }.joined()
    }

    /// A limit of the http block would count all of these requests as one visitor's, and once more.
    /// A limit of the server's own takes its place, and counts none, as their key is empty.
    private var lateLimits: [String] {
        guard knowsLimits else { return [] }
        return [
            "limit_req_zone \"\" zone=\(names.late)_requests:32k rate=1r/s;\n"
                + "limit_conn_zone \"\" zone=\(names.late)_connections:32k;\n"
        ]
    }

    var noLimits: String {
        guard knowsLimits else { return "" }
        return "    limit_req zone=\(names.late)_requests;\n"
            + "    limit_conn \(names.late)_connections 1;\n"
    }

    /// The site's own nginx asks it, so that it changes nothing: the headers of both ways pass as
    /// they are, and directives of the http block that would act twice are taken back. Without an
    /// answer it closes the connection, so that the site tells its visitor in its own way.
    private var lateServer: String {
        let listens = lateGroups.map { "    listen \(backup(of: $0.service, in: $0.colour));\n" }
        let passed = (Self.accelerators + ["Date", "Server"])
            .map { "        proxy_pass_header \($0);\n" }
        return """
            server {
            \(listens.joined())\
                access_log off;
                client_max_body_size 0;
                large_client_header_buffers 8 64k;
                ignore_invalid_headers off;
                underscores_in_headers on;
                keepalive_timeout 0;
            \(noLimits)\
                satisfy any;
                allow all;
                add_header X-Teal "";
                proxy_intercept_errors off;
                error_page 502 504 @unanswered;
            \(mode == .live ? lateChoice : "")
                location / {
                    proxy_pass http://$\(names.late);
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Connection $\(names.connection);
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_redirect off;
                    proxy_request_buffering off;
                    proxy_buffering off;
                    proxy_buffer_size 64k;
                    proxy_buffers 4 64k;
                    proxy_busy_buffers_size 128k;
                    proxy_temp_file_write_size 128k;
                    proxy_max_temp_file_size 0;
                    proxy_connect_timeout 2s;
                    proxy_send_timeout 1d;
                    proxy_read_timeout 1d;
                    proxy_ignore_headers \(Self.accelerators.joined(separator: " "));
            \(passed.joined())    }

                location @unanswered {
                    return 444;
                }
            }

            """
    }

    /// An application speaks by these to the site's nginx.
    private static let accelerators = ["Redirect", "Expires", "Limit-Rate", "Buffering", "Charset"]
        .map { "X-Accel-" + $0 }
}
