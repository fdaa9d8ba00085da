import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Promoting by hand")
    struct Promoting {
        private static let manual = "promote: manual\npromote_within: ${WITHIN:-1h}"

        /// v1 is deployed without anybody's word, and everything after it waits for one.
        private static func tell(
            _ app: String, more: String = "", _ body: (Story) async throws -> Void
        ) async throws {
            try await Stories.tell(app) { story in
                try story.writeConfiguration(
                    Stories.configuration(more: "\(manual)\n\(more)"))
                try await body(story)
            }
        }

        @Test("A healthy release waits without traffic until somebody promotes it")
        func promoted() async throws {
            try await Self.tell("waitpromote") { story in
                let (_, load) = try await story.underLoad {
                    async let deploy = story.deploy(
                        ["VERSION": "v2"], options: ["--release", "v2"])
                    try await story.untilWaiting()
                    #expect(try await story.version() == "v1")
                    #expect(try await story.teal(["status"]).succeeded)
                    let promote = try await story.answer("promote")
                    #expect(promote.succeeded)
                    #expect(promote.standardOutput.contains("Promoted: release"))
                    #expect(try await story.version() == "v2")
                    let deployed = try await deploy
                    #expect(deployed.standardError.contains("Waiting: release"))
                    #expect(deployed.standardOutput.contains("Promoted: release"))
                }
                #expect(load.lost == 0)
                #expect(load.answers.count == 2)
            }
        }

        @Test(
            "It waits on when its process is killed and Docker starts again",
            .enabled(if: Story.ownsDocker, "a Docker that others use is not restarted for a test"),
            .alone)
        func outlives() async throws {
            try await Self.tell("waitkill") { story in
                let run = try await story.tealUntil(
                    "Waiting: release", signal: "KILL", ["deploy"], ["VERSION": "v2"])
                #expect(run.ending == .signalled(9))
                try await story.restartDocker()
                try await story.untilVersion("v1")
                #expect(try await story.isWaiting())
                try await story.until("Docker has started the candidate again") {
                    try await story.running(in: .green) == ["waitkill-green-web-1"]
                }
                let promote = try await story.answer("promote")
                #expect(promote.succeeded)
                #expect(try await story.version() == "v2")
            }
        }

        @Test("teal abort takes it away, and the deploy that waits with it ends as aborted")
        func aborted() async throws {
            try await Self.tell("waitabort") { story in
                async let deploy = story.deploy(["VERSION": "v2"], exit: 3)
                try await story.untilWaiting()
                let abort = try await story.answer("abort")
                #expect(abort.succeeded)
                #expect(abort.standardOutput.contains("`teal abort` decided against it."))
                #expect(try await deploy.standardOutput.contains("`teal abort` decided"))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
                let again = try await story.answer("abort")
                #expect(again.ending == .exited(64))
                #expect(again.standardError.contains("No deployment of waitabort waits"))
            }
        }

        @Test("When nobody answers in time it is aborted, and says within what time")
        func unanswered() async throws {
            try await Self.tell("waitlate") { story in
                let result = try await story.deploy(["VERSION": "v2", "WITHIN": "1s"], exit: 3)
                #expect(result.standardOutput.contains("Nobody promoted green within 1 s"))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        @Test("With nobody there when its time is over, the next command aborts it")
        func unansweredAndAlone() async throws {
            try await Self.tell("waitalone") { story in
                let run = try await story.deploy(
                    ["VERSION": "v2", "WITHIN": "1s"], options: ["--detach"])
                #expect(run.standardOutput.contains("Waiting: release"))
                var resume: CommandResult?
                try await story.until("its time is over") {
                    resume = try await story.teal(["resume"])
                    return resume?.ending == .exited(3)
                }
                #expect(resume?.standardOutput.contains("promoted green within 1 s") == true)
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        @Test("A new deploy takes the place of one that waits, and says so")
        func superseded() async throws {
            try await Self.tell("waitnew") { story in
                try await story.deploy(["VERSION": "v2"], options: ["--detach"])
                try story.writeConfiguration(Stories.configuration())
                let result = try await story.deploy(["VERSION": "v3"])
                #expect(
                    (result.standardError + result.standardOutput).contains(
                        "A new deploy began while it waited to be promoted."))
                #expect(try await story.version() == "v3")
                let outcomes = try await story.history().deployments.map(\.outcome)
                #expect(outcomes == ["promoted", "aborted", "promoted"])
            }
        }

        @Test("SIGTERM ends who waits, and not the waiting")
        func terminated() async throws {
            try await Self.tell("waitterm") { story in
                let run = try await story.tealUntil(
                    "Waiting: release", signal: "TERM", ["deploy"], ["VERSION": "v2"])
                #expect(run.ending == .exited(0))
                #expect(run.standardOutput.contains("Next: `teal promote"))
                #expect(try await story.version() == "v1")
                #expect(try await story.answer("promote").succeeded)
                #expect(try await story.version() == "v2")
            }
        }
    }
}
