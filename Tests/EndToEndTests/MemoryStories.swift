import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("Memory of a start")
    struct Memory {
        private static let services =
            Stories.web.replacing(
                "teal/demo-shop:v1",
                with: "teal/demo-shop:v1\n    restart: always\n    mem_limit: 64m\n"
                    + "    memswap_limit: 64m"
            ).replacing(
                "SHOP_ROLE: web", with: "SHOP_ROLE: web\n      SHOP_MEMORY_MB: ${MB:-0}")
                + """

                  broker:
                    image: teal/demo-shop:v1
                    environment: {SHOP_ROLE: broker}
                    mem_limit: 64m
                    memswap_limit: 64m
                    volumes: [data:/data]
                """

        private static func tell(
            _ app: String, _ body: (Story) async throws -> Void
        ) async throws {
            try await Story.tell(app) { story in
                try story.writeCompose(services, volumes: "  data:")
                try story.writeConfiguration(
                    Stories.configuration().replacing(
                        "services:", with: "services:\n  broker: {role: shared}"))
                try await story.deploy(["VERSION": "v1"], options: ["--release", "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                try await body(story)
            }
        }

        @Test("A24: A shared service that is OOM-killed during a start ends it and is named")
        func sharedKilled() async throws {
            try await Self.tell("memshared") { story in
                async let deploy = story.deploy(
                    ["VERSION": "v2", "HEALTH_AFTER_MS": "120000", "DEADLINE": "120s"], exit: 3)
                try await story.until("the candidate runs") {
                    try await story.running(in: .green) == ["memshared-green-web-1"]
                }
                let glutton = try await story.run(
                    Command(
                        "docker",
                        [
                            "exec", "--env", "SHOP_PORT=9090", "--env", "SHOP_MEMORY_MB=200",
                            "memshared-broker-1", "/shop",
                        ]))
                #expect(!glutton.succeeded)
                let text = try await deploy.standardOutput
                #expect(text.contains("Why: The shared broker-1 ran out of memory and "))
                #expect(text.contains("while green web-1 started: its memory limit is 64M."))
                #expect(text.contains("Next: raise the memory limit of broker"))
                #expect(try await story.running(in: .green).isEmpty)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("A25: With restart: always, want of memory is the reason, with limit and remedy")
        func restartAlways() async throws {
            try await Self.tell("memalways") { story in
                let result = try await story.deploy(["VERSION": "v2", "MB": "200"], exit: 3)
                let text = result.standardOutput
                #expect(text.contains("Why: green web-1 ran out of memory and was OOM-killed "))
                #expect(text.contains(": its memory limit is 64M."))
                #expect(text.contains("Next: raise the memory limit of web in the compose file"))
                #expect(!text.contains("was restarted"))
                #expect(try await story.version() == "v1")
            }
        }
    }
}
