import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("Names in nginx")
struct NameTests {
    static let letters = "acme-customer-relations-service-of-all-x"
    static let service = "customer-portal-frontend-with-a-name-that-is-as-long-as-dns-let"

    /// Every length with and without dashes.
    static let apps = (1...40).flatMap { length in
        [
            String(repeating: "a", count: length),
            String(String(repeating: "a-b", count: 14).prefix(length)),
            String(letters.prefix(length)),
        ]
    }

    static let services = (1...63).flatMap { length in
        [
            String(repeating: "s", count: length),
            String(String(repeating: "s-2_", count: 16).prefix(length)),
        ]
    }

    @Test("B4: no variable is longer than a stock nginx takes, and none is of two names")
    func lengths() {
        var owners: [String: String] = [:]
        for app in Set(Self.apps) {
            let names = AppNames(app: app)
            #expect(names.path(of: "maintenance").utf8.count <= VariableName.longest)
            #expect(owners.updateValue(app, forKey: "_\(names.stem)_") == nil)
            for service in Set(Self.services) {
                let variable = names.variable(of: service)
                #expect(variable.utf8.count <= VariableName.longest)
                #expect(variable.first?.isLetter == true)
                let owner = owners.updateValue("\(app)/\(service)", forKey: variable)
                #expect(owner == nil, "\(app)/\(service) and \(owner ?? "")")
            }
        }
    }

    @Test("B4: a name that is short enough stays as it reads, a longer one has a short form")
    func forms() {
        let shop = AppNames(app: "shop")
        #expect(shop.variable(of: "web") == "shop_web")
        #expect(shop.colour == "_shop_colour")
        let acme = AppNames(app: "acme-customer-relations-service")
        #expect(acme.variable(of: "web") == "acme__customer__relations__service_web")
        #expect(acme.colour == "_acme__custo_7643c85806dd3f44_colour")
        #expect(
            acme.variable(of: "customer-portal-frontend")
                == "acme__customer__relations__s__063600495b54c5d1")
        #expect(acme.group("web", .blue) == "acme-customer-relations-service_web_blue")
        #expect(acme.statusName == "~^teal-acme-customer-relations-service$")
    }

    @Test("B10: only the file of a service has another name where Teal's own has that one")
    func files() {
        for (service, file) in [
            ("server", "server-service.conf"), ("http", "http-service.conf"),
            ("live", "live.conf"), ("Web.API", "Web.API.conf"), ("web-service", "web-service.conf"),
        ] {
            #expect(AppPaths.snippetName(of: service) == file)
            #expect(AppPaths.service(ofSnippet: file) == service)
        }
        #expect(AppPaths.service(ofSnippet: "http.conf") == nil)
        #expect(AppNames(app: "shop").variable(of: "Web.API") == "shop_web__api")
        #expect(AppNames(app: "shop").group("Web.API", .blue) == "shop_web-api_blue")
    }

    @Test(
        "B10: two services that nginx could not tell apart are refused",
        arguments: [["Web", "web"], ["web.api", "web-api"], ["server", "server-service"]])
    func clash(services: [String]) {
        #expect(throws: NginxError.self) { try NginxGrammar.checkDistinct(services, app: "shop") }
    }

    @Test("B4: two apps that nginx could not tell apart are refused")
    func apps() throws {
        #expect(throws: NginxError.self) {
            try NginxGrammar.checkDistinct(["web"], app: "shop", from: ["shop": ["web"]])
        }
        try NginxGrammar.checkDistinct(["web"], app: "shop", from: ["shop-web": ["web"]])
    }

    @Test("B4: an nginx with cache lines of 32 bytes takes every key of the generated maps")
    func smallLines() throws {
        for mode in [SwitchMode.live, .reload] {
            let files = try LongNames.blueprint(
                app: Self.letters, services: [Self.service, "server"], mode: mode,
                live: LinkState(.blue)
            ).files
            for (path, text) in files.texts where path.hasSuffix(".conf") {
                for key in LongNames.hashedKeys(text) {
                    #expect(key.utf8.count <= 14, "\(path): \(key)")
                }
            }
        }
    }
}

/// The generated files of a long name with all that can stand in them.
enum LongNames {
    static func blueprint(
        app: String, services: [String], mode: SwitchMode, live: LinkState,
        place: NginxSettings.Place = NginxSettings.Place()
    ) throws -> Blueprint {
        var settings = try NginxSettings(
            app: app, services: services, mode: mode, place: place,
            rollout: NginxSettings.Rollout(
                isObserved: true,
                steps: mode == .live ? [Share(percent: 10), Share(percent: 50)] : [],
                stickiness: mode == .live ? .cookie("session") : .client))
        settings.preview = try NginxSettings.Preview(
            listen: "127.0.0.1:8128", service: services[0])
        settings.trustedProxies = [try #require(AddressBlock("10.0.0.0/8"))]
        settings.maintenance = NginxSettings.MaintenanceAnswer(
            healthPaths: [try #require(HealthPath(checking: "/healthz"))])
        let route = { (endpoint: String) in
            services.map { Route(service: $0, endpoints: [endpoint]) }
        }
        return Blueprint(
            settings: settings,
            table: RoutingTable(blue: route("127.0.0.1:8081"), green: route("127.0.0.1:8082")),
            live: live,
            environment: Blueprint.Environment(
                version: NginxVersion(1, 22, 1), listen: settings.status,
                gateways: ["172.30.255.201"], log: .server, hasRealIP: false))
    }

    /// What nginx puts into the hashes of maps and of server names: no expressions, no defaults.
    static func hashedKeys(_ text: String) -> [String] {
        var keys: [String] = []
        var isMap = false
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            if line.hasPrefix("map ") { isMap = true } else if line == "}" { isMap = false }
            if words.first == "server_name", let name = words.last?.dropLast(), name.first != "~" {
                keys.append(String(name))
            }
            guard isMap, line.hasPrefix("    "), let key = words.first else { continue }
            if key.hasPrefix("~") || key.hasPrefix("\"~") || key == "default" { continue }
            keys.append(key.replacing("\"", with: ""))
        }
        return keys
    }
}
