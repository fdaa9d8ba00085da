import BlueGreen
import Orchestration
import Testing

@testable import Nginx

@Suite("Generated files for a careful deployment")
struct CanaryTextTests {
    private func blueprint(
        _ rollout: NginxSettings.Rollout, live: LinkState = LinkState(.blue),
        log: LogPlacement = .http
    ) throws -> Blueprint {
        let settings = try NginxSettings(
            app: "shop", services: ["web"], rollout: rollout)
        return Blueprint(
            settings: settings, table: RouterTests.table, live: live,
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [], log: log))
    }

    private let steps = [Share(percent: 50), Share(percent: 12.5)]

    @Test(
        "Generated files test for a colour and for a special state, as configured"
    )
    func server() throws {
        let plain = try blueprint(NginxSettings.Rollout()).files.texts["server.conf"]
        #expect(plain?.contains("_share_") == false)
        #expect(plain?.contains("_slot_") == false)
        let all = try blueprint(NginxSettings.Rollout(isObserved: true, steps: steps))
            .files.texts["server.conf"]
        #expect(
            all?.contains(
                """
                if (-f /etc/nginx/teal/shop/live/special) {
                    set $_shop_share_path /etc/nginx/teal/shop/live/share-$_shop_asker$_shop_clients;
                    set $_shop_slot_path /etc/nginx/teal/shop/watch/$_shop_slot;
                    set $_shop_maintenance_path /etc/nginx/teal/shop/live/maintenance;
                }
                if (-f $_shop_share_path) {
                    set $_shop_colour $_shop_other;
                }
                if (-f $_shop_slot_path) {
                    set $_shop_log 1;
                }
                if (-f $_shop_maintenance_path) {
                    set $_shop_colour $_shop_open;
                }
                set $shop_web shop_web_$_shop_colour;
                """) == true)
        #expect(all?.contains("access_log") == false)
    }

    @Test(
        "Generated files divide clients so that a greater share has those of a smaller one"
    )
    func groups() throws {
        let texts = try blueprint(NginxSettings.Rollout(steps: steps)).files.texts
        #expect(
            texts["http.conf"]?.contains(
                """
                split_clients $_shop_client $_shop_clients {
                    12.5% 1;
                    37.5% 2;
                    * rest;
                }
                """) == true)
        func shares(_ folder: String) -> [String] {
            texts.keys.filter { $0.hasPrefix("\(folder)/share-") }.sorted()
        }
        #expect(shares("blue-canary-12.5") == ["blue-canary-12.5/share-1"])
        #expect(shares("green-canary-50-maintenance").count == 2)
        #expect(shares("blue").isEmpty)
    }

    @Test(
        "Generated files know a client without the cookie or header by address and agent",
        arguments: [
            (Stickiness.cookie("sid_1"), "$cookie_sid_1"),
            (.header("X-Client-Id"), "$http_X_Client_Id"),
        ])
    func stickiness(stickiness: Stickiness, variable: String) throws {
        let text = try blueprint(NginxSettings.Rollout(steps: steps, stickiness: stickiness))
            .files.texts["http.conf"]
        #expect(
            text?.contains(
                """
                map \(variable) $_shop_client {
                    "" "$remote_addr $http_user_agent";
                    default \(variable);
                }
                """) == true)
    }

    @Test(
        "Generated files are refused for names and shares that nginx cannot have",
        arguments: [
            NginxSettings.Rollout(stickiness: .cookie("a-b")),
            NginxSettings.Rollout(stickiness: .cookie("")),
            NginxSettings.Rollout(stickiness: .cookie("a;b")),
            NginxSettings.Rollout(stickiness: .header("X_Id")),
            NginxSettings.Rollout(stickiness: .header("x\n")),
            NginxSettings.Rollout(stickiness: .header(String(repeating: "x", count: 65))),
            NginxSettings.Rollout(steps: [Share(percent: 100)]),
            NginxSettings.Rollout(steps: [Share(percent: 1.001)]),
        ])
    func refused(rollout: NginxSettings.Rollout) {
        #expect(throws: NginxError.self) { try blueprint(rollout) }
    }

    @Test("Generated files are refused for a canary in reload mode")
    func reloadMode() {
        #expect(throws: NginxError.self) {
            try NginxSettings(
                app: "shop", services: [], mode: .reload,
                rollout: NginxSettings.Rollout(steps: [Share(percent: 10)]))
        }
    }

    @Test(
        "Generated files keep the folders of a canary or a watch under way"
    )
    func underWay() throws {
        let canary = try #require(LinkState(name: "blue-canary-5"))
        let files = try blueprint(NginxSettings.Rollout(steps: steps), live: canary).files
        #expect(files.texts["blue-canary-5/share-1"] != nil)
        let watched = try blueprint(NginxSettings.Rollout(), live: LinkState(.green, .watched))
        #expect(try watched.files.texts["green-watched/green"] != nil)
    }

    @Test("Generated files say the same in a watched folder of reload mode as in the plain one")
    func watchedReload() throws {
        let settings = try NginxSettings(
            app: "shop", services: ["web"], mode: .reload,
            rollout: NginxSettings.Rollout(isObserved: true))
        let texts = try Blueprint(
            settings: settings, table: RouterTests.table, live: LinkState(.blue),
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [], log: .server
            )
        ).files.texts
        let plain = try #require(texts["green/upstreams.conf"])
        #expect(texts["green-watched/upstreams.conf"] == plain)
        #expect(plain.contains("map \"\" $_shop_colour {\n    default green;\n}"))
        #expect(texts["server.conf"]?.contains("\naccess_log ") == true)
    }

    @Test(
        "The access_log stands where it ends none of the user's logs",
        arguments: [
            ("access_log a;", "", LogPlacement.http),
            ("access_log a;", "access_log b;", .server),
            ("", "access_log b;", .server),
            ("access_log off;", "", .server),
            ("access_log off;", "access_log off;", .server),
            ("", "", .nowhere),
            // Nothing is written there, and a notice says so.
            ("", "access_log off;", .server),
        ])
    func placement(http: String, server: String, expected: LogPlacement) throws {
        #expect(try examination(http, [server]).logPlacement == expected)
    }

    @Test("The examination looks at all sites of an app and names the unwatched ones")
    func sites() throws {
        let mixed = try examination("access_log a;", ["", "access_log b;"])
        #expect(mixed.logPlacement == .http)
        #expect(mixed.unwatchedSites.count == 1)
        #expect(
            mixed.unwatchedSites.first?.contains("/n.conf:4 has an access_log of its own") == true)
        #expect(try examination("access_log a;", ["access_log b;"]).unwatchedSites == [])
        #expect(try examination("access_log a;", ["access_log off;"]).unwatchedSites.count == 1)
        #expect(try examination("", [""]).unwatchedSites.count == 1)
        #expect(try examination("access_log a;", []).unwatchedSites.count == 1)
        #expect(try examination("access_log a;", []).logPlacement == .http)
    }

    @Test(
        "The access_log stands in no site that nginx reads before the log's format",
        arguments: [
            ("access_log a;", "access_log b;", LogPlacement.http, 1),
            ("", "access_log b;", .nowhere, 1), ("access_log off;", "", .nowhere, 1),
            // Nothing of it stands in such a site.
            ("access_log a;", "", .http, 0),
        ])
    func early(http: String, server: String, expected: LogPlacement, notices: Int) throws {
        let early = try examination(
            http, [server], after: "include /etc/nginx/teal/*/http.conf;")
        #expect(early.logPlacement == expected)
        #expect(early.unwatchedSites.count == notices)
        let timely = try examination(
            "include /etc/nginx/teal/*/http.conf; " + http, [server])
        #expect(timely.logPlacement == (http == "access_log a;" && server == "" ? .http : .server))
    }

    /// - Parameters:
    ///   - sites: what each server block says beside the app's line.
    ///   - last: what is read after them.
    private func examination(
        _ http: String, _ sites: [String], after last: String = ""
    ) throws -> ConfigurationExamination {
        let settings = try NginxSettings(app: "shop", services: [])
        let servers = sites.map {
            "server { \($0) include \(settings.directory)/shop/server.conf; }"
        }
        let lines = ["http {", http] + servers + [last, "}"]
        return ConfigurationExamination(
            ConfigurationDump(
                """
                # configuration file /n.conf:
                \(lines.joined(separator: "\n"))

                # configuration file \(settings.directory)/shop/server.conf:
                access_log /ours;


                """), settings)
    }
}
