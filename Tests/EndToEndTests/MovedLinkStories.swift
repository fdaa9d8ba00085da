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
