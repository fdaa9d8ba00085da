import BlueGreen
import Orchestration

extension Blueprint {
    /// Once per app at http level: the groups and the status server.
    func httpFile(_ manifest: Manifest) throws -> String {
        let parts: [String] =
            [
                heading(
                    "For the http block: include \(AppPaths.everyHTTPFile(in: paths.directory));")
                    + shortNames,
                mode == .live ? liveGroups : "include \(paths.groups);\n",
                placeholderGroup,
                maps,
                mode == .live ? emptyMap(names.state) : "",
            ] + proxyParts + lateParts + divisionParts + watchParts + edgeMaps + [
                gateMap, statusServer(fingerprint: manifest.fingerprint),
            ]
            + maintenanceParts + [previewParts, try manifest.text]
        return parts.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    private var liveGroups: String {
        let groups = services.flatMap { service in
            Colour.allCases.map { colour in
                group(
                    names.group(service, colour), endpoints(of: service, in: colour),
                    backup: backup(of: service, in: colour))
            }
        }
        return groups.joined(separator: "\n")
    }

    func endpoints(of service: String, in colour: Colour) -> [String] {
        table[colour].first { $0.service == service }?.endpoints ?? []
    }

    /// Connections are kept for 2 s: those to the previous colour are then gone soon after a
    /// switch, so that counting connections shows what is still in flight, and an application
    /// that closes idle connections after 5 s (Node's default) never does so first.
    ///
    /// A single server that fails is asked again with the next request, as nginx does where there
    /// is no backup.
    func group(_ name: String, _ endpoints: [String], backup: String? = nil) -> String {
        if endpoints.isEmpty {
            return "upstream \(name) {\n    server \(placeholderEndpoint);\n}\n"
        }
        let alone = backup != nil && endpoints.count == 1 ? " max_fails=0" : ""
        let servers =
            endpoints.map { "\($0)\(alone)" } + (backup.map { ["\($0) backup max_fails=0"] } ?? [])
        return "upstream \(name) {\n" + servers.map { "    server \($0);\n" }.joined()
            + "    keepalive 32;\n    keepalive_timeout 2s;\n}\n"
    }

    private var placeholderGroup: String {
        "# Requests that no colour can answer go to the server below, which says 503.\n"
            + group(names.placeholder, [])
    }

    private var maps: String {
        """
        map $http_upgrade $\(names.connection) {
            "" "";
            default upgrade;
        }

        # HTTP/3 and HTTP/1.0 requests may come without a Host header.
        map $http_host $\(names.host) {
            "" $host;
            default $http_host;
        }

        """
    }

    /// `allow` and `deny` come too late for `return`, so a map says who may ask.
    private var gateMap: String {
        guard !gateways.isEmpty else { return "" }
        return geo(
            of: "$remote_addr", to: names.gate, (["127.0.0.1"] + gateways).map { "\($0) open" })
    }

    /// nginx takes no word of 4,096 bytes, and many services with long names need more.
    private func statusAnswer(fingerprint: String) -> String {
        let pieces = StatusAnswer.template(of: self, fingerprint: fingerprint)
            .reduce(into: [""]) { pieces, line in
                if pieces[pieces.count - 1].utf8.count + line.utf8.count > Self.longestWord {
                    pieces.append("")
                }
                pieces[pieces.count - 1] += line
            }
        guard pieces.count > 1 else { return "        return 200 \"\(pieces[0])\";\n" }
        let name = names.answer
        let parts = pieces.enumerated().map { index, piece in
            "        set $\(name) \"\(index == 0 ? "" : "${\(name)}")\(piece)\";\n"
        }
        return parts.joined() + "        return 200 $\(name);\n"
    }

    private static let longestWord = 3_000

    private func statusServer(fingerprint: String) -> String {
        let gate =
            gateways.isEmpty
            ? ""
            : """
                    if ($\(names.gate) = "") {
                        return 403 "Only the host itself may ask.\\n";
                    }

            """
        return """
            # Tells Teal what the running workers route to.
            server {
                listen \(listen);
                server_name \(names.statusName);
                access_log off;
                default_type text/plain;
                # A large upload is told to come again, and not that it is too large.
                client_max_body_size 0;
                error_page 503 @away;
            \(mode == .live ? "    set $\(names.asker) \"Teal \";\n" : "")\
                include \(paths.server);
            \(stateWords)
                location = \(StatusAnswer.path) {
            \(gate)        # Every request that comes through a site has this header.
                    if ($http_x_forwarded_for) {
                        return 503;
                    }
            \(statusAnswer(fingerprint: fingerprint))\
                }

            \(edgeLocations(gate: gate))\
                location / {
                    return 503;
                }

            \(awayLocation)}

            """
    }
}

/// The answer for visitors of a site while no colour has its traffic.
extension Blueprint {
    /// In a place of its own, so that every path of the site is answered alike: the page is HTML
    /// also where somebody asked for an image, and no proxy or browser keeps it.
    var awayLocation: String {
        let page = Self.awayPage.split(separator: "\n").map { "            \($0)\n" }.joined()
        return """
                location @away {
                    types {}
                    default_type "text/html; charset=utf-8";
                    add_header Retry-After 10 always;
                    add_header Cache-Control no-store always;
                    return 503 "
            \(page)        ";
                }

            """
    }

    /// It stands between double quotes in a file where a dollar begins a variable.
    private static let awayPage = """
        <!doctype html>
        <html lang='en'>
        <head>
        <meta charset='utf-8'>
        <meta name='viewport' content='width=device-width'>
        <title>Back in a moment</title>
        </head>
        <body style='font: 1.2em sans-serif; margin: 20vh 1em; text-align: center'>
        <p>We are updating this site. It will be back in a moment.</p>
        </body>
        </html>
        """
}
