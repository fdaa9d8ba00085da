import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Through nginx")
    struct Edge {
        /// Blue and green were both deployed, green has traffic and blue runs still.
        private func tell(_ app: String, _ body: (Story) async throws -> Void) async throws {
            try await Stories.tell(app) { story in
                try await story.deploy(["VERSION": "v2"], options: ["--release", "v2"])
                try await story.untilVersion("v2")
                try await body(story)
            }
        }

        @Test("A host whose nginx may not reach the containers ends before the switch, with words")
        func forbidden() async throws {
            try await tell("edgewall") { story in
                try await story.keepNginx(from: .blue) {
                    // The containers of v1 are as healthy as they ever were.
                    let (back, load) = try await story.underLoad {
                        try await story.teal(["rollback"])
                    }
                    #expect(back.ending == .exited(3))
                    #expect(back.standardError.contains("== probing edge"))
                    #expect(back.standardOutput.contains("nginx could not connect to "))
                    #expect(!back.standardError.contains("== switching"))
                    #expect(load.lost == 0)
                    #expect(Array(load.answers.keys) == ["v2"])
                    let result = try await story.deploy(["VERSION": "v3"], exit: 3)
                    #expect(result.standardOutput.contains("blue web is up, but nginx could not"))
                    #expect(result.standardOutput.contains("nginx's error log"))
                    #expect(!result.standardOutput.contains("setsebool"))
                    #expect(!result.standardError.contains("== switching"))
                    #expect(try await story.version() == "v2")
                    #expect(try await story.running(in: .blue).isEmpty)
                }
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }

        @Test("A broken app is told by its own answer, and nothing is said of nginx")
        func brokenApp() async throws {
            try await tell("edgeapp") { story in
                let result = try await story.deploy(
                    ["VERSION": "v3", "FAIL_HEALTH": "1", "DEADLINE": "2s"], exit: 3)
                #expect(result.standardOutput.contains("/healthz answered 500"))
                #expect(!result.standardOutput.contains("nginx could not connect"))
                #expect(result.standardError.contains("== probing"))
                #expect(!result.standardError.contains("== probing edge"))
            }
        }
    }
}
