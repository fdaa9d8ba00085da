import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

/// What is put in as a site, and what a release is refused for.
@Suite("A release that the site does not reach")
struct SiteObstacleTests {
    private let folder = "/etc/nginx/teal/shop"

    private func blind(_ locations: String...) throws -> [String] {
        let site =
            "server {\n    access_log a;\n    include \(folder)/server.conf;\n"
            + locations.map { "    location /\($0.count) { \($0) }\n" }.joined() + "}\n"
        let (dump, files) = try dump(site, services: ["web", "api"])
        let settings = try NginxSettings(app: "shop", services: ["web", "api"])
        return ConfigurationExamination(dump, settings).unwatchedLocations(files)
    }

    @Test("A location with a log of its own is named, and one without any log where it is the only")
    func ownLog() throws {
        let (web, api) = ("include \(folder)/web.conf;", "include \(folder)/api.conf;")
        #expect(try blind(web, api).isEmpty)
        let own = try blind("access_log b; \(web)", api)
        #expect(own.count == 1)
        #expect(own.first?.contains("/etc/nginx/sites/shop:4 is the only one") == true)
        #expect(own.first?.contains("what web answers") == true)
        #expect(try blind("access_log off; \(web)", web).isEmpty)
        #expect(try blind("access_log off; \(web)").count == 1)
        #expect(try blind("access_log b; \(web)", web).count == 1)
        #expect(try blind("if ($a) { access_log b; } \(web)").isEmpty)
    }

