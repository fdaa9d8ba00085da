import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Restarts")
    struct RestartStories {
        /// Two replicas of `web` that serve v1, each with the container it began with.
        private static func tell(
            _ app: String, replicas: Int = 2, _ body: (Story) async throws -> Void
        ) async throws {
            try await Story.tell(app) { story in
                try story.writeCompose(
                    Stories.web
                        + "\n  db: {image: teal/demo-shop:v1, environment: {SHOP_ROLE: api}}")
                try story.writeConfiguration(
                    Stories.configuration().replacing(
                        "services:", with: "services:\n  db: {role: shared, health: {tcp: 8080}}"
                    ).replacing("port: 8080,", with: "port: 8080, replicas: \(replicas),"))
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                try await body(story)
            }
        }

        private static func starts(_ story: Story, _ names: String...) async throws -> [String] {
            try await story.docker(["inspect", "--format", "{{.Id}} {{.State.StartedAt}}"] + names)
                .split(separator: "\n").map(String.init)
        }

        @Test("Both replicas restart under load, one after the other, and no GET is lost")
        func underLoad() async throws {
            let app = "again"
            try await Self.tell(app) { story in
                let names = ["\(app)-blue-web-1", "\(app)-blue-web-2"]
                let before = try await Self.starts(story, names[0], names[1])
                let (result, report) = try await story.underLoad(
                    Load(method: "GET", path: "/version")
                ) {
                    try await story.teal(["restart", "web"])
                }
                #expect(result.succeeded, "\(result.standardError)")
                #expect(result.standardOutput.contains("Restarted: web-1, web-2 of blue."))
                #expect(report.lost == 0, "\(report)")
                #expect(report.answers["v1", default: 0] > 0)
                let after = try await Self.starts(story, names[0], names[1])
                for (old, new) in zip(before, after) {
                    #expect(old != new)
                    #expect(old.split(separator: " ")[0] == new.split(separator: " ")[0])
                }
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("One replica, or a shared service, restarts alone, and is said to be down meanwhile")
        func one() async throws {
            try await Self.tell("againone", replicas: 1) { story in
                let before = try await Self.starts(story, "againone-blue-web-1")
                let result = try await story.teal(["restart", "db", "--json"])
                #expect(result.succeeded, "\(result.standardError)")
                #expect(result.standardError.contains("db has one replica, and is down until"))
                #expect(result.standardOutput.contains("\"db-1\""))
                #expect(try await Self.starts(story, "againone-blue-web-1") == before)
                let web = try await story.teal(["restart", "web", "--replica", "1"])
                #expect(web.succeeded, "\(web.standardError)")
                #expect(try await Self.starts(story, "againone-blue-web-1") != before)
                try await story.untilVersion("v1")
                let unknown = try await story.teal(["restart", "wbe"])
                #expect(unknown.ending == .exited(64))
                #expect(unknown.standardError.contains("did you mean \"web\"?"))
            }
        }
    }
}
