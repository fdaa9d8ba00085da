@testable import DockerEngine
import BlueGreen
import Testing

@testable import DockerCompose

@Suite("Hooks in containers")
struct HookModelTests {
    private func web(_ words: [String] = ["./migrate", "$HOME"]) throws -> (JSONValue, JSONValue) {
        let set = try Fixture.shopSet()
        let service = try #require(set.services.first { $0.name == "web" })
        let model = set.hookModel(
            Hook(words, in: .service("web")), of: service, .green,
            variables: ["TEAL_APP": "shop", "TEAL_LABEL": "a$b"])
        return (model, try #require(model["services"]?["web"]))
    }

    @Test("A hook before the start has the service's image, environment and network")
    func service() throws {
        let (model, web) = try web()
        #expect(model["name"] == "shop-green-hook")
        #expect(model["services"]?.object?.count == 1)
        #expect(web["image"] == .string("teal/shop/web:\(Fixture.release)"))
        #expect(web["environment"]?["TOKEN"] == "a$$b")
        #expect(web["environment"]?["TEAL_APP"] == "shop")
        #expect(
            web["networks"]?.object?.keys.sorted()
                == ["proxy", "shop-green", "shop-green_back"])
        #expect(web["configs"] == [["source": "site"]])
    }

    @Test("Its words are the program, and no dollar of theirs is taken for a variable")
    func words() throws {
        let (_, web) = try web()
        #expect(web["entrypoint"] == ["./migrate", "$$HOME"])
        #expect(web["command"] == nil)
        #expect(web["environment"]?["TEAL_LABEL"] == "a$$b")
    }

    @Test("Nothing of it could be taken for a replica")
    func noReplica() throws {
        let (_, web) = try web()
        #expect(web["networks"]?["shop-green"] == .object([:]))
        #expect(web["container_name"] == nil)
        #expect(web["healthcheck"] == nil)
        #expect(web["ports"] == nil)
        #expect(web["restart"] == "no")
        let labels = web["labels"]?.object ?? [:]
        #expect(labels["teal.hook"] == "web")
        #expect(labels["teal.release"] == .string(Fixture.release.text))
        for name in ["teal.service", "teal.replica", "teal.role"] { #expect(labels[name] == nil) }
    }

    @Test("Compose runs it without a terminal, without what it depends on, and removes it")
    func command() {
        let command = ComposeCommand.runHook(
            "web", project: "shop-green-hook", file: "/s/green-hook.json", timeLimit: .seconds(9))
        #expect(
            command.arguments == [
                "--project-name", "shop-green-hook", "--file", "/s/green-hook.json", "run", "--rm",
                "--no-deps", "-T", "web",
            ])
        #expect(command.timeLimit == .seconds(9))
    }

    @Test("Lines are cut from frames however the pieces fall", arguments: [1, 3, 7, 1000])
    func frames(pieceLength: Int) {
        let framed =
            frame(1, "one\ntw") + frame(2, "err\r\n") + frame(1, "") + frame(1, "o\nlast")
        var frames = FrameLines()
        var lines: [String] = []
        for start in stride(from: 0, to: framed.count, by: pieceLength) {
            lines += frames.take(framed[start..<min(start + pieceLength, framed.count)])
        }
        #expect(lines == ["one", "err", "two"])
        #expect(frames.finish() == ["last"])
    }

    @Test("A line without end is cut")
    func endless() {
        var frames = FrameLines()
        let lines = frames.take(frame(1, String(repeating: "x", count: 200_000)))
        #expect(lines.map(\.utf8.count) == [65_536, 65_536, 65_536])
    }

    private func frame(_ stream: UInt8, _ text: String) -> [UInt8] {
        let length = UInt32(text.utf8.count)
        let bytes = (0..<4).map { UInt8(truncatingIfNeeded: length >> (24 - 8 * $0)) }
        return [stream, 0, 0, 0] + bytes + Array(text.utf8)
    }
}
