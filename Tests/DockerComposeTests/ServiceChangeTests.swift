@testable import DockerEngine
import BlueGreen
import Orchestration
import Testing

@testable import DockerCompose

@Suite("What differs from an earlier release")
struct ServiceChangeTests {
    private func set(
        _ services: [String: JSONValue], _ settings: [String: ServiceSettings] = [:]
    ) throws -> ContainerSet {
        try ContainerSet(
            project: Fixture.project(services), settings: settings, release: Fixture.release)
    }

    @Test("Services come, go and change; the same ones are not told")
    func kinds() throws {
        let before = try set([
            "gone": ["image": "x"], "same": ["image": "x"], "web": ["image": "web:1"],
        ])
        let now = try set([
            "new": ["image": "x"], "same": ["image": "x"],
            "web": ["image": "web:2", "command": ["serve"]],
        ])
        #expect(
            now.changes(since: before) == [
                ServiceChange("gone", .removed), ServiceChange("new", .added),
                ServiceChange("web", .changed, keys: ["command", "image"]),
            ])
    }

    @Test("Of the environment the names are told, and no value")
    func secrets() throws {
        let before = try set([
            "web": ["image": "x", "environment": ["KEPT": "1", "GONE": "1", "TOKEN": "s3cret"]]
        ])
        let now = try set([
            "web": ["image": "x", "environment": ["KEPT": "1", "NEW": "1", "TOKEN": "hunter2"]]
        ])
        let changes = now.changes(since: before)
        #expect(
            changes == [
                ServiceChange(
                    "web", .changed, keys: ["environment"], variables: ["GONE", "NEW", "TOKEN"])
            ])
        #expect(!"\(changes)".contains("s3cret") && !"\(changes)".contains("hunter2"))
    }

    @Test("Another role and another number of replicas are changes")
    func settings() throws {
        let services: [String: JSONValue] = ["worker": ["image": "x"]]
        let now = try set(
            services, ["worker": ServiceSettings(role: .singleton, replicas: 2)])
        #expect(
            now.changes(since: try set(services)) == [
                ServiceChange("worker", .changed, keys: ["replicas", "role"])
            ])
    }

    @Test("The copies that a release keeps of configs and secrets are no difference")
    func copies() throws {
        let before = try set(["web": ["image": "x", "configs": [["source": "a"]]]])
        let now = try set(["web": ["image": "x", "configs": [["source": "b"]]]])
        #expect(now.changes(since: before).isEmpty)
    }
}
