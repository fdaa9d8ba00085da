import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Beginning")
    struct Beginning {
        @Test("What init writes for a compose file is checked, deployed and answers")
        func begin() async throws {
            try await Story.tell("initfresh") { story in
                let services = """
                    \(Stories.web)
                        ports: ["8080:8080"]
                      store:
                        image: teal/demo-shop:v2
                        environment: {SHOP_ROLE: store}
                        volumes: [orders:/data]
                    """
                try story.writeCompose(services, volumes: "  orders:")
                let written = try await story.tealInit(["--app", story.app])
                #expect(written.succeeded, "\(written.standardError)")
                #expect(written.standardOutput.contains("include /etc/nginx/teal/*/http.conf;"))
                let proposed = try FileSystem().readText(story.folder + "/teal.yml")
                // It writes, and nothing tells what it is: check refuses until that is decided.
                let refused = try await story.teal(["check"])
                #expect(refused.standardOutput.contains("services.store.role is undecided"))
                let decided = proposed.replacing("role: undecided", with: "role: shared")
                try story.write(
                    """
                    \(decided)
                    nginx:
                      directory: \(story.folder)/nginx/teal
                      config: \(story.folder)/nginx/nginx.conf
                      status: 127.0.0.1:\(story.statusPort)
                    """, to: "teal.yml")
                let checked = try await story.teal(["check"])
                #expect(checked.succeeded, "\(checked.standardOutput)")
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
            }
        }

        @Test("The app is called as Compose calls the project, and Compose's warnings are told")
        func name() async throws {
            try await Story.tell("initname") { story in
                try story.writeCompose(
                    Stories.web + "\n    ports: [\"8080:8080\"]\n    labels: {of: \"${OWNER}\"}")
                try story.write("COMPOSE_PROJECT_NAME=acme_shop\nVERSION=v1\n", to: ".env")
                let written = try await story.tealInit()
                #expect(written.succeeded, "\(written.standardError)")
                #expect(
                    try FileSystem().readText(story.folder + "/teal.yml").contains(
                        "\napp: acme-shop\n"))
                #expect(written.standardOutput.contains("not set, and so empty: OWNER"))
            }
        }

        @Test("A teal.yml that is there is left alone unless init is told otherwise")
        func existing() async throws {
            try await Story.tell("initagain") { story in
                try story.writeCompose(Stories.web + "\n    ports: [\"8080:8080\"]")
                try story.write("app: mine\n", to: "teal.yml")
                let refused = try await story.tealInit()
                #expect(refused.ending == .exited(64))
                #expect(refused.standardError.contains("--force"))
                #expect(try FileSystem().readText(story.folder + "/teal.yml") == "app: mine\n")
                let shown = try await story.tealInit(["--output", "-", "--app", "other"])
                #expect(shown.standardOutput.contains("\napp: other\n"))
                #expect(try FileSystem().readText(story.folder + "/teal.yml") == "app: mine\n")
                let forced = try await story.tealInit(["--force", "--app", "other"])
                #expect(forced.succeeded)
                #expect(
                    try FileSystem().readText(story.folder + "/teal.yml")
                        == shown.standardOutput)
            }
        }
    }
}
