import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Preview")
    struct PreviewStories {
        private static let look = """
            hooks: {before_switch: [[./look.sh, before]], after_switch: [[./look.sh, after]]}
            """

        private func tell(
            _ app: String, _ more: String, _ body: (Story, Int) async throws -> Void
        ) async throws {
            try await Story.tell(app) { story in
                let port = try story.freePort()
                try story.writeCompose(Stories.web)
                try story.writeConfiguration(
                    Stories.configuration(
                        more: "preview: {listen: \"127.0.0.1:\(port)\"}\n\(more)"))
                try await body(story, port)
            }
        }

        @Test(
            "A hook before the switch sees the candidate there, and visitors the release before",
            arguments: ["live", "reload"])
        func candidate(mode: String) async throws {
            let more = "switch: \(mode)\n\(Self.look)"
            try await tell("preview\(mode)", more) { story, port in
                try await story.writeScript(
                    "look.sh",
                    """
                    seen=$(curl --silent --include "$TEAL_PREVIEW_URL/version")
                    echo "$TEAL_COLOUR $1: $seen" >>looks
                    """)
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                let looks = try story.read("looks")
                #expect(looks.contains("blue before: HTTP/1.1 200"))
                #expect(looks.contains("v1"))
                let (_, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2"])
                }
                #expect(load.lost == 0)
                let seen = try story.read("looks").split(separator: "green before: ")
                #expect(seen.count == 2)
                #expect(seen.last?.contains("X-Teal-Colour: green") == true)
                #expect(seen.last?.contains("X-Shop-Version: v2") == true)
                // Behind the switch it is the way back that can be looked at.
                let back = try await story.get("/version", at: port)
                #expect(back.headers["x-teal-colour"] == "blue")
                #expect(back.headers["x-shop-version"] == "v1")
                #expect(try await story.version() == "v2")
            }
        }

        @Test("Where nothing runs it says so, and which colour", arguments: ["live", "reload"])
        func nobody(mode: String) async throws {
            let more = "switch: \(mode)\nkeep: {previous: removed}"
            try await tell("previewgone\(mode)", more) { story, port in
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                let none = try await story.get("/", at: port)
                #expect(none.status == 503)
                #expect(none.body.contains("web in green, the colour without the traffic"))
                try await story.deploy(["VERSION": "v2"])
                let gone = try await story.get("/", at: port)
                #expect(gone.status == 503)
                #expect(gone.headers["x-teal-colour"] == "blue")
                #expect(gone.body.contains("web in blue, the colour without the traffic"))
            }
        }

        @Test("In maintenance the candidate can still be looked at")
        func maintenance() async throws {
            let hook = "hooks: {before_switch: [[./look.sh]]}"
            try await tell("previewclosed", hook) { story, port in
                try await story.writeScript(
                    "look.sh", "curl --silent --fail \"$TEAL_PREVIEW_URL/version\" >>looks")
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                #expect(try await story.teal(["maintenance", "on"]).succeeded)
                try await story.deploy(["VERSION": "v2"])
                #expect(try await story.get("/version").status == 503)
                #expect(try await story.get("/version", at: port).headers["x-shop-version"] == "v1")
            }
        }

        @Test("An address that another program has is found by check, and before anything starts")
        func taken() async throws {
            try await tell("previewtaken", "") { story, _ in
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                try await story.withTakenPort { port in
                    try story.writeConfiguration(
                        Stories.configuration(
                            more: "preview: {listen: \"127.0.0.1:\(port)\"}"))
                    let check = try await story.teal(["check"])
                    #expect(check.ending == .exited(1))
                    #expect(check.standardOutput.contains("another program listens there"))
                    let deploy = try await story.deploy(["VERSION": "v2"], exit: 3)
                    #expect(deploy.standardOutput.contains("preview.listen"))
                    #expect(try await story.running(in: .green).isEmpty)
                }
                let check = try await story.teal(["check"])
                #expect(check.succeeded)
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.teal(["check"]).succeeded)
            }
        }

        @Test("A preview that is wrong in teal.yml is said with its line")
        func mistakes() async throws {
            try await Stories.tell("previewwrong") { story in
                for (preview, words) in [
                    ("{listen: 127.0.0.1:8089, service: wep}", "did you mean \"web\"?"),
                    ("{listen: \"example.com:80\"}", "teal.yml:"),
                    ("{listen: \"127.0.0.1:8089; deny all\"}", "teal.yml:"),
                    ("{service: web}", "must say where it listens"),
                ] {
                    try story.writeConfiguration(
                        Stories.configuration(more: "preview: \(preview)"))
                    let check = try await story.teal(["deploy"])
                    #expect(check.ending == .exited(78), "\(preview)")
                    #expect(check.standardError.contains(words), "\(preview)")
                }
                #expect(try await story.version() == "v1")
            }
        }
    }
}
