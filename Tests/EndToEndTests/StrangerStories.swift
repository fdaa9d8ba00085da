import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("Containers that Teal did not make")
    struct Strangers {
        private static let store = """

              store:
                image: teal/demo-shop:v1
                environment: {SHOP_ROLE: store}
                volumes: [data:/data]
            """

        /// A container of somebody else, and its end.
        private static func withStranger(
            _ story: Story, _ arguments: [String], name: String,
            _ body: () async throws -> Void
        ) async throws {
            try await story.docker(["run", "--detach", "--name", name] + arguments)
            do {
                try await body()
            } catch {
                try await story.docker("rm", "--force", "--volumes", name)
                throw error
            }
            try await story.docker("rm", "--force", "--volumes", name)
        }

        private static func labels(_ project: String, _ service: String) -> [String] {
            [
                "--label", "com.docker.compose.project=\(project)",
                "--label", "com.docker.compose.service=\(service)",
                "--label", "com.docker.compose.oneoff=False",
                "--label", "com.docker.compose.container-number=1",
                "--label", "com.docker.compose.config-hash=0",
            ]
        }

        private static let shop = ["--env", "SHOP_ROLE=store", "teal/demo-shop:v1"]

        @Test("A1: A container in a colour's project is refused by name, and nothing touches it")
        func inProject() async throws {
            try await Stories.tell("strange") { story in
                let stranger = "strange-stranger"
                try await Self.withStranger(
                    story, Self.labels("strange-green", "web") + Self.shop, name: stranger
                ) {
                    func identity() async throws -> String {
                        try await story.docker(
                            "inspect", "--format", "{{.Id}} {{.State.Status}}", stranger)
                    }
                    let before = try await identity()
                    let check = try await story.teal(["check"])
                    #expect(!check.succeeded)
                    #expect(check.standardOutput.contains("`docker stop \(stranger) && docker rm"))
                    let plan = try await story.teal(["plan"])
                    #expect(!plan.succeeded && plan.standardOutput.contains(stranger))
                    let refused = try await story.deploy(["VERSION": "v2"], exit: 3)
                    let named = "\(stranger) is in the compose project strange-green"
                    #expect(refused.standardOutput.contains(named))
                    #expect(try await story.version() == "v1")

                    // One that is stopped would be replaced as well, or started by Compose.
                    try await story.docker("stop", stranger)
                    try await story.deploy(["VERSION": "v2"], exit: 3)
                    try await story.docker("start", stranger)
                    let status = try await story.teal(["status"])
                    #expect(status.ending == .exited(0))
                    #expect(status.standardOutput.contains("In the way of the next deploy: "))
                    #expect(status.standardOutput.contains(stranger))
                    try await story.remove("\(story.folder)/nginx/site/strange.conf")
                    try await story.reloadNginx()
                    #expect(try await story.teal(["down", "--yes"]).succeeded)
                    #expect(try await identity() == before)
                }
            }
        }

        @Test("A1: An app cannot have the name of another one's colour")
        func names() async throws {
            try await Story.tell("sales-blue") { story in
                try story.writeCompose(Stories.web)
                try story.writeConfiguration(Stories.configuration())
                let refused = try await story.deploy(exit: 78)
                #expect(refused.standardError.contains("none of Teal's own endings"))
            }
        }

        @Test("A2: A second writer on a volume in use is refused before anything starts")
        func secondWriter() async throws {
            try await Story.tell("writers") { story in
                let volume = "writers-records"
                let name = "writers-stranger"
                try await story.docker("volume", "create", volume)
                do {
                    try story.writeCompose(
                        Stories.web + Self.store,
                        volumes: "  data: {external: true, name: \(volume)}")
                    try story.writeConfiguration(
                        Stories.configuration().replacing(
                            "services:", with: "services:\n  store: {role: shared}"))
                    try await Self.withStranger(
                        story, ["--volume", "\(volume):/data"] + Self.shop, name: name
                    ) {
                        let line =
                            "\(volume) is mounted writable by \(name), which Teal did not make"
                        let check = try await story.teal(["check"])
                        #expect(!check.succeeded && check.standardOutput.contains(line))
                        let refused = try await story.deploy(exit: 3)
                        #expect(refused.standardOutput.contains(line))
                        #expect(refused.standardOutput.contains("`docker stop \(name)`"))
                        #expect(try await story.containers() == [])

                        try await story.docker("stop", name)
                        try await story.deploy(["VERSION": "v1"])
                        try await story.deploy(["VERSION": "v2"])
                        // Beside the store that writes already the way back adds no writer.
                        try await story.docker("start", name)
                        try await story.deploy(["VERSION": "v3"], exit: 3)
                        #expect(try await story.teal(["rollback"]).succeeded)
                    }
                    try await Self.withStranger(
                        story, ["--volume", "\(volume):/data:ro"] + Self.shop, name: name
                    ) { try await story.deploy(["VERSION": "v4"]) }
                    #expect(try await story.teal(["down", "--yes", "--volumes"]).succeeded)
                } catch {
                    _ = try await story.teal(["down", "--yes"])
                    try await story.docker("volume", "rm", "--force", volume)
                    throw error
                }
                // It has no label of the app, so it stays.
                try await story.docker("volume", "rm", volume)
            }
        }

        @Test("A16: docker compose up by habit leaves the live app's database alone")
        func habit() async throws {
            try await Story.tell("habit") { story in
                try story.writeCompose(Stories.web + Self.store, volumes: "  data:")
                try story.writeConfiguration(
                    Stories.configuration().replacing(
                        "services:", with: "services:\n  store: {role: shared}"))
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                func store() async throws -> String {
                    try await story.docker(
                        "inspect", "--format",
                        "{{.Id}} {{.State.Status}} {{range $k, $v := .NetworkSettings.Networks}}"
                            + "{{$k}} {{end}}", "habit-store-1")
                }
                let before = try await store()
                #expect(before.contains("running") && before.contains("habit-blue habit-green"))
                func compose(_ arguments: String...) async throws -> CommandResult {
                    try await story.compose(["--project-name", "habit"] + arguments)
                }
                let up = try await compose("up", "--detach")
                #expect(!up.succeeded)
                #expect(up.standardError.contains("habit-store-1"))
                #expect(try await store() == before)
                // The rest of the project, which nothing keeps Compose from starting.
                #expect(try await compose("up", "--detach", "--no-deps", "web").succeeded)
                let status = try await story.teal(["status"])
                #expect(status.ending == .exited(0))
                #expect(status.standardOutput.contains("habit-web-1"))
                #expect(
                    status.standardOutput.contains("`docker compose --project-name habit down`"))
                #expect(try await compose("down").succeeded)
                #expect(try await store() == before)
                #expect(try await !story.teal(["status"]).standardOutput.contains("In the way"))

                try await story.docker("network", "disconnect", "habit-blue", "habit-store-1")
                let off = try await story.teal(["status"])
                #expect(off.ending == .exited(5))
                #expect(off.standardOutput.contains("habit-store-1 is off the network habit-blue"))
                #expect(off.standardOutput.contains("teal resume"))
                #expect(try await story.teal(["resume"]).succeeded)
                #expect(try await store() == before)
                let aliases = try await story.docker(
                    "inspect", "--format",
                    "{{json (index .NetworkSettings.Networks \"habit-blue\").Aliases}}",
                    "habit-store-1")
                #expect(aliases.contains("\"store\""))
            }
        }
    }
}
