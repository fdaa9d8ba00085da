import BlueGreen
import Orchestration
import Testing

@testable import Nginx

@Suite("The files' words about late requests")
struct LateRequestTextTests {
    private func texts(
        _ mode: SwitchMode = .live, services: [String] = ["web"], blue: [String] = ["10.0.5.1:80"],
        rollout: NginxSettings.Rollout = NginxSettings.Rollout(), log: LogPlacement = .nowhere
    ) throws -> [String: String] {
        let settings = try NginxSettings(
            app: "shop", services: services, mode: mode, rollout: rollout)
        return try Blueprint(
            settings: settings,
            table: RoutingTable(
                blue: [Route(service: "web", endpoints: blue)],
                green: [Route(service: "web", endpoints: ["10.0.6.1:80"])]),
            live: LinkState(.blue),
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [], log: log)
        ).files.texts
    }

    private func group(_ name: String, in text: String?) -> [String] {
        let parts = (text ?? "").split(separator: "upstream \(name) {\n", maxSplits: 1)
        guard parts.count == 2 else { return [] }
        return parts[1].prefix { $0 != "}" }.split(separator: "\n")
            .map { String($0.drop { $0 == " " }) }
    }

    @Test("Each colour's group has a backup of its own, and no server is given up for it")
    func backups() throws {
        let text = try texts()["http.conf"]
        let blue = group("shop_web_blue", in: text)
        let green = group("shop_web_green", in: text)
        #expect(blue.first == "server 10.0.5.1:80 max_fails=0;")
        #expect(blue[1].hasSuffix(":8127 backup max_fails=0;"))
        #expect(green[1].hasSuffix(":8127 backup max_fails=0;"))
        #expect(blue[1] != green[1])
    }

    @Test("Several replicas stand in for each other before the backup does")
    func replicas() throws {
        let blue = group(
            "shop_web_blue", in: try texts(blue: ["10.0.5.1:80", "10.0.5.2:80"])["http.conf"])
        #expect(blue.prefix(2) == ["server 10.0.5.1:80;", "server 10.0.5.2:80;"])
        #expect(blue[2].contains(" backup "))
    }

    @Test(
        "No group that the backup passes on to has a backup", arguments: [SwitchMode.live, .reload])
    func noLoop(mode: SwitchMode) throws {
        let texts = try texts(mode)
        let all = texts.values.joined()
        let targets = ["_shop_web_blue", "_shop_web_green", "_shop_none"]
        for target in targets where mode == .live || target != "_shop_none" {
            #expect(!group(target, in: all).isEmpty)
            #expect(!group(target, in: all).contains { $0.contains("backup") })
        }
        for state in ["none", "blue-maintenance"] where mode == .reload {
            let text = texts["\(state)/upstreams.conf"]
            #expect(!group("shop_web", in: text).contains { $0.contains("backup") })
        }
    }

    @Test(
        "Reload mode passes on to the colour that the link leads to",
        arguments: [
            ("blue", "_shop_web_blue"), ("green", "_shop_web_green"), ("none", "shop_web"),
            ("green-maintenance", "shop_web"),
        ])
    func reload(state: String, target: String) throws {
        let text = try texts(.reload)["\(state)/upstreams.conf"] ?? ""
        let map = text.split(separator: "geo $server_addr $_shop_late {\n").last ?? ""
        #expect(map.prefix { $0 != "}" }.split(separator: " ").last == "\(target);\n")
    }

    @Test("A canary keeps a request with its colour; without steps nothing is looked for")
    func canary() throws {
        #expect(try texts()["http.conf"]?.contains("live/share-1") == false)
        let text = try texts(
            rollout: NginxSettings.Rollout(steps: [Share(percent: 10)]))["http.conf"]
        #expect(
            text?.contains(
                """
                    if (-f /etc/nginx/teal/shop/live/share-1) {
                        set $_shop_late _shop_${_shop_late_service}_${_shop_late_colour};
                    }
                """) == true)
    }

    @Test(
        "A request that was passed on counts for the colour that did not take it",
        arguments: [SwitchMode.live, .reload])
    func counted(mode: SwitchMode) throws {
        let texts = try texts(
            mode, rollout: NginxSettings.Rollout(isObserved: true), log: .http)
        let address = LoopbackAddress.address(
            for: mode == .live ? "shop/web/blue" : "shop/web/late"
        )
        .replacing(".", with: "\\.")
        let colour = mode == .live ? "blue" : "$_shop_colour"
        #expect(texts["http.conf"]?.contains("\"~(?:^| )\(address):8127$\" \(colour);") == true)
    }

    @Test("An answer that takes too long stays a 504: only who did not connect is passed on")
    func time() throws {
        let line = { (text: String?) in
            text?.split(separator: "\n").last { $0.hasPrefix("proxy_next_upstream_timeout") }
        }
        #expect(try line(texts()["web.conf"]) == "proxy_next_upstream_timeout 10s;")
        let three = ["10.0.5.1:80", "10.0.5.2:80", "10.0.5.3:80"]
        #expect(try line(texts(blue: three)["web.conf"]) == "proxy_next_upstream_timeout 20s;")
    }

    @Test("Limits of the http block do not count what is passed on, where nginx knows limits")
    func limits() throws {
        let settings = try NginxSettings(app: "shop", services: ["web"])
        for knowsLimits in [true, false] {
            let text = try Blueprint(
                settings: settings, table: RouterTests.table, live: LinkState(.blue),
                environment: Blueprint.Environment(
                    version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [],
                    knowsLimits: knowsLimits)
            ).files.texts["http.conf"]
            #expect(text?.contains("limit_req zone=_shop_late_requests;") == knowsLimits)
        }
        let build = "nginx version: nginx/1.22.1\nconfigure arguments: --prefix=/x"
        #expect(NginxBuild(build)?.knowsLimits == true)
        #expect(NginxBuild(build + " --without-http_limit_req_module")?.knowsLimits == false)
    }

    @Test("A line of the user's that keeps nginx from passing on is told, where it has a say")
    func userLines() throws {
        let folder = "/etc/nginx/teal/shop"
        let dump = ConfigurationDump(
            """
            # configuration file /etc/nginx/nginx.conf:
            http {
                proxy_next_upstream off;
                server { proxy_next_upstream off; }
                server {
                    include \(folder)/server.conf;
                    proxy_next_upstream_tries 1;
                    location / { include \(folder)/web.conf; proxy_next_upstream error http_502; }
                    location /a { include \(folder)/web.conf; proxy_next_upstream error timeout; }
                }
            }

            # configuration file \(folder)/server.conf:

            # configuration file \(folder)/web.conf:

            """)
        let settings = try NginxSettings(app: "shop", services: ["web"])
        let told = ConfigurationExamination(dump, settings).notPassedOn
        #expect(
            told.map { String($0.prefix { $0 != ":" }) } == [
                "proxy_next_upstream off at /etc/nginx/nginx.conf",
                "proxy_next_upstream_tries 1 at /etc/nginx/nginx.conf",
                "proxy_next_upstream error http_502 at /etc/nginx/nginx.conf",
            ])
        #expect(
            told.first?.hasPrefix("proxy_next_upstream off at /etc/nginx/nginx.conf:2 ") == true)
    }
}