    /// The dump of an nginx whose disk has the files of a release with these services.
    private func dump(
        _ site: String, services: [String], mode: SwitchMode = .live,
        others: [String: String] = [:], directory: String = "/etc/nginx/teal"
    ) throws -> (ConfigurationDump, GeneratedFiles) {
        let settings = try NginxSettings(
            app: "shop", services: services, mode: mode,
            place: NginxSettings.Place(directory: directory))
        let endpoints = services.map { Route(service: $0, endpoints: ["10.213.5.10:8080"]) }
        let files = try Blueprint(
            settings: settings, table: RoutingTable(blue: endpoints, green: []),
            live: LinkState(.blue),
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status, gateways: [])
        ).files
        var texts = [
            "/etc/nginx/nginx.conf":
                "http {\n    include \(directory)/*/http.conf;\n    include sites/*;\n}\n",
            "/etc/nginx/sites/shop": site,
        ].merging(others) { first, _ in first }
        for (path, text) in files.texts where path.hasSuffix(".conf") {
            texts["\(directory)/shop/\(path)"] = text
        }
        let main = texts.removeValue(forKey: "/etc/nginx/nginx.conf") ?? ""
        let all = [("/etc/nginx/nginx.conf", main)] + texts.sorted { $0.key < $1.key }
        let printed = all.map { "# configuration file \($0):\n\($1)\n" }.joined()
        return (ConfigurationDump(printed), files)
    }

    /// - Parameters:
    ///   - before: what the release with traffic exposes.
    ///   - exposed: what the candidate exposes.
    private func obstacles(
        _ site: String, before: [String] = ["web"], to exposed: [String],
        mode: SwitchMode = .live, filesOf present: SwitchMode? = nil,
        others: [String: String] = [:]
    ) throws -> [String] {
        let (dump, files) = try dump(
            site, services: before, mode: present ?? mode, others: others)
        let settings = try NginxSettings(app: "shop", services: exposed, mode: mode)
        return ConfigurationExamination(dump, settings).obstacles(to: exposed, files)
            .map(\.description)
    }

    private var usual: String {
        """
        server {
            listen 80;
            include \(folder)/server.conf;
            location / {
                include \(folder)/web.conf;
            }
        }
        """
    }

    @Test("The usual site takes a release of the same services, and of more")
    func served() throws {
        #expect(try obstacles(usual, to: ["web"]) == [])
        #expect(try obstacles(usual, to: ["api", "web"]) == [])
        #expect(try obstacles("", to: ["web"]) == [])
        #expect(try obstacles(usual, to: ["web"], mode: .reload) == [])
    }

    @Test("A11: A renamed service is refused with file, line, location and the way to rename it")
    func renamed() throws {
        let found = try obstacles(usual, to: ["front"])
        try #require(found.count == 1)
        #expect(
            found[0].hasPrefix(
                "nginx sends requests to web by /etc/nginx/sites/shop:5 (location /), and this "
                    + "release does not expose web: it exposes front."))
        #expect(found[0].contains("first deploy a release that exposes both"))
        #expect(found[0].contains("include \(folder)/front.conf"))
        #expect(found[0].contains("nginx -s reload"))
    }

    @Test("A11: A service that is no longer exposed is refused, and others are not named with it")
    func unexposed() throws {
        let site = """
            server {
                include \(folder)/server.conf;
                location / { include \(folder)/web.conf; }
                location ~ ^/api/ { include \(folder)/api.conf; }
            }
            """
        let found = try obstacles(site, before: ["api", "web"], to: ["web"])
        try #require(found.count == 1)
        #expect(found[0].contains("to api by /etc/nginx/sites/shop:4 (location ~ ^/api/)"))
        #expect(!found[0].contains("exposes both"))
    }

    @Test("A11: A way back may do without a service of the site, and without nothing else")
    func goingBack() throws {
        let site = usual.replacing("include \(folder)/server.conf;", with: "")
        let (dump, files) = try dump(site, services: ["api", "web"])
        let settings = try NginxSettings(app: "shop", services: ["web"])
        let examination = ConfigurationExamination(dump, settings)
        let unserved = try #require(examination.obstacles(to: ["api"], files).first?.loss)
        #expect(unserved.finding.hasSuffix("it exposes api. They are answered with 503."))
        #expect(unserved.remedy.contains("nginx -s reload"))
        #expect(!unserved.remedy.contains("port"))
        let undecided = try #require(examination.obstacles(to: ["web"], files).first)
        #expect(undecided.loss == nil)
    }

    @Test(
        "A11: However a site reaches a service, a release without it is refused",
        arguments: [
            "include \"teal/shop/web.conf\";", "include '/etc/nginx/teal/shop/web.conf';",
            "include /etc/nginx/teal/shop/we*.conf;", "include /etc/nginx/teal/shop/[w]eb.conf;",
            "location /deep { include /etc/nginx/teal/shop/web.conf; }",
            "include /etc/nginx/snippets/proxy.conf;", "proxy_pass http://$shop_web;",
            "proxy_pass http://${shop_web}/path;", "proxy_pass http://$Shop_Web;",
            "grpc_pass grpc://$shop_web;", "fastcgi_pass $shop_web;",
            "if ($arg_new) { proxy_pass http://$shop_web; }",
            "set $to $shop_web; proxy_pass http://$to;", "proxy_pass http://shop_web_blue;",
            "include /srv/links/web.conf;",
        ])
    func reached(line: String) throws {
        let site = """
            server {
                include /etc/nginx/teal/shop/server.conf;
                location / {
                    \(line)
                }
            }
            """
        // A link to the same file: nginx prints it under the name by which it was included.
        let copy = try dump("", services: ["web"]).1.texts["web.conf"] ?? ""
        let others = [
            "/etc/nginx/snippets/proxy.conf": "include /etc/nginx/teal/shop/web.conf;\n",
            "/srv/links/web.conf": copy,
        ]
        #expect(try obstacles(site, to: ["web"], others: others) == [])
        let found = try obstacles(site, to: ["front"], others: others)
        try #require(found.count == 1)
        let place =
            line.contains("snippets")
            ? "/etc/nginx/snippets/proxy.conf:1" : "/etc/nginx/sites/shop:4"
        #expect(found.first?.contains("to web by \(place) (location ") == true, "\(found)")
    }

    @Test("A11: A group that the user's own configuration names is a demand in reload mode")
    func byHand() throws {
        let site = "server { location /a { proxy_pass http://shop_web/b; } }"
        #expect(try obstacles(site, to: ["web"], mode: .reload) == [])
        let found = try obstacles(site, to: ["front"], mode: .reload)
        try #require(found.count == 1)
        #expect(found.first?.contains("/etc/nginx/sites/shop:1 (location /a)") == true)
    }

    @Test("A11: Every server block is looked at, and one service is one obstacle")
    func twoServers() throws {
        let found = try obstacles(usual + "\n" + usual, to: ["front"])
        try #require(found.count == 1)
        #expect(found[0].contains("shop:5 (location /), /etc/nginx/sites/shop:12 (location /)"))
    }

    @Test("A11: A location whose server block lacks server.conf is refused with the line to add")
    func noServerFile() throws {
        let site = """
            server {
                listen 81;
                location / { include \(folder)/web.conf; }
            }
            """
        let found = try obstacles(usual + "\n" + site, to: ["web"])
        try #require(found.count == 1)
        #expect(found[0].contains("web by /etc/nginx/sites/shop:10 (location /)"))
        #expect(found[0].contains("the server block at /etc/nginx/sites/shop:8"))
        #expect(found[0].hasSuffix(": include \(folder)/server.conf;"))
        // There nothing is decided at that level.
        #expect(try obstacles(site, to: ["web"], mode: .reload) == [])
        // From the files of that mode to the other one.
        #expect(try obstacles(site, to: ["web"], mode: .live, filesOf: .reload).count == 1)
    }

    @Test(
        "A11: server.conf counts where nginx runs it: in the server block or in the very location",
        arguments: [
            ("location / { include F/server.conf; include F/web.conf; }", 0),
            ("location / { include F/server.conf; location /a { include F/web.conf; } }", 1),
            ("include /etc/nginx/teal/sho?/server.conf; location / { include F/web.conf; }", 0),
            ("include snippets/head.conf; location / { include F/web.conf; }", 0),
            ("location / { include F/web.conf; } include F/server.conf;", 0),
        ])
    func decided(body: String, count: Int) throws {
        let found = try obstacles(
            "server { \(body.replacing("F/", with: "\(folder)/")) }", to: ["web"],
            others: ["/etc/nginx/snippets/head.conf": "include \(folder)/server.conf;\n"])
        #expect(found.count == count, "\(found)")
    }

    @Test("A11: A name that only the other switch has is refused")
    func otherMode() throws {
        let group =
            "server { include \(folder)/server.conf; location / { proxy_pass http://shop_web; } }"
        let found = try obstacles(group, to: ["web"], mode: .live, filesOf: .reload)
        try #require(found.count == 1)
        #expect(found[0].contains("under a name that only `switch: reload` has"))
        let variable = group.replacing("http://shop_web", with: "http://$shop_web")
        #expect(try obstacles(variable, to: ["web"], mode: .reload, filesOf: .live).count == 1)
    }

    @Test("A11: A site that includes the files of another folder is refused")
    func anotherFolder() throws {
        let site = usual.replacing("/etc/nginx/teal/", with: "/srv/teal/")
        let dump = try dump(site, services: ["web"], directory: "/srv/teal").0
        let settings = try NginxSettings(app: "shop", services: ["web"])
        let found = ConfigurationExamination(dump, settings).obstacles(to: ["web"], .none)
        #expect(found.count == 2)
        #expect(found.first?.description.hasPrefix("/etc/nginx/sites/shop:3 includes") == true)
        let same = try NginxSettings(
            app: "shop", services: ["web"], place: NginxSettings.Place(directory: "/srv/teal"))
        #expect(ConfigurationExamination(dump, same).obstacles(to: ["web"], .none) == [])
    }

    @Test(
        "A site where Teal's own server listens is refused, since nginx would ask that first",
        arguments: [
            ("8127", true), ("127.0.0.1:8127", true), ("*:8127 default_server", true),
            ("localhost:8127", true), ("80", false), ("10.0.0.1:8127", false),
            ("[::]:8127", false), ("unix:/run/site.sock", false), ("127.0.0.1", false),
        ])
    func sharedListen(listen: String, isRefused: Bool) throws {
        let found = try obstacles(
            usual.replacing("listen 80;", with: "listen \(listen);"), to: ["web"])
        #expect(found.count == (isRefused ? 1 : 0), "\(found)")
        #expect(found.allSatisfy { $0.contains("/etc/nginx/sites/shop:2 says `listen \(listen)`") })
    }

    @Test("A site where the preview listens is refused")
    func sharedPreview() throws {
        let (dump, files) = try dump(usual, services: ["web"])
        var settings = try NginxSettings(app: "shop", services: ["web"])
        settings.preview = try NginxSettings.Preview(listen: "10.0.0.1:80", service: "web")
        let found = ConfigurationExamination(dump, settings).obstacles(to: ["web"], files)
        #expect(found.map(\.description).first?.contains("preview: {listen: 10.0.0.1:80}") == true)
        #expect(found.count == 1)
    }

    @Test("What looks like a service of the app and is the user's own is none of its business")
    func ownNames() throws {
        let site = """
            upstream shop_static { server 10.0.0.1:80; }
            server {
                include \(folder)/server.conf;
                set $shop_name web;
                location /static { proxy_pass http://shop_static; proxy_cache shop_web; }
                location / { include \(folder)/web.conf; add_header X-Name $shop_name; }
                location /own { proxy_pass http://shop_web; }
            }
            upstream shop_web { server 10.0.0.1:80; }
            """
        #expect(try obstacles(site, to: ["web"]) == [])
    }

    @Test("check tells of a colour pinned by hand, of a header sent twice, and of an idle server")
    func notices() throws {
        let site = """
            server {
                include \(folder)/server.conf;
                location / {
                    proxy_set_header X-Forwarded-PROTO https;
                    include \(folder)/web.conf;
                }
                location /green { proxy_pass http://shop_web_green; }
                location /own { proxy_set_header X-Forwarded-Proto https; proxy_pass http://a; }
            }
            server { listen 81; include \(folder)/server.conf; location / { return 301 /a; } }
            """
        let (dump, files) = try dump(site, services: ["web"])
        let settings = try NginxSettings(app: "shop", services: ["front", "web"])
        let notices = ConfigurationExamination(dump, settings).notices(files, live: .blue)
        try #require(notices.count == 4, "\(notices)")
        #expect(notices[0].contains("front yet. Add to one, once it is deployed: "))
        #expect(notices[1].contains("The server block at /etc/nginx/sites/shop:10 includes"))
        #expect(notices[2].hasPrefix("/etc/nginx/sites/shop:7 (location /green) names one colour"))
        #expect(notices[3].hasPrefix("/etc/nginx/sites/shop:4: the header X-Forwarded-PROTO"))
        let ahead = ConfigurationExamination(dump, settings).notices(files, live: .green)
        #expect(ahead.contains { $0.contains("to web, which green does not expose") })
    }

    @Test(
        "check tells of a site that nginx gives no request, since another one has its name",
        arguments: [
            ("listen 80; server_name a.example;", "server_name b.example A.example;", true),
            ("listen 0.0.0.0:80; server_name a;", "listen *:80 backlog=9; server_name a;", true),
            ("", "", true),
            ("listen 81; server_name a;", "server_name a;", false),
            ("listen 443 quic; server_name a;", "listen 443 ssl; server_name a;", false),
            ("server_name ~^a;", "server_name ~^a;", false),
            ("server_name b;", "server_name a;", false),
        ])
    func shadowed(other: String, own: String, isShadowed: Bool) throws {
        let site = """
            server { \(other) return 404; }
            server {
                \(own)
                include \(folder)/server.conf;
                location / { include \(folder)/web.conf; }
            }
            """
        let (dump, files) = try dump(site, services: ["web"])
        let settings = try NginxSettings(app: "shop", services: ["web"])
        let notices = ConfigurationExamination(dump, settings).notices(files, live: .blue)
        #expect(notices.count == (isShadowed ? 1 : 0), "\(notices)")
        if isShadowed {
            #expect(notices.first?.contains("as the one at /etc/nginx/sites/shop:1 does") == true)
        }
        // The first of the two has all requests.
        let first = """
            server {
                \(own)
                include \(folder)/server.conf;
                location / { include \(folder)/web.conf; }
            }
            server { \(other) return 404; }
            """
        let (before, _) = try self.dump(first, services: ["web"])
        #expect(ConfigurationExamination(before, settings).notices(files, live: .blue) == [])
    }
}
