import BlueGreen

/// A server that shows the colour without the traffic: a candidate before its switch, or the
/// release that can be gone back to.
extension Blueprint {
    /// Empty where none is configured.
    var previewParts: String {
        guard let preview, services.contains(preview.service) else { return "" }
        let service = preview.service
        return "# The preview.\n" + previewServer(of: service, at: preview.listen)
    }

    private func previewServer(of service: String, at listen: StatusAddress) -> String {
        let colour = names.previewColour
        let group = names.plainGroup(service, "$\(colour)")
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
