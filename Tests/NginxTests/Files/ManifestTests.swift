import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("A manifest")
struct ManifestTests {
    private static let folder = "/etc/nginx/teal/shop"

    private func blueprint(services: Int = 1) throws -> Blueprint {
        let names = (1...services).map { "service-\($0)" }
        var settings = try NginxSettings(
            app: "shop",
            services: names,
            rollout: NginxSettings.Rollout(
                isObserved: true, steps: [Share(percent: 12.5), Share(percent: 50)],
                stickiness: .cookie("sid")))
        settings.preview = try NginxSettings.Preview(
            listen: "127.0.0.1:8089", service: "service-1")
        settings.maintenance = NginxSettings.MaintenanceAnswer(
            healthPaths: [HealthPath(checking: "/up%22%0a.php")].compactMap(\.self))
        let routes = names.map {
            Route(service: $0, endpoints: ["10.213.5.10:8080", "[fd00::5]:8080"])
        }
        return Blueprint(
            settings: settings, table: RoutingTable(blue: routes, green: []),
            live: LinkState(.blue),
            environment: Blueprint.Environment(
                version: NginxVersion(1, 27, 4), listen: StatusAddress(host: "0.0.0.0", port: 8127),
                gateways: ["172.17.0.1"], log: .http))
    }

    @Test("A manifest tells all that the files were made from, for one service or for a hundred")
    func readBack() throws {
        for services in [1, 100] {
            let blueprint = try blueprint(services: services)
            let files = try blueprint.files
            let found = GeneratedFiles(texts: files.texts, at: AppPaths(Self.folder))
            #expect(found.manifest?.blueprint == blueprint)
            #expect(found.manifest == files.manifest)
        }
    }

    @Test("A manifest has no line that nginx would refuse for its length")
    func lengths() throws {
        let http = try blueprint(services: 100).files.texts["http.conf"] ?? ""
        let lines = http.split(separator: "\n").filter { $0.hasPrefix("# teal: ") }
        #expect(lines.count > 3)
        #expect(lines.allSatisfy { $0.utf8.count < 4_000 })
    }

    /// What a hand, a full disk or another Teal may leave of `http.conf`.
    static let unreadable: [@Sendable (String) -> String] = [
        { _ in "" },
        { _ in "upstream shop_web {}\n" },
        { String($0.dropLast(40)) },
        { $0.replacing("# teal: {", with: "# teal: }{") },
        { $0.replacing("\"format\":1", with: "\"format\":2") },
        { $0.replacing("\"mode\":\"live\"", with: "\"mode\":\"dead\"") },
        { $0.replacing("127.0.0.1:8127", with: "nowhere") },
        { $0.replacing("/shop\",", with: "/blog\",") },
    ]

    @Test("A damaged manifest, or one of another format or folder, is none")
    func damaged() throws {
        let texts = try RouterTests.blueprint(LinkState(.blue)).files.texts
        for damage in Self.unreadable {
            var damaged = texts
            damaged["http.conf"] = texts["http.conf"].map(damage)
            #expect(GeneratedFiles(texts: damaged, at: AppPaths(Self.folder)).manifest == nil)
        }
    }
}
