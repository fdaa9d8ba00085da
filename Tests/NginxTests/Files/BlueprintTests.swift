import BlueGreen
import Orchestration
import Testing

@testable import Nginx

@Suite("Generated files")
struct BlueprintTests {
    private func files(
        app: String = "shop", services: [String] = ["web"],
        mode: SwitchMode = .live, live: LinkState = LinkState(.blue),
        version: NginxVersion = NginxVersion(1, 22, 1), gateways: [String] = []
    ) throws -> [String: String] {
        let settings = try NginxSettings(app: app, services: services, mode: mode)
        return try Blueprint(
            settings: settings, table: RouterTests.table, live: live,
            environment: Blueprint.Environment(
                version: version, listen: settings.status, gateways: gateways)
        ).files.texts
    }

    private func generated(
        _ live: LinkState = LinkState(.blue), version: NginxVersion = NginxVersion(1, 22, 1)
    ) throws -> GeneratedFiles {
        GeneratedFiles(
            texts: try files(live: live, version: version), at: AppPaths("/etc/nginx/teal/shop"))
    }

    /// Without the two lines that say who wrote it.
    private func body(_ text: String?) -> String {
        (text ?? "").split(separator: "\n").filter { !$0.hasPrefix("#") }.joined(separator: "\n")
    }

