@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import FoundationEssentials
import Orchestration
import Testing

@Suite("Warnings about volumes over the image's code")
struct CodeVolumeTests {
    private func mount(_ source: String, _ target: String) -> JSONValue {
        ["type": "volume", "source": .string(source), "target": .string(target)]
    }

    private func project(_ php: JSONValue, _ target: String) -> ComposeProject {
        var php = php
        php["volumes"] = [mount("code", target)]
        return ComposeProject(app: "shop", model: ["services": ["php": php]])
    }

    private func warnings(_ project: ComposeProject) -> [String] {
        project.notices([:]).filter { $0.contains("hidden by a volume") }
    }

    private func image(in folder: String, volumes: [String] = []) throws -> InspectedImage {
        let places = volumes.map { "\"\($0)\": {}" }.joined(separator: ", ")
        let json =
            "{\"Id\": \"sha256:1\", \"Config\": {\"WorkingDir\": \"\(folder)\", "
            + "\"Volumes\": {\(places)}}}"
        return try JSONDecoder().decode(InspectedImage.self, from: Data(json.utf8))
    }

    @Test(
        "The usual homes of code are told, and folders of data are not",
        arguments: [
            ("/var/www/html", 1), ("/var/www/html/", 1), ("/var/www", 1), ("/app", 1),
            ("/usr/src/app", 1), ("/app/data", 0), ("/var/www/html/uploads", 0), ("/var", 0),
            ("/var/lib/mysql", 0), ("/srv/www", 0),
        ])
    func homes(_ target: String, _ count: Int) {
        #expect(warnings(project(["image": "acme/php:1"], target)).count == count)
    }

    @Test("The sentence says what happens, and what to do")
    func sentence() throws {
        let warning = try #require(
            warnings(project(["image": "acme/php:1"], "/var/www/html")).first)
        #expect(warning.hasPrefix("php: the files of the image are hidden by a volume that both"))
        #expect(
            warning.contains("code at /var/www/html. Docker fills a volume from the image only"))
        #expect(warning.contains("a rollback does not bring the old ones back"))
        #expect(warning.contains("must be filled by a command at each start"))
    }

    @Test("An image of others has its data where an own one has code")
    func others() {
        for image in ["wordpress:6", "espocrm/espocrm:9", "mirror.example/library/drupal"] {
            #expect(warnings(project(["image": .string(image)], "/var/www/html")).isEmpty)
        }
        let built = project(["image": "shop", "build": ["context": "/srv"]], "/var/www/html")
        #expect(warnings(built).count == 1)
    }

    @Test("A volume that a command fills, or that Docker does not, is no fault")
    func filled() {
        let copying = project(
            ["image": "acme/php:1", "command": ["sh", "-c", "cp -r /build/. /app; serve"]], "/app")
        #expect(warnings(copying).isEmpty)
        var service: JSONValue = ["image": "acme/php:1"]
        var own = mount("code", "/app")
        own["volume"] = ["nocopy": true]
        service["volumes"] = [own]
        let unfilled = ComposeProject(app: "shop", model: ["services": ["php": service]])
        #expect(warnings(unfilled).isEmpty)
    }

    @Test("A shared service is not told")
    func shared() {
        let notices = project(["image": "acme/php:1"], "/app")
            .notices(["php": ServiceSettings(role: .shared)])
        #expect(notices.isEmpty)
    }

    @Test("The image tells where its program starts, and where it keeps data")
    func images() throws {
        func found(_ target: String, _ image: InspectedImage) throws -> [String] {
            let project = project(["image": "acme/php:1"], target)
            let service = try #require(project.services.first)
            return project.codeVolumes(of: service, image).map(\.target)
        }
        #expect(try found("/srv/site", image(in: "/srv/site/")) == ["/srv/site"])
        #expect(try found("/srv", image(in: "/srv/site")) == ["/srv"])
        #expect(try found("/srv/site/files", image(in: "/srv/site")) == [])
        #expect(try found("/srv/site", image(in: "/")) == [])
        #expect(try found("/srv/site", image(in: "")) == [])
        #expect(try found("/srv/site", image(in: "/srv/site", volumes: ["/srv/site"])) == [])
        #expect(try found("/app", image(in: "/", volumes: ["/app/"])) == [])
    }
}
