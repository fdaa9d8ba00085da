import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing

@Suite("The ways out that are told for programs of the release")
struct BelongingTests {
    private static let files: JSONValue = [
        ["type": "volume", "source": "uploads", "target": "/uploads"]
    ]
    private static let settings = ["web": ServiceSettings(port: 80, volumes: .shared)]

    private static func lines(
        _ service: JSONValue, beside others: [String: JSONValue] = [:]
    ) -> [String] {
        var services: [String: JSONValue] = ["web": ["image": "shop"], "x": service]
        services.merge(others) { $1 }
        return Fixture.project(services).problems(settings).filter { $0.service == "x" }
            .flatMap(\.remedies).map(\.line)
    }

    @Test("A worker of the exposed service's image, or built here, is shared last, with the cost")
    func programs() {
        let own = ["x: {volumes: shared}", "x: {role: singleton}", "x: {role: shared}"]
        #expect(Self.lines(["image": "shop", "volumes": Self.files]) == own)
        #expect(Self.lines(["build": ["context": "/x"], "volumes": Self.files]) == own)
        let project = Fixture.project([
            "web": ["image": "a"], "x": ["image": "a", "volumes": Self.files],
        ])
        let problem = project.problems(Self.settings).first
        #expect(problem?.message.contains("but for `teal deploy --update-shared x`") == true)
    }

    @Test("What its end is waited for is no singleton, and is told that it would run no more")
    func oneShots() {
        let waiting: JSONValue = [
            "image": "shop", "depends_on": ["x": ["condition": "service_completed_successfully"]],
        ]
        #expect(
            Self.lines(["image": "y", "volumes": Self.files], beside: ["web": waiting])
                == ["x: {volumes: shared}", "x: {role: shared}"])
    }

    @Test("What may be a database is shared first, be it built here")
    func databases() {
        #expect(
            Self.lines(["image": "y", "volumes": Self.files])
                == ["x: {role: shared}", "x: {volumes: shared}"])
        let data: JSONValue = [
            ["type": "volume", "source": "d", "target": "/var/lib/postgresql/data"]
        ]
        #expect(
            Self.lines(["build": ["context": "/x"], "volumes": data]).first == "x: {role: shared}")
    }

    @Test("A port of another protocol than HTTP is not led to nginx")
    func otherProtocols() {
        #expect(
            Self.lines(["image": "shop", "ports": [["target": 1935, "published": "1935"]]])
                == ["x: {publish: none}", "x: {role: shared}"])
        let both: JSONValue = [
            ["target": 1935, "published": "1935"], ["target": 8080, "published": "8080"],
        ]
        #expect(Self.lines(["image": "shop", "ports": both]).first == "x: {port: 8080}")
    }

    @Test("Ports and unnamed volumes of the release's own are not led to `role: shared` first")
    func brothers() {
        #expect(
            Self.lines(["image": "shop", "ports": [["target": 9, "published": "9"]]])
                == ["x: {port: 9}", "x: {publish: none}", "x: {role: shared}"])
        #expect(
            Self.lines(["image": "shop", "volumes": [["type": "volume", "target": "/data"]]])
                == ["x: {volumes: fresh}", "x: {role: shared}"])
    }

    @Test("A shared store leads to all that it needs, and to nothing that leads back")
    func needed() {
        let waiting = { (name: String) -> JSONValue in
            .object([name: ["condition": "service_started"]])
        }
        let project = Fixture.project([
            "db": ["image": "acme/db", "volumes": Self.files, "depends_on": waiting("relay")],
            "relay": ["image": "acme/relay", "depends_on": waiting("rights")],
            "rights": ["build": ["context": "/rights"]],
        ])
        var settings = ["db": ServiceSettings(role: .shared)]
        #expect(project.sharing(of: "relay", [:]) == .impossible)
        for line in ["relay: {role: shared}", "rights: {role: shared}"] {
            let remedy = project.problems(settings).flatMap(\.remedies).first
            #expect(remedy?.line == line)
            remedy?.apply(to: &settings)
        }
        #expect(project.problems(settings).isEmpty)
    }

    @Test("A shared service's volumes without a name are told, and no others")
    func unnamedVolumes() {
        let project = Fixture.project([
            "db": ["image": "acme/db", "volumes": [["type": "volume", "target": "/data"]]],
            "web": ["image": "shop"],
            "queue": ["image": "acme/queue", "volumes": Self.files],
        ])
        let notices = project.notices([
            "db": ServiceSettings(role: .shared), "queue": ServiceSettings(role: .shared),
            "web": ServiceSettings(port: 80),
        ])
        #expect(notices.count == 1)
        #expect(notices.first?.hasPrefix("db keeps its data at /data in a volume without") == true)
    }

    @Test("A proxy is not told to share the release's own program with it")
    func leaning() {
        let project = Fixture.project([
            "proxy": ["image": "traefik", "depends_on": ["api": ["condition": "service_started"]]],
            "api": ["build": ["context": "/api"]],
        ])
        let problems = project.problems(["proxy": ServiceSettings(role: .shared)])
        #expect(problems.flatMap(\.remedies).map(\.line) == ["proxy: {role: internal}"])
        // Nor is it led back.
        #expect(project.sharing(of: "proxy", [:]) == .impossible)
    }
}
