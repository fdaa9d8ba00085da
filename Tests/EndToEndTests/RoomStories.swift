import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("Room", .alone)
    struct Room {
        /// What `/memory` gives a container to hold, in MB: so much that the host's own ups and
        /// downs during a story do not matter, yet nothing that its machine would feel.
        private static let ballast = 3000

        private static func configuration(room: String) -> String {
            Stories.configuration(more: "room: \(room)")
                .replacing("port: 8080,", with: "port: 8080, memory: \"${MEMORY:-16M}\",")
        }

        /// What Teal says the host has for a set, in MB: it tells so where it refuses one.
        private static func have(_ story: Story) async throws -> Int {
            let result = try await story.deploy(["MEMORY": "1000000M"], exit: 3)
            guard let found = result.standardOutput.firstMatch(of: /needs \d+ MB of (\d+) MB/),
                let megabytes = Int(found.1)
            else { throw StoryError.unexpected("asking for the room", result) }
            return megabytes
        }

        /// A figure between what the host has now and what it has without this container: such a
        /// set fits alone, and not beside the one that has traffic.
        private static func fillAndMeasure(_ story: Story) async throws -> String {
            try await story.until("the container holds its ballast") {
                // Right after a reload a worker of before may still say that there is no site.
                try await story.get("/memory?mb=\(ballast)", timeLimit: .seconds(60)).status == 200
            }
            return "\(try await have(story) + ballast / 2)M"
        }

        /// A v1 that fits now and will not fit beside a container with ballast.
        private static func tell(
            _ app: String, room: String = "stop-first", _ body: (Story) async throws -> Void
        ) async throws {
            try await Story.tell(app) { story in
                try story.writeCompose(Stories.web)
                try story.writeConfiguration(configuration(room: room))
                let memory = "\(try await have(story) - ballast / 2)M"
                try await story.deploy(
                    ["VERSION": "v1", "MEMORY": memory], options: ["--release", "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                try await body(story)
            }
        }

        @Test("25: A set that does not fit is refused with have and need, and nothing is touched")
        func refused() async throws {
            try await Stories.tell("roomrefuse") { story in
                let before = try await story.containers()
                // Nobody answers at the image's registry, so a pull would be told of.
                let image = "127.0.0.1:1/absent:v2"
                try story.writeCompose(
                    Stories.web.replacing("teal/demo-shop:v1", with: image)
                        + "\n  api: {image: \"\(image)\", mem_limit: 1000g}")
                try story.writeConfiguration(Self.configuration(room: "refuse"))
                let result = try await story.deploy(
                    ["VERSION": "v2", "MEMORY": "1000000M"], exit: 3)
                let lines = result.standardOutput.split(separator: "\n").map { line in
                    line.split(separator: " ").joined(separator: " ")
                }
                #expect(lines.contains { $0.contains("needs 2024000 MB of ") })
                #expect(lines.contains("service containers each MB known from"))
                #expect(lines.contains("api 1 1024000 1024000 its memory limit"))
                #expect(lines.contains("web 1 1000000 1000000 its memory limit"))
                #expect(lines.contains { $0.hasPrefix("memory available ") })
                #expect(lines.contains { $0.hasPrefix("Traffic is on blue") })
                #expect(try await story.containers() == before)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("25: With room: warn it goes on, and says that the set may not fit")
        func warned() async throws {
            try await Stories.tell("roomwarn") { story in
                try story.writeConfiguration(Self.configuration(room: "warn"))
                let result = try await story.deploy(["VERSION": "v2", "MEMORY": "1000000M"])
                #expect(result.standardOutput.contains("Warning: The set may not fit"))
                #expect(try await story.version() == "v2")
            }
        }

        @Test("25: What fits only alone is refused without the user's word for it")
        func refusedBeside() async throws {
            try await Self.tell("roombeside", room: "refuse") { story in
                let memory = try await Self.fillAndMeasure(story)
                let result = try await story.deploy(["VERSION": "v2", "MEMORY": memory], exit: 3)
                #expect(result.standardOutput.contains("does not fit"))
                #expect(try await story.version() == "v1")
            }
        }

        @Test("25: stop-first swaps the two sets behind a 503, there and, cold, back again")
        func stopFirst() async throws {
            try await Self.tell("roomstop") { story in
                let memory = try await Self.fillAndMeasure(story)
                var visitors = Load()
                visitors.headers = ["Connection: close"]
                let (result, load) = try await story.underLoad(visitors) {
                    async let page = Self.awayPage(story)
                    let result = try await story.deploy(
                        ["VERSION": "v2", "MEMORY": memory, "HEALTH_AFTER_MS": "2000"],
                        options: ["--release", "v2"])
                    let away = try await page
                    #expect(away.headers["retry-after"] == "10")
                    #expect(away.headers["content-type"] == "text/html; charset=utf-8")
                    #expect(away.body.contains("It will be back in a moment."))
                    return result
                }
                #expect(result.standardOutput.contains("that one is stopped first"))
                #expect(load.unanswered == 0)
                #expect(Set(load.statuses.keys) == [200, 503])
                #expect(load.answers["v1", default: 0] > 0)
                #expect(load.answers["v2", default: 0] > 0)
                let stopped = try await story.finishedAt("roomstop-blue-web-1")
                let started = try await story.startedAt("roomstop-green-web-1")
                #expect(stopped < started)
                #expect(try await story.running(in: .blue).isEmpty)

                _ = try await Self.fillAndMeasure(story)
                let back = try await story.teal(["rollback"])
                #expect(back.succeeded)
                #expect(back.standardError.contains("cold rollback"))
                #expect(back.standardOutput.contains("that one is stopped first"))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        @Test("25: When the new one fails behind the 503, the old release is back and answers")
        func stopFirstFails() async throws {
            try await Self.tell("roomback") { story in
                let memory = try await Self.fillAndMeasure(story)
                let result = try await story.deploy(
                    ["VERSION": "v2", "MEMORY": memory, "FAIL_HEALTH": "1", "DEADLINE": "2s"],
                    exit: 4)
                #expect(result.standardOutput.contains("/healthz answered 500"))
                #expect(result.standardOutput.contains("Traffic is on blue"))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }

        @Test(
            "25: Killed behind the 503, the next command brings the old release back",
            arguments: ["making room", "starting", "probing"])
        func stopFirstKilled(phase: String) async throws {
            let app = "roomkill" + phase.filter { $0 != " " }
            try await Self.tell(app) { story in
                let memory = try await Self.fillAndMeasure(story)
                let run = try await story.tealUntil(
                    "== \(phase)", signal: "KILL", ["deploy"],
                    ["VERSION": "v2", "MEMORY": memory, "HEALTH_AFTER_MS": "3000"])
                #expect(run.ending == .signalled(9))
                let resumed = try await story.teal(["resume"])
                #expect([3, 4].map { .exited($0) }.contains(resumed.ending))
                #expect(try await story.version() == "v1")
                #expect(try await story.teal(["status"]).succeeded)
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        private static func awayPage(_ story: Story) async throws -> Answer {
            for _ in 1...300 {
                let answer = try await story.get("/version")
                if answer.status == 503 { return answer }
                try await Task.sleep(for: .milliseconds(50))
            }
            throw StoryError.unreadable("nginx never answered 503")
        }
    }
}
