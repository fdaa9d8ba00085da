@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import Testing

struct ServiceDefinitionTests {
    private func definition(
        _ service: JSONValue, _ settings: ServiceSettings = ServiceSettings(role: .shared),
        release: ReleaseID = Fixture.release, sections: [String: JSONValue] = [:]
    ) throws -> ServiceDefinition {
        var model: JSONValue = ["name": "shop", "services": ["db": service]]
        for (key, section) in sections { model[key] = section }
        let set = try ContainerSet(
            project: ComposeProject(app: "shop", model: model), settings: ["db": settings],
            release: release)
        return set.definition(of: try #require(set.services.first))
    }

    private let service: JSONValue = [
        "image": "postgres:16", "command": .null, "environment": ["A": "a"],
        "volumes": [["type": "volume", "source": "data", "target": "/data"]],
        "secrets": [["source": "key"]], "deploy": ["replicas": 1],
    ]

    private func sections(folder: String) -> [String: JSONValue] {
        [
            "volumes": ["data": ["name": "shop_data"]],
            "secrets": ["key": ["name": "shop_key", "file": .string("\(folder)/secrets-key-1f")]],
        ]
    }

    @Test("It is the same in every release, wherever the release's files lie")
    func stable() throws {
        let first = try definition(service, sections: sections(folder: "/s/releases/1"))
        let second = try definition(
            service, release: Fixture.release(7), sections: sections(folder: "/s/releases/7"))
        #expect(first == second)
        #expect(first.digest == second.digest)
        #expect(first.json["image"] == "postgres:16")
    }

    @Test("What the container would be made of otherwise is named by its key")
    func differences() throws {
        let before = try definition(service, sections: sections(folder: "/s"))
        var changed = service
        changed["image"] = "postgres:17"
        changed["environment"] = ["A": "b"]
        changed["cpus"] = 1
        var sections = sections(folder: "/s")
        sections["secrets"]?["key"]?["file"] = "/s/secrets-key-2a"
        sections["volumes"] = ["data": ["name": "other"]]
        let after = try definition(changed, sections: sections)
        #expect(
            after.keys(differingFrom: before)
                == ["cpus", "environment", "image", "secrets", "volumes"])
        #expect(after.digest != before.digest)
    }

    @Test("What has no part in the container makes no difference")
    func immaterial() throws {
        let before = try definition(["image": "x"])
        let after = try definition([
            "image": "x", "build": ["context": "/c"], "pull_policy": "always", "profiles": ["a"],
            "develop": [:], "entrypoint": .null,
        ])
        #expect(after == before)
    }

    @Test("Labels of the model carry the digest, and Compose's own keys keep the definition")
    func model() throws {
        let model = try Fixture.shopSet().sharedModel()
        let definition = try #require(SharedModel.definition(of: "db", in: model))
        #expect(SharedModel.digest(of: "db", in: model) == definition.digest)
        #expect(definition.json["image"] == "postgres:16")
    }
}
