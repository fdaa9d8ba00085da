import BlueGreen
import HostSystem
import TestSupport
import Testing

@testable import Commands

@Suite("The words of maintenance")
struct MaintenanceSummaryTests {
    private static let services = """
          web: {port: 8080, health: {http: "/healthz?full=1"}}
          shop: {port: 8080, health: {http: /}}
          api: {port: 8080, health: {http: /up, port: 9090}}
          chat: {port: 8080, health: {tcp: true}}
          worker: {health: {http: /worker, port: 80}}
        """

    /// - Parameter more: lines of `teal.yml`.
    private func app(_ services: String = services, more: String = "") throws -> AppContext {
        let folder = try TemporaryFolder()
        for (name, text) in [
            ("teal.yml", "app: shop\nservices:\n\(services)\n\(more)\n"),
            ("compose.yml", "services: {}"), ("page.html", "<p>closed</p>"),
        ] {
            try AtomicFile.write(text, to: "\(folder.path)/\(name)", access: .ownerOnly)
        }
        return AppContext(
            file: try ConfigurationFile(path: "teal.yml", from: folder.path, environment: [:]),
            state: StateDirectory(environment: [:], from: folder.path), options: " --app shop")
    }

    private func words(
        _ traffic: Traffic, isChanged: Bool = true, unfinished: Deployment? = nil,
        _ app: AppContext
    ) -> String {
        MaintenanceSummary(
            app: app, traffic: traffic, isChanged: isChanged, unfinished: unfinished
        ).text
    }

    @Test("On, they say what visitors see, what is behind it, and how to end it")
    func on() throws {
        #expect(
            words(Traffic(.blue, isInMaintenance: true), try app()) == """
                Maintenance is on: visitors of shop get Teal's maintenance page (503).
                Still answered by the app: /healthz.
                Traffic is on blue behind it. Deploys and rollbacks go on as usual, behind the page.
                Next: `teal maintenance off --app shop` ends it.

                """)
    }

    @Test("A page of one's own is named, and so is a deployment that was left as it is")
    func details() throws {
        let app = try app("  web: {port: 80}", more: "maintenance: {page: page.html}")
        let text = words(
            Traffic(.blue, isInMaintenance: true), isChanged: false,
            unfinished: Sample.deployment(), app)
        #expect(text.contains("Maintenance was on already: visitors of shop get the page /"))
        #expect(text.contains("/page.html (503).\nEvery path is hidden"))
        #expect(text.contains("Deployment 1 stands in preparing and was left so: `teal status"))
    }

    @Test("Where no colour has traffic, that is said")
    func nobody() throws {
        let app = try app()
        #expect(
            words(Traffic(nil, isInMaintenance: true), app).contains(
                "No colour has traffic behind it."))
        #expect(words(Traffic(nil), app).contains("Next: `teal deploy --app shop`."))
    }

    @Test("Off, they say who answers", arguments: [(true, "is off"), (false, "was off already")])
    func off(isChanged: Bool, head: String) throws {
        #expect(
            words(Traffic(.green), isChanged: isChanged, try app())
                == "Maintenance \(head): visitors of shop get the app, in green.\n")
    }

    @Test("A deploy's last lines say that visitors see none of it yet")
    func deploy() {
        let summary = Summary(
            of: SummaryTests.finished(.promoted),
            Summary.Circumstances(live: .green, isInMaintenance: true, options: " --app shop"))
        #expect(
            summary.lines.contains {
                $0.hasPrefix("Traffic is on green, release ")
                    && $0.hasSuffix(
                        ". Visitors get the maintenance page: `teal maintenance off --app shop` "
                            + "ends it.")
            })
    }
}
