import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("What is stored")
    struct StoredSettingsStories {
        @Test("A14: With the folder gone each verb but those of a new release works by --app")
        func folderGone() async throws {
            try await Stories.tell("goneby", more: "keep: {previous: removed}") { story in
                try await story.deploy(["VERSION": "v2"])
                try story.removeFolderOfFiles()
                for verb in ["deploy", "check", "plan"] {
                    let result = try await story.teal(named: [verb])
                    #expect(result.ending == .exited(78))
                }
                let (rollback, load) = try await story.underLoad {
                    try await story.teal(named: ["rollback"])
                }
                #expect(rollback.succeeded)
                #expect(load.lost == 0)
                #expect(rollback.standardError.contains("cold"))
                #expect(
                    rollback.standardError.contains(
                        "Warning: \(story.folder)/teal.yml cannot be used: it does not exist."))
                #expect(try await story.version() == "v1")
                for words in [
                    ["status"], ["history"], ["resume"], ["maintenance", "on"],
                    ["maintenance", "off"], ["clean", "--yes"],
                ] {
                    #expect(try await story.teal(named: words).succeeded, "\(words)")
                }
                // After `--app`, everything from the colour on is Compose's.
                let listed = try await story.teal(
                    words: ["compose", "--app", story.app, "blue", "ps"])
                #expect(listed.standardOutput.contains("\(story.app)-blue-web-1"))
                #expect(try await story.version() == "v1")
                try FileSystem().removeTree("\(story.folder)/nginx/site/\(story.app).conf")
                try await story.reloadNginx()
                #expect(try await story.teal(named: ["down", "--yes"]).succeeded)
                #expect(try await story.containers().isEmpty)
            }
        }

        @Test("A14: From the folder a teal.yml with a mistake keeps nobody from going back")
        func mistake() async throws {
            try await Stories.tell("gonetypo") { story in
                try await story.deploy(["VERSION": "v2"])
                try story.writeConfiguration(Stories.configuration(more: "drian: 3s"))
                let rollback = try await story.teal(["rollback"])
                #expect(rollback.succeeded)
                #expect(rollback.standardError.contains("unknown key \"drian\""))
                #expect(try await story.version() == "v1")
                #expect(try await story.teal(["status"]).succeeded)
                let deploy = try await story.teal(["deploy"])
                #expect(deploy.ending == .exited(78))
            }
        }

        @Test("A15: A vanished config file ends a rollback and a deploy before anything starts")
        func vanishedFile() async throws {
            try await Stories.tell("gonebind", deployed: false, more: "keep: {previous: removed}") {
                story in
                try story.write("x", to: "app.conf")
                let mount = "    volumes: [\"./app.conf:/app.conf:ro\"]"
                try story.writeCompose(Stories.web + "\n" + mount)
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.deploy(["VERSION": "v2"])
                let path = story.folder + "/app.conf"
                try FileSystem().removeTree(path)
                for words in [["rollback"], ["deploy"]] {
                    let result = try await story.teal(words, ["VERSION": "v3"])
                    #expect(result.ending == .exited(3))
                    let text = "web mounts \(path) at /app.conf, which was a file in release"
                    #expect(result.standardOutput.contains(text))
                    #expect(!FileSystem().exists(path))
                    #expect(try await story.version() == "v2")
                    #expect(try await story.running(in: .blue).isEmpty)
                }
            }
        }

        @Test("A17: The compose file's hooks run with the start and before the stop")
        func lifecycle() async throws {
            try await Stories.tell("lifehook", more: "keep: {previous: stopped}") { story in
                let hooks = """
                        post_start: [{command: [/shop, --help], user: "0"}]
                        pre_stop: [{command: [/shop, nonsense]}]
                    """
                try story.writeCompose(Stories.web + "\n" + hooks)
                let second = try await story.deploy(["VERSION": "v2"])
                #expect(
                    second.standardError.contains(
                        "The post_start hook `/shop --help` of lifehook-green-web-1 runs."))
                #expect(!second.standardError.contains("pre_stop"))
                let third = try await story.deploy(["VERSION": "v3"])
                #expect(
                    third.standardError.contains(
                        "The pre_stop hook `/shop nonsense` of lifehook-green-web-1 ended with "
                            + "exit code 64."))
                #expect(try await story.version() == "v3")

                try story.writeCompose(
                    Stories.web + "\n    post_start: [{command: [/shop, nonsense]}]")
                let failed = try await story.deploy(["VERSION": "v4"], exit: 3)
                #expect(failed.standardOutput.contains("post_start hook `/shop nonsense`"))
                #expect(try await story.version() == "v3")
            }
        }
    }
}
