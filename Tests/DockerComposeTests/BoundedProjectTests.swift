@testable import DockerEngine
import BlueGreen
import Glibc
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import DockerCompose

@Suite("A compose project without a bound")
struct BoundedProjectTests {
    @Test("A secret that could not be copied is told before anything begins, with its reason")
    func absences() throws {
        let folder = try TemporaryFolder()
        let file = { (name: String) in "\(folder.path)/\(name)" }
        try AtomicFile.write("x", to: file("good"), access: .ownerOnly)
        #expect(mkfifo(file("pipe"), 0o600) == 0)
        try AtomicFile.write("", to: file("large"), access: .ownerOnly)
        #expect(truncate(file("large"), 6 << 30) == 0)
        let model: JSONValue = [
            "configs": ["a": ["file": .string(file("none"))], "b": ["content": "text"]],
            "secrets": [
                "c": ["file": .string(file("good"))], "d": ["file": .string(file("pipe"))],
                "e": ["file": .string(file("large"))], "f": ["file": .string(folder.path)],
                "g": ["environment": "SHOP_TOKEN"], "h": ["environment": "SHOP_OTHER"],
                "i": ["external": true, "name": "elsewhere"],
            ],
        ]
        let copies = FileCopies(folder: file("copies"), environment: ["SHOP_TOKEN": "x"])
        let found = copies.absences(in: model)
        let remedy = " Correct `file:` in the compose file, or put the file there."
        let large = "it is larger than 16M, and nothing of that size is read."
        let expected: [String] = [
            "The config a cannot be read from \(file("none")): it does not exist." + remedy,
            "The secret d cannot be read from \(file("pipe")): it is no regular file." + remedy,
            "The secret e cannot be read from \(file("large")): " + large + remedy,
            "The secret f cannot be read from \(folder.path): it is a folder." + remedy,
            "h takes its content from the environment variable SHOP_OTHER, which is not set. "
                + "Set it, or use `file:`.",
        ]
        #expect(found.map(\.text) == expected)
        // Only what a hook may still bring.
        #expect(found.compactMap(\.missingFile) == [file("none")])
        for name in ["pipe", "large"] {
            let secret: JSONValue = ["secrets": ["s": ["file": .string(file(name))]]]
            #expect(throws: HostError.self) { try copies.materialized(secret) }
        }
    }

    @Test("A million replicas are one problem, which is found at once")
    func replicas() throws {
        let project = Fixture.project([
            "web": ["image": "x", "deploy": ["replicas": 1_000_000]]
        ])
        #expect(
            project.problems([:]).map(\.message) == [
                "web would run 1000000 times, and at most 64 are possible. Set `replicas:` to less."
            ])
    }

    @Test("More containers in a colour than a host could run are refused")
    func containers() throws {
        let names = (1...9).map { "s\($0)" }
        let project = Fixture.project(
            Dictionary(uniqueKeysWithValues: names.map { ($0, ["image": "x", "scale": 60]) }))
        #expect(throws: DockerError.tooMany("containers", 540, most: 500)) {
            try project.plan([:])
        }
    }

    @Test("More services than an app can have are refused before any of them is looked at")
    func services() async throws {
        let text = (1...201).map { #""s\#($0)": {"image": "x"}"# }.joined(separator: ",")
        try await expect(
            DockerError.tooMany("services", 201, most: 200),
            printed: "{\"services\": {\(text)}}")
    }

    @Test("A model that Compose prints without end is told as too long")
    func longModel() async throws {
        try await expect(
            DockerError.unreadableModel(reason: "it is longer than 4M"),
            printed: "{" + String(repeating: " ", count: 4 << 20))
    }

    private func expect(_ error: DockerError, printed text: String) async throws {
        let tool = ComposeTool(call: ["c"], environment: [:])
        let source = ComposeProject.Source(app: "s", files: [], envFiles: [], directory: "/d")
        let runner = ScriptedRunner(.success(.printed(text)))
        await #expect(throws: error) {
            _ = try await ComposeProject.resolve(source, tool: tool, runner: runner)
        }
    }
}
