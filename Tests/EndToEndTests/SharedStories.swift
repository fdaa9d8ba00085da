import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("Shared services")
    struct Shared {
        private static let services =
            Stories.web + """

                  store:
                    image: teal/demo-shop:v1
                    environment: {SHOP_ROLE: store, SHOP_NOTE: "${NOTE:-first}"}
                    volumes: [data:/data]
                """

        @Test(
            "A shared service is replaced when asked, once, and otherwise left alone with a notice")
        func updated() async throws {
            try await Story.tell("sharedone") { story in
                try story.writeCompose(Self.services, volumes: "  data:")
                try story.writeConfiguration(
                    Stories.configuration().replacing(
                        "services:", with: "services:\n  store: {role: shared}"))
                func container() async throws -> [String] {
                    try await story.containers().filter { $0.hasPrefix("sharedone-store-1 ") }
                }
                let notice = "runs with another definition than the compose file has now"
                let quiet = try await story.deploy(["VERSION": "v1"])
                #expect(!quiet.standardError.contains(notice))
                let first = try await container()
                let told = try await story.deploy(["VERSION": "v2", "NOTE": "second"])
                #expect(told.standardError.contains(notice))
                #expect(told.standardError.contains("--update-shared store"))
                #expect(try await container() == first)

                let update = ["--update-shared", "store"]
                try await story.deploy(["VERSION": "v3", "NOTE": "second"], options: update)
                let second = try await container()
                #expect(second != first)
                try await story.deploy(["VERSION": "v4", "NOTE": "second"], options: update)
                #expect(try await container() == second)
                let after = try await story.deploy(["VERSION": "v5", "NOTE": "second"])
                #expect(!after.standardError.contains(notice))
                #expect(try await container() == second)
            }
        }

        @Test("A release that fails puts back the shared service that it had replaced")
        func putBack() async throws {
            try await Story.tell("sharedback") { story in
                try story.writeCompose(Self.services, volumes: "  data:")
                try story.writeConfiguration(
                    Stories.configuration().replacing(
                        "services:", with: "services:\n  store: {role: shared}"))
                func note() async throws -> String {
                    try await story.docker(
                        "inspect", "--format", "{{.State.Status}} {{.Config.Env}}",
                        "sharedback-store-1")
                }
                try await story.deploy(["VERSION": "v1"])
                try await story.deploy(
                    ["VERSION": "v2", "NOTE": "second", "FAIL_HEALTH": "1", "DEADLINE": "2s"],
                    options: ["--update-shared", "store"], exit: 3)
                #expect(try await note().hasPrefix("running "))
                #expect(try await note().contains("SHOP_NOTE=first"))
                let unknown = try await story.teal(["deploy", "--update-shared", "web"])
                #expect(!unknown.succeeded)
                #expect(try await story.running(in: .blue) == ["sharedback-blue-web-1"])
            }
        }
    }
}
