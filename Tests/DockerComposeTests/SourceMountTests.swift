import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing

@Suite("Warnings about source files of the host")
struct SourceMountTests {
    private func warnings(_ services: [String: JSONValue]) -> [String] {
        let project = ComposeProject(
            app: "shop", model: ["services": .object(services)], directory: "/srv/shop")
        return project.notices(["web": ServiceSettings(port: 80)])
            .filter { $0.contains("the same files of the host") }
    }

    private func bind(_ source: String) -> JSONValue {
        [
            "image": "x", "build": ["context": "/srv/shop/docker"],
            "volumes": [["type": "bind", "source": .string(source), "target": "/app"]],
        ]
    }

    @Test(
        "The project's own files over the image's are told",
        arguments: [
            ("/srv/shop", 1), ("/srv/shop/docker", 1), ("/srv/shop/web/src", 1),
            ("/srv/shop/uploads", 0), ("/", 0), ("/srv", 0), ("/var/lib/shop", 0),
        ])
    func sources(_ source: String, _ count: Int) {
        #expect(warnings(["web": bind(source)]).count == count)
    }

    @Test("The sentence says which files, and that a rollback does not bring them back")
    func sentence() throws {
        let warning = try #require(warnings(["web": bind("/srv/shop")]).first)
        #expect(warning.hasPrefix("web: both colours run the same files of the host, /srv/shop at"))
        #expect(warning.contains("a rollback does not bring the old ones back"))
    }
}
