import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("nginx in a container")
    struct ContainerNginx {
        private func tell(
            _ app: String, more: String = "", _ body: (Story, String) async throws -> Void
        ) async throws {
            try await Story.tell(app) { story in
                try await story.stopNginx()
                let container = try await story.startContainerNginx()
                do {
                    try story.writeCompose(Stories.web)
                    try story.writeConfiguration(
                        Stories.configuration(more: more), nginxContainer: container)
                    try await story.deploy(["VERSION": "v1"])
                    try await story.openContainerSite()
                    try await story.untilVersion("v1")
                    try await body(story, container)
                } catch {
                    try await story.docker("rm", "--force", container)
                    throw error
                }
                try await story.docker("rm", "--force", container)
            }
        }

        @Test("An upload to a colour that is stopped meanwhile ends in the other one")
        func upload() async throws {
            try await tell("boxlate", more: "keep: {previous: stopped}") { story, _ in
                let answer = try await story.upload("/echo") {
                    try await story.deploy(["VERSION": "v2"])
                }
                #expect(answer.status == 200)
                #expect(answer.headers["x-shop-version"] == "v2")
            }
        }

        @Test("A deploy and a rollback lose nothing behind an nginx in a container")
        func container() async throws {
            try await tell("boxed") { story, _ in
                let (_, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2"])
                    let back = try await story.teal(["rollback"])
                    #expect(back.succeeded)
                }
                #expect(load.lost == 0)
                #expect(load.answers.count == 2)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("One that lost a colour's network is told of, and joined again by what comes next")
        func lostNetwork() async throws {
            try await tell("boxlost") { story, container in
                try await story.deploy(["VERSION": "v2"])
                try await story.docker("network", "disconnect", "boxlost-green", container)
                let status = try await story.teal(["status"])
                #expect(status.ending == .exited(5))
                #expect(status.standardOutput.contains("boxlost-green"))
                #expect(try await story.teal(["resume"]).succeeded)
                #expect(try await story.version() == "v2")
                #expect(try await story.teal(["status"]).succeeded)
                try await story.docker("network", "disconnect", "boxlost-blue", container)
                #expect(try await story.teal(["rollback"]).succeeded)
                #expect(try await story.version() == "v1")
                let down = try await story.teal(["down", "--yes"])
                // The site reads the app's files still, which is told.
                #expect(down.standardOutput.contains("its containers and networks are gone"))
            }
        }

        @Test("12: A single-file bind mount that has gone stale is seen before anything is touched")
        func stale() async throws {
            try await tell("boxstale") { story, container in
                try await story.docker("rm", "--force", container)
                try await story.startContainerNginx(mountingSingleFilesOf: story.app)
                try await story.untilVersion("v1")
                // A second service changes http.conf, which the container would not see.
                try story.writeCompose(
                    Stories.web
                        + "\n  api: {image: \"teal/demo-shop:v1\", environment: {SHOP_ROLE: api}}")
                try story.writeConfiguration(
                    Stories.configuration().replacing(
                        "services:", with: "services:\n  api: {port: 8080}"),
                    nginxContainer: container)
                let result = try await story.deploy(["VERSION": "v2"], exit: 3)
                #expect(result.standardOutput.contains("boxstale-nginx"))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .blue) == ["boxstale-blue-web-1"])
            }
        }
    }
}
