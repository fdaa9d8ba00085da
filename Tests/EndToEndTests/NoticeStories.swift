import BlueGreen
import HostSystem
import NIOHTTP1
import TestSupport
import Testing

extension Stories.FirstLane {
    /// Notices of what became of a deployment, to a web server and a program of the story's own.
    @Suite("Notices")
    struct Notices {
        private static let notify =
            "notify: [{webhook: \"${HOOK}\", secret: \"${SECRET}\"}]"
        private static let token = "XXtokenXX"

        @Test("A webhook is told of a promotion, an abort and a rollback that was asked for")
        func webhook() async throws {
            let receiver = try await Receiver.start(.status(200))
            let hook = Self.hook(receiver)
            try await Stories.tell("noticehook", deployed: false, more: Self.notify) { story in
                let first = try await story.deploy(
                    hook.merging(["VERSION": "v1"]) { $1 }, options: ["--release", "v1"])
                #expect(first.standardError.contains("telling the webhook at 127.0.0.1: promoted"))
                try await story.deploy(hook.merging(["VERSION": "v2"]) { $1 })
                try await story.deploy(
                    hook.merging(["FAIL_HEALTH": "1", "DEADLINE": "1s"]) { $1 }, exit: 3)
                #expect(try await story.teal(["rollback"], hook).succeeded)
                // What does nothing tells nothing.
                #expect(try await story.teal(["resume"], hook).succeeded)
                #expect(try await story.teal(["check"], hook).succeeded)
                try await Self.expectOnlySettings(in: story)
            }
            try await receiver.stop()
            var bodies: [String] = []
            for await request in receiver.requests {
                bodies.append(String(decoding: request.body, as: UTF8.self))
                #expect(request.path == "/\(Self.token)")
                #expect(request.fields["X-Teal-Signature"].first?.hasPrefix("sha256=") == true)
            }
            #expect(bodies.count == 4)
            let events = ["promoted", "promoted", "aborted", "promoted"]
            let next = ["status", "rollback", "status", "rollback"]
            for (index, body) in bodies.enumerated() {
                #expect(body.contains("\"event\":\"\(events[index])\""), "\(body)")
                #expect(body.contains("\"next\":\"teal \(next[index]) --app noticehook\""))
            }
            #expect(bodies.first?.contains("\"label\":\"v1\"") == true)
            #expect(bodies.last?.contains("\"kind\":\"cold_rollback\"") == true)
        }

        /// The settings of the last deploy are kept for a day without `teal.yml`, for their owner.
        private static func expectOnlySettings(
            in story: Story, and other: String = "origin.json"
        ) async throws {
            let files = try await story.files(with: token)
            #expect(files.allSatisfy { $0.hasSuffix("/origin.json") || $0.hasSuffix("/\(other)") })
        }

        @Test(
            "A webhook that answers 500 is a warning, and the deploy ends well with its last lines")
        func failing() async throws {
            let receiver = try await Receiver.start(.status(500, body: "no \(Self.token)"))
            try await Stories.tell("noticefail", deployed: false, more: Self.notify) { story in
                let result = try await story.deploy(Self.hook(receiver), options: ["--json"])
                #expect(result.standardError.contains("tried 3 times): it answered 500"))
                #expect(result.standardError.contains(Self.lastLine))
                #expect(!result.standardError.contains(Self.token))
                #expect(!result.standardOutput.contains(Self.token))
                let plain = try await story.deploy(Self.hook(receiver))
                #expect(plain.standardOutput.contains("Next: `teal rollback"))
                #expect(!plain.standardOutput.contains("500"))
                try await Self.expectOnlySettings(in: story)
            }
            #expect(receiver.count == 6)
            try await receiver.stop()
        }

        @Test("A webhook that hangs is given up, and the deploy then ends well")
        func hanging() async throws {
            let receiver = try await Receiver.start(.silence)
            try await Stories.tell("noticehang", deployed: false, more: Self.notify) { story in
                let result = try await story.deploy(Self.hook(receiver))
                #expect(result.standardError.contains("no whole answer within"))
                #expect(result.standardOutput.contains(Self.lastLine))
            }
            try await receiver.stop()
        }

        @Test("A signal while a webhook hangs ends the wait, and not the deployment's success")
        func signal() async throws {
            let receiver = try await Receiver.start(.silence)
            try await Stories.tell("noticeterm", deployed: false, more: Self.notify) { story in
                let result = try await story.tealUntil(
                    "telling the webhook", signal: "TERM", ["deploy"], Self.hook(receiver))
                #expect(result.ending == .exited(0))
                #expect(result.standardError.contains("the run ended before it was sent"))
                #expect(result.standardOutput.contains(Self.lastLine))
            }
            try await receiver.stop()
        }

        @Test("A command gets the text, and what it says of its arguments is not shown")
        func command() async throws {
            let notify =
                "notify: [{command: [aws, sns, publish, --topic-arn, \"${TOPIC}\", --message, "
                + "\"{text}\"], on: [promoted, aborted]}]"
            try await Stories.tell("noticeaws", deployed: false, more: notify) { story in
                try await story.writeProgram(
                    "aws",
                    """
                    #!/bin/sh
                    printf '%s\\n' "$@" >>"${0%/*}/../told"
                    echo "event $TEAL_EVENT" >>"${0%/*}/../told"
                    [ "$TEAL_EVENT" = promoted ] || { echo "denied: $4" >&2; exit 254; }
                    """)
                let aws = [
                    "PATH": "\(story.folder)/bin:/usr/bin:/bin", "TOPIC": "arn:\(Self.token)",
                ]
                try await story.deploy(aws)
                let failed = try await story.deploy(
                    aws.merging(["FAIL_HEALTH": "1", "DEADLINE": "1s"]) { $1 }, exit: 3)
                #expect(failed.standardError.contains("it exited with 254 (denied: [hidden])"))
                let told = try story.read("told")
                #expect(told.contains("--topic-arn\narn:\(Self.token)\n--message\nnoticeaws on "))
                #expect(told.contains("Next: run `teal status --app noticeaws`.\nevent promoted\n"))
                #expect(told.contains("event aborted"))
                try await Self.expectOnlySettings(in: story, and: "told")
            }
        }

        private static let lastLine = "Next: `teal status"

        private static func hook(_ receiver: Receiver) -> [String: String] {
            ["HOOK": "http://127.0.0.1:\(receiver.port)/\(token)", "SECRET": "signed-\(token)"]
        }
    }
}
