@testable import DockerEngine
import BlueGreen
import Orchestration
import Testing

@testable import DockerCompose

@Suite("Ports of the host that somebody else has")
struct TakenPortTests {
    private func found(
        _ ports: JSONValue = [["target": 5432, "published": "5432", "protocol": "tcp"]],
        _ containers: [ListedContainer] = [], settings: ServiceSettings = Self.shared,
        listening: Int? = nil
    ) throws -> [String] {
        let set = try ContainerSet(
            project: Fixture.project([
                "web": ["image": "web"], "db": ["image": "postgres", "ports": ports],
            ]),
            settings: ["web": Fixture.shopSettings["web"] ?? ServiceSettings(), "db": settings],
            release: Fixture.release)
        return TakenPorts(containers: containers) { _, port in port == listening }
            .obstacles(to: set).map(\.description)
    }

    private static let shared: ServiceSettings = {
        var settings = ServiceSettings()
        settings.role = .shared
        return settings
    }()

    private func container(_ name: String, _ labels: [String: String] = [:]) throws
        -> ListedContainer
    {
        var container = try ListedContainer.sample(name, labels: labels)
        container.ports = [.init(host: "127.0.0.1", published: 5432, transport: "tcp")]
        return container
    }

    @Test("Another container, or a program of the host, is named with what may be done")
    func taken() throws {
        let byContainer = try found([["target": 5432, "published": 5432]], [container("theirs")])
        #expect(byContainer.count == 1)
        #expect(byContainer[0].contains("the host's port 5432, which the container theirs has"))
        #expect(byContainer[0].contains("`unpublished: [5432]` for db"))
        let byProgram = try found(listening: 5432)
        #expect(byProgram.first?.contains("`ss -tlnp sport = :5432`") == true)
    }

    @Test("A port that is free, left to Docker, of another transport or left unpublished is none")
    func free() throws {
        #expect(try found().isEmpty)
        #expect(try found(listening: 5433).isEmpty)
        #expect(try found([["target": 5432]], listening: 5432).isEmpty)
        #expect(try found([["target": 5432, "published": "5432-5440"]], listening: 5432).isEmpty)
        let udp: JSONValue = [["target": 5432, "published": "5432", "protocol": "udp"]]
        #expect(try found(udp, [container("theirs")], listening: 5432).isEmpty)
        let elsewhere: JSONValue = [["target": 5432, "published": "5432", "host_ip": "10.0.0.5"]]
        #expect(try found(elsewhere, [container("theirs")]).isEmpty)
        var silent = Self.shared
        silent.publish = .none
        #expect(try found(settings: silent, listening: 5432).isEmpty)
    }

    @Test("The service's own container has its port, and nobody else's")
    func own() throws {
        let labels = ["teal.app": "shop", "teal.service": "db", "teal.replica": "1"]
        #expect(
            try found(
                [["target": 5432, "published": 5432]], [container("db", labels)],
                listening: 5432
            ).isEmpty)
    }
}