    @Test(
        "Generated files send all requests to the placeholder while nobody has traffic"
    )
    func nobody() throws {
        #expect(
            body(try files(live: LinkState(nil))["server.conf"]) == """
                set $shop_web _shop_none;
                set $_shop_colour -;
                if (-f /etc/nginx/teal/shop/live/maintenance) {
                    set $shop_web $_shop_closed;
                }
                """)
    }

    @Test("Generated files test at rest for two files and no more, whatever is configured")
    func tests() throws {
        let server = try files()["server.conf"] ?? ""
        #expect(server.split(separator: "if (-f /").count - 1 == 2)
    }

    @Test(
        "Generated files differ in two files between nobody and a colour"
    )
    func adapted() throws {
        let nobody = try generated(LinkState(nil))
        let blue = try generated(LinkState(.blue))
        #expect(try nobody.manifest?.blueprint.with(LinkState(.green)).files == blue)
        #expect(try blue.manifest?.blueprint.with(LinkState(nil)).files == nobody)
        let changed = blue.paths.filter { blue.texts[$0] != nobody.texts[$0] }
        #expect(changed == ["http.conf", "server.conf"])
        #expect(nobody.manifest?.answer(live: LinkState(.blue)).values == ["web": "_shop_none"])
        #expect(blue.manifest?.answer(live: LinkState(.green)).values == ["web": "shop_web_green"])
    }

    @Test("Generated files have the same fingerprint for the same bytes, and another for others")
    func fingerprint() throws {
        let first = try generated()
        #expect(try first == generated())
        let print = first.manifest?.fingerprint
        #expect(print?.utf8.count == 16)
        #expect(try generated(version: NginxVersion(1, 27, 4)).manifest?.fingerprint != print)
    }

    @Test(
        "Generated files keep connections of a worker that shuts down where nginx can, since 1.27.4"
    )
    func keepaliveMinTimeout() throws {
        let line = "keepalive_min_timeout 2s;"
        #expect(try files(version: NginxVersion(1, 27, 4))["web.conf"]?.contains(line) == true)
        #expect(try files(version: NginxVersion(1, 27, 3))["web.conf"]?.contains(line) == false)
    }

    @Test("Generated files bound the time to connect and leave the other timeouts to the user")
    func timeouts() throws {
        let text = try files()["web.conf"] ?? ""
        #expect(text.contains("proxy_connect_timeout 5s;"))
        #expect(!text.contains("proxy_read_timeout"))
    }

    @Test("A set on several hosts can have a shorter time to connect, and to ask them all")
    func shorterTimeouts() throws {
        var settings = try NginxSettings(app: "shop", services: ["web"])
        settings.connectTimeout = .seconds(2)
        let texts = try Blueprint(
            settings: settings, table: RouterTests.table, live: LinkState(.blue),
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [])
        ).files.texts
        let usual = try #require(try files()["web.conf"])
        #expect(texts["web.conf"]?.contains("proxy_connect_timeout 2s;") == true)
        #expect(texts["web.conf"] != usual)
        #expect(!usual.contains("proxy_next_upstream_timeout 2s;"))
    }

    @Test("Generated files hold one group per service behind the link in reload mode")
    func reload() throws {
        let texts = try files(mode: .reload)
        #expect(
            body(texts["green/upstreams.conf"]) == """
                upstream shop_web {
                    server 10.213.6.10:8080 max_fails=0;
                    server 127.106.121.154:8127 backup max_fails=0;
                    keepalive 32;
                    keepalive_timeout 2s;
                }
                map "" $shop_web {
                    default shop_web_green;
                }
                map "" $_shop_state {
                    default "";
                }
                geo $server_addr $_shop_late {
                    default "";
                    127.106.121.154 _shop_web_green;
                }
                """)
        #expect(
            body(texts["none/upstreams.conf"]) == """
                upstream shop_web {
                    server 127.0.0.1:8127;
                }
                map "" $shop_web {
                    default _shop_none;
                }
                map "" $_shop_state {
                    default "";
                }
                geo $server_addr $_shop_late {
                    default "";
                    127.106.121.154 shop_web;
                }
                """)
        #expect(body(texts["server.conf"]).isEmpty)
        #expect(texts["web.conf"]?.contains("proxy_pass http://shop_web;") == true)
        #expect(
            texts["http.conf"]?.contains("include /etc/nginx/teal/shop/live/upstreams.conf;")
                == true)
    }

    @Test("Generated files let only the bridges ask the status server of an nginx in a container")
    func gate() throws {
        let text = try files(gateways: ["172.17.0.1"])["http.conf"] ?? ""
        #expect(
            text.contains(
                "geo $remote_addr $_shop_gate {\n    default \"\";\n    127.0.0.1 open;\n"
                    + "    172.17.0.1 open;\n"))
        #expect(text.contains("if ($_shop_gate = \"\") {\n            return 403"))
        #expect(try files()["http.conf"]?.contains("_shop_gate") == false)
    }

    @Test("Names are never shared by two apps, or by an app and its service")
    func names() {
        let shop = AppNames(app: "shop")
        let shopWeb = AppNames(app: "shop-web")
        #expect(shop.variable(of: "web-api") == "shop_web__api")
        #expect(shopWeb.variable(of: "api") == "shop__web_api")
        #expect(shop.group("web-api", .blue) == "shop_web-api_blue")
        #expect(shopWeb.group("api", .blue) == "shop-web_api_blue")
    }

    @Test(
        "Generated files are refused for names, paths and addresses that nginx could misread",
        arguments: ["Shop", "shop_", "", "9shop", "shop;", "shop\n}", "sh op", "shöp", "../x"])
    func badApp(app: String) {
        #expect(throws: NginxError.self) { try files(app: app) }
    }

    @Test(
        "Generated files are refused for services that are no name",
        arguments: ["", "-web", "_web", ".web", "web;", "web/x", "..", "web\n", "wéb", "we b"])
    func badService(service: String) {
        #expect(throws: NginxError.self) {
            try files(services: [service])
        }
    }

    @Test("Generated files are refused for two services that are one variable")
    func clash() {
        #expect(throws: NginxError.self) {
            try files(services: ["web-api", "web__api"])
        }
    }

    @Test(
        "Generated files are refused for a folder or an address of another shape",
        arguments: [
            NginxSettings.Place(directory: "etc/nginx"),
            NginxSettings.Place(directory: "/etc/../x"),
            NginxSettings.Place(directory: "/etc/ngi nx"),
            NginxSettings.Place(directory: "/etc/*"),
            NginxSettings.Place(config: "/etc/a;b"),
            NginxSettings.Place(statusAddress: "localhost:80"),
            NginxSettings.Place(statusAddress: "127.0.0.1:0"),
            NginxSettings.Place(statusAddress: "127.0.0.1"),
            NginxSettings.Place(container: NginxSettings.Container(name: "-x", networks: [])),
        ])
    func badPlace(place: NginxSettings.Place) {
        #expect(throws: NginxError.self) {
            try NginxSettings(app: "shop", services: [], place: place)
        }
    }

    @Test("An endpoint is an IP address and a port")
    func endpoints() {
        for good in ["10.213.5.10:8080", "[fd00::5]:80", "127.0.0.1:65535"] {
            #expect(Endpoint(good) != nil, "\(good)")
        }
        for bad in [
            "10.213.5:80", "10.213.5.256:80", "web:80", "10.0.0.1", "10.0.0.1:", "10.0.0.1:70000",
            "10.0.0.1:80;", "[::1:80", "[x]:80", "10.0.0.1:+8", "10.0.0.1:80 backup",
        ] {
            #expect(Endpoint(bad) == nil, "\(bad)")
        }
    }

    @Test(
        "No word of a generated file is longer than nginx takes, whatever the services are called")
    func longWords() throws {
        let services = (100...299).map { "\($0)" }
            .map { String(repeating: "s", count: 60) + $0 }
        for mode in [SwitchMode.live, .reload] {
            let text = try #require(try files(services: services, mode: mode)["http.conf"])
            #expect(text.split(separator: "\n").allSatisfy { $0.utf8.count < 4_096 }, "\(mode)")
            #expect(services.allSatisfy { text.contains("service \($0) $") }, "\(mode)")
        }
        #expect(try files()["http.conf"]?.contains("return 200 \"teal 1") == true)
    }
}
