import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("A link that somebody moves by hand")
    struct MovedLink {
        private func point(_ story: Story, at colour: Colour) throws {
            try FileSystem().replaceLink(
                at: "\(story.folder)/nginx/teal/\(story.app)/live", with: colour.rawValue)
        }

        @Test(
            "To a colour that was stopped: traffic goes back before anything is removed",
            arguments: ["live", "reload"], ["resume", "deploy", "rollback", "restart"])
        func dark(mode: String, verb: String) async throws {
            try await Stories.tell(
                "dark\(mode)\(verb)", more: "keep: {previous: stopped}\nswitch: \(mode)"
            ) { story in
                try await story.deploy(["VERSION": "v2"], options: ["--release", "v2"])
                try point(story, at: .blue)
                let status = try await story.teal(["status"])
                #expect(status.ending == .exited(6))
                #expect(status.standardOutput.contains("The link names blue, where not all"))
                let arguments = verb == "restart" ? [verb, "web"] : [verb]
                let run = try await story.teal(arguments, ["VERSION": "v3"])
                #expect(run.succeeded)
                #expect(run.standardError.contains("Traffic is put back on green"))
                let version = ["deploy": "v3", "rollback": "v1"][verb] ?? "v2"
                #expect(try await story.version() == version)
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test(
            "To a candidate that waits: abort and rollback bring traffic back to the set that runs",
            arguments: ["abort", "rollback"])
        func waiting(verb: String) async throws {
            try await Stories.tell("waitmoved\(verb)") { story in
                try story.writeConfiguration(
                    Stories.configuration(more: "promote: manual\nkeep: {previous: removed}"))
                try await story.deploy(["VERSION": "v2"], options: ["--detach"])
                try point(story, at: .green)
                #expect(try await story.version() == "v2")
                #expect(try await story.teal(["status"]).ending == .exited(6))
                let started = try await story.startedAt("waitmoved\(verb)-blue-web-1")
                let run = try await story.teal([verb])
                #expect(!run.standardOutput.contains("Promoted: release"))
                #expect(try await story.version() == "v1")
                #expect(try await story.startedAt("waitmoved\(verb)-blue-web-1") == started)
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("To one that runs and does not answer: it is no move, and maintenance makes it none")
        func ill() async throws {
            try await Stories.tell("illmoved") { story in
                let failed = try await story.deploy(
                    ["VERSION": "v2"], options: ["--release", "v2"])
                #expect(failed.succeeded)
                try await story.docker("pause", "illmoved-blue-web-1")
                for verb in [["resume"], ["maintenance", "off"]] {
                    try point(story, at: .blue)
                    #expect(try await story.teal(["status"]).ending == .exited(6))
                    #expect(try await story.teal(verb).succeeded)
                    #expect(try await story.version() == "v2")
                }
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("In a bake: the deployment ends, and traffic stays where somebody has put it")
        func overruled() async throws {
            try await Stories.watched("overruled", "bake: {for: 120s}") { story in
                async let deploy = story.deploy(["VERSION": "v2"], exit: 4)
                try await story.untilVersion("v2")
                try point(story, at: .blue)
                let ended = try await deploy
                #expect(ended.standardOutput.contains("The link was moved from green to blue"))
                #expect(try await story.version() == "v1")
                #expect(try await story.teal(["status"]).succeeded)
            }
        }
    }
}
