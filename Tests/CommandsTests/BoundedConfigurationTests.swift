import BlueGreen
import Testing

@testable import Commands

@Suite("A teal.yml without a bound")
struct BoundedConfigurationTests {
    private static let least = "app: shop\nservices: {web: {port: 80}}\n"

    /// Nine lists of nine each: 387,420,489 values.
    private static let bomb = (1...9).map { level in
        let inner = level == 1 ? "x" : "*a\(level - 1)"
        return "a\(level): &a\(level) [\((1...9).map { _ in inner }.joined(separator: ", "))]"
    }.joined(separator: "\n")

    @Test(
        "Aliases that stand for more values than anybody counts are refused where they grow",
        arguments: ["compose: *a9", "? *a9\n: x", "? [*a9, *a9]\n: x", "x: {*a9, b}", "*a9 : x"])
    func aliases(use: String) {
        let found = mistakes(Self.least + Self.bomb + "\n" + use)
        #expect(found.count == 1, "\(found)")
        #expect(
            found.first?.hasPrefix("teal.yml:8:5: aliases make more than 100000 values") == true,
            "\(found)")
    }

    @Test("A list as a key is refused, by alias too", arguments: ["*list : x", "? [a, b]\n: x"])
    func keys(use: String) {
        let found = mistakes(Self.least + "compose: &list [a.yml, b.yml]\n" + use + "# *")
        #expect(found.count == 1, "\(found)")
        #expect(found.first?.hasSuffix("a key must be a word") == true, "\(found)")
    }

    @Test("An alias as it is meant stands for its value, and an asterisk in a text for itself")
    func meant() throws {
        let configuration = try AppConfiguration(
            yaml: """
                app: shop # *
                services:
                  web: {port: 80, health: &check {http: "/*star"}}
                  front: {port: 81, health: *check}
                """, file: "teal.yml", environment: [:])
        let web = configuration.services["web"]?.healthCheck
        let front = configuration.services["front"]?.healthCheck
        #expect(web?.text == "GET /*star at port 80")
        #expect(front?.text == "GET /*star at port 81")
    }

    @Test("A hundred mistakes are told, and how many there are beside them")
    func count() {
        let keys = (1...9000).map { "unknown\($0): 1" }.joined(separator: "\n")
        let found = mistakes(Self.least + keys)
        #expect(found.count == 101)
        #expect(found[0].hasPrefix("teal.yml:3:1: unknown key \"unknown1\""))
        #expect(
            found[100]
                == "teal.yml:103:1: here and elsewhere are 8900 more mistakes, which are not shown")
    }

    @Test("More services than a host could run are one mistake")
    func services() {
        let names = (1...201).map { "s\($0): {port: 80}" }.joined(separator: ", ")
        #expect(
            mistakes("app: shop\nservices: {\(names)}") == [
                "teal.yml:2:11: services has 201 entries; an app has at most 200"
            ])
    }

    @Test("A mistake about a file or a service has the line and the column that names it")
    func places() throws {
        let places = try AppConfiguration(
            yaml: """
                app: shop
                compose:
                  - a.yml
                  - b.yml
                services:
                  web: {port: 80}
                """, file: "shop.yml", environment: [:]
        ).places
        #expect(places.name(of: "compose[1]") == "shop.yml:4:5")
        #expect(places.name(of: "services.web") == "shop.yml:6:3")
        #expect(places.name(of: "services.web.port") == "shop.yml:6:15")
        #expect(places.name(of: "services.web.health.http") == "shop.yml:6:3")
        #expect(places.name(of: "env_files[0]") == "shop.yml:1:1")
    }
}
