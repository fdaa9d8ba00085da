import BlueGreen
import HostSystem

/// The answer for visitors while the link says maintenance. A server of Teal's own gives it, which
/// takes a colour's place. So it costs a site nothing in between, and needs no line of its own.
extension Blueprint {
    /// At http level, once per app.
    var maintenanceParts: [String] {
        switch mode {
        case .live:
            let address = maintenanceAddress(of: "")
            let groups = services.map { names.maintenanceGroup($0) } + [names.closed]
            return ["# What takes a colour's place in maintenance."]
                + groups.map { group($0, [address]) }
                + [emptyMap(names.asker), openMap, closedMap]
                + [maintenanceServer(at: address, kept: nil)]
        case .reload:
            return ["# What is answered as before in maintenance.", healthMap]
        }
    }

    /// In a colour's state.
    var maintenanceTest: StateTest {
        StateTest(
            word: LinkState.maintenanceMarker, path: maintenanceMarker,
            lines: ["set $\(names.colour) $\(names.open);"])
    }

    /// While no colour has traffic, when nobody counts tests.
    var maintenanceOfNobody: String {
        let lines = services.map {
            "    set $\(names.variable(of: $0)) $\(names.closed);\n"
        }
        return "set $\(names.colour) -;\nif (-f \(maintenanceMarker)) {\n" + lines.joined()
            + "}\n"
    }

    private var maintenanceMarker: String {
        paths.live(LinkState.maintenanceMarker)
    }

    /// These groups take the place of those of `reload` mode in a state of maintenance; behind them
    /// are those of the colour.
    func maintenanceGroups(_ colour: Colour?) -> [String] {
        services.flatMap { service in
            let address = maintenanceAddress(of: service)
            let kept = names.keptGroup(service)
            let endpoints = colour.map { self.endpoints(of: service, in: $0) } ?? []
            return [
                group(names.group(service), [address]), group(kept, endpoints),
                maintenanceServer(at: address, kept: kept),
            ]
        }
    }

    private func maintenanceAddress(of service: String) -> String {
        let name = "\(names.app)/\(service)"
        return "\(LoopbackAddress.address(for: name)):\(listen.port)"
    }

    /// Everybody's colour becomes `maintenance`, but that of health checks and of Teal itself,
    /// which asks what is behind the page.
    private var openMap: String {
        map(
            of: "$\(names.asker)$uri", to: names.open,
            ["default \(LinkState.maintenanceMarker)"]
                + (["~^[^/]"] + healthPatterns).map { "\($0) $\(names.colour)" })
    }

    private var closedMap: String {
        map(
            of: "$\(names.asker)", to: names.closed,
            ["\"\" \(names.closed)", "default \(names.placeholder)"])
    }

    /// In `reload` mode all requests come to the server of maintenance.
    private var healthMap: String {
        map(of: "$uri", to: names.open, ["default \"\""] + healthPatterns.map { "\($0) open" })
    }

    /// - Parameter kept: the group that health checks go to, where they come here too.
    private func maintenanceServer(at address: String, kept: String?) -> String {
        let answer =
            kept.map { group in
                """
                        if ($\(names.open) = "") {
                            return 503;
                        }
                        proxy_pass http://\(group);
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                        proxy_set_header Connection "";

                """
            } ?? "        return 503;\n"
        return """
            # Shows the maintenance page, whatever was asked for and sent.
            server {
                listen \(address);
                access_log off;
                client_max_body_size 0;
                proxy_intercept_errors off;
                root \(paths.folder);
                error_page 404 503 =503 /\(MaintenancePage.name);

                location / {
            \(answer)    }

                location = /\(MaintenancePage.name) {
                    internal;
                    types {}
                    default_type "text/html; charset=utf-8";
                    add_header Retry-After \(MaintenancePage.retryAfter) always;
                    add_header Cache-Control no-store always;
                }
            }

            """
    }
}

extension HealthPath {
    /// A regular expression for it in an nginx file. All that could end a word or a line there, or
    /// mean something to an expression, is written as a number.
    var pattern: String {
        let text = bytes.map { byte in
            Self.isPlain(byte)
                ? String(UnicodeScalar(byte))
                : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "~^" + text.joined() + "$"
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }
}

/// An address of this host that is a service's own, so that nginx knows by it whom a request was
/// for: in `reload` mode the user's own lines say what Host header it comes with.
enum LoopbackAddress {
    /// One of the four million of 127.64.0.0/10, always the same for a name. All of 127.0.0.0/8 is
    /// the host itself on Linux.
    static func address(for name: String) -> String {
        // The upper half depends on all of the name.
        let bits = FNV1a.hash(name.utf8) >> 42
        return "127.\(64 + (bits >> 16) & 0x3f).\(bits >> 8 & 0xff).\(bits & 0xff)"
    }
}
