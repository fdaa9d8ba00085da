import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("A lost link")
    struct LostLink {
        private let files = FileSystem()

        private func link(_ story: Story) -> String {
            "\(story.folder)/nginx/teal/\(story.app)/live"
        }

        @Test("A5: With its link gone, a serving app is told of, mended, and goes back as ever")
        func gone() async throws {
            try await Stories.tell("lostlink") { story in
                try await story.deploy(["VERSION": "v2"])
                try files.removeTree(link(story))
                let status = try await story.teal(["status"])
                #expect(status.ending == .exited(6))
                #expect(status.standardOutput.contains("puts the traffic back on green"))
                let (resumed, load) = try await story.underLoad {
                    try await story.teal(["resume"])
                }
                #expect(resumed.succeeded && load.lost == 0)
                #expect(resumed.standardOutput.contains("Traffic is on green"))
                #expect(try await story.version() == "v2")
                try files.replaceLink(at: link(story), with: "../nowhere")
                let back = try await story.teal(["rollback"])
                #expect(back.succeeded)
                #expect(try await story.version() == "v1")
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("A5: Where nobody can tell who had traffic, the told line and a resume end it")
        func untold() async throws {
            try await Stories.tell("lostboth") { story in
                try await story.deploy(["VERSION": "v2"])
                try files.removeTree(link(story))
                try files.removeTree("\(story.folder)/state/\(story.app)/state.sqlite")
                let resumed = try await story.teal(["resume"])
                #expect(resumed.ending == .exited(6))
                #expect(!files.isThere(link(story)))
                let line = "ln -sfn green \(link(story))"
                #expect(resumed.standardError.contains("`\(line)`"))
                #expect(try await story.shell(line, []).succeeded)
                // The link is whole again, and the history stays lost: everyone says so.
                for verb in ["resume", "status", "history"] {
                    let told = try await story.teal([verb])
                    #expect(told.ending == .exited(6))
                    #expect(
                        (told.standardError + told.standardOutput).contains("its history is gone"))
                }
                let probed = try await story.teal(["probe"])
                #expect(probed.ending == .exited(5))
                #expect(probed.standardOutput.contains("Traffic is on green with release"))
                #expect(try await story.version() == "v2")
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("A9: A marker folder that is gone is named, and the next command makes it again")
        func markers() async throws {
            try await Stories.tell("lostmarks") { story in
                try await story.deploy(["VERSION": "v2"])
                let folder = "\(story.folder)/nginx/teal/\(story.app)/green"
                try files.removeTree(folder)
                let status = try await story.teal(["status"])
                #expect(status.ending == .exited(6))
                #expect(status.standardOutput.contains(folder))
                let resumed = try await story.teal(["resume"])
                #expect(resumed.succeeded && !resumed.standardError.contains("chmod"))
                #expect(resumed.standardError.contains("\(folder) is gone"))
                #expect(try await story.version() == "v2")
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test(
            "A folder that nginx may not enter, and a file in one's place, are put right or told of"
        )
        func unfit() async throws {
            try await Stories.tell("lostdoors") { story in
                try await story.deploy(["VERSION": "v2"])
                let folder = "\(story.folder)/nginx/teal/\(story.app)"
                for line in ["chmod 000", "chmod 700", "chown nobody"] {
                    #expect(try await story.shell("\(line) \(folder)/green", []).succeeded)
                    if line == "chown nobody" {
                        #expect(try await story.shell("chmod 700 \(folder)/green", []).succeeded)
                    }
                    #expect(try await story.teal(["status"]).ending == .exited(6))
                    let resumed = try await story.teal(["resume"])
                    #expect(resumed.succeeded)
                    #expect(resumed.standardError.contains("mode is put right"))
                    #expect(try await story.version() == "v2")
                    #expect(try await story.teal(["status"]).succeeded)
                }
                #expect(try await story.teal(["maintenance", "on"]).succeeded)
                let state = "\(folder)/green-maintenance"
                #expect(
                    try await story.shell("mv \(state) \(state).away; : > \(state)", []).succeeded)
                let resumed = try await story.teal(["resume"])
                #expect(resumed.ending == .exited(6))
                #expect(resumed.standardError.contains("`mv \(state) \(state).aside`"))
                #expect(try await story.version() == "v2")
                #expect(try await story.teal(["rollback"]).succeeded)
                #expect(try await story.version() == "v1")
                #expect(try await story.shell("mv \(state) \(state).aside", []).succeeded)
                #expect(try await story.teal(["resume"]).succeeded)
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("A5: An app does not go down, nor loses its traffic, while Docker does not answer")
        func down() async throws {
            try await Stories.tell("lostdown") { story in
                let stopped = try await story.teal(
                    ["down", "--yes"], ["DOCKER_HOST": "unix:///nowhere/docker.sock"])
                #expect(!stopped.succeeded)
                #expect(try await story.version() == "v1")
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("A23: A first deploy without Docker leaves nginx's folder as it was")
        func firstDeploy() async throws {
            try await Stories.tell("lostfirst", deployed: false) { story in
                let workers = try await story.nginxWorkers()
                let failed = try await story.teal(
                    ["deploy"], ["DOCKER_HOST": "unix:///nowhere/docker.sock"])
                #expect(!failed.succeeded)
                #expect(try await story.nginxWorkers() == workers)
                #expect(!files.isThere("\(story.folder)/nginx/teal/\(story.app)"))
            }
        }
    }
}
