import BlueGreen

/// A server that shows the colour without the traffic: a candidate before its switch, or the
/// release that can be gone back to.
extension Blueprint {
    /// Empty where none is configured.
    var previewParts: String {
        guard let preview, services.contains(preview.service) else { return "" }
        let service = preview.service
        let groups = Colour.allCases.map { previewGroup(of: service, in: $0) }
        return (["# The preview."] + groups).joined(separator: "\n") + "\n"
            + previewServer(of: service, at: preview.listen)
    }

    /// Connections are not kept: those that were would count as in flight when the colour has to
    /// end.
    private func previewGroup(of service: String, in colour: Colour) -> String {
        let endpoints = endpoints(of: service, in: colour)
        let servers = endpoints.isEmpty ? ["127.0.0.1:1 down"] : endpoints
        return "upstream \(names.previewGroup(service, "\(colour)")) {\n"
            + servers.map { "    server \($0);\n" }.joined() + "}\n"
    }

    private func previewServer(of service: String, at listen: StatusAddress) -> String {
        let colour = names.previewColour
        let group = names.previewGroup(service, "$\(colour)")
        return """
            server {
                listen \(previewListen(listen));
                access_log off;
                client_max_body_size 0;
                proxy_intercept_errors off;
                error_page 502 =503 @nobody;
                # Before the first switch the candidate is blue.
                set $\(colour) blue;
                if (-f \(paths.live("blue"))) {
                    set $\(colour) green;
                }

                location / {
            \(previewGate(listen))        add_header X-Teal-Colour $\(colour) always;
            \(indented(proxyLines(to: group)))    }

                location @nobody {
                    default_type text/plain;
                    add_header X-Teal-Colour $\(colour) always;
                    add_header Cache-Control no-store always;
                    return 503 "\(nobodyAnswers(service))\\n";
                }
            }

            """
    }

    private func nobodyAnswers(_ service: String) -> String {
        "\(names.app): \(service) in $\(names.previewColour), the colour without the traffic, "
            + "gives no answer."
    }

    /// In a container loopback is nobody's; there it means the host, as for the status server.
    func previewListen(_ listen: StatusAddress) -> StatusAddress {
        guard !gateways.isEmpty else { return listen }
        return StatusAddress(host: "0.0.0.0", port: listen.port)
    }

    private func previewGate(_ listen: StatusAddress) -> String {
        guard !gateways.isEmpty, listen.isLoopback else { return "" }
        return """
                    if ($\(names.gate) = "") {
                        return 403 "Only the host itself may look.\\n";
                    }

            """
    }

    private func indented(_ lines: String) -> String {
        lines.split(separator: "\n").map { "        \($0)\n" }.joined()
    }
}
