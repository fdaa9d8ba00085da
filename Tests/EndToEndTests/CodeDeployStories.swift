import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("CodeDeploy")
    struct CodeDeployStories {
        /// A shop whose version is that of its image.
        private static func shop(_ more: String = "") -> String {
            """
              web:
                image: teal/demo-shop:v1
                environment: {SHOP_ROLE: web, SHOP_PORT: "8080"\(more)}
            """
        }

        @Test(
            "Revisions go, a bad one aborts, and the rollback that is a new deployment does no harm"
        )
        func revisions() async throws {
            try await Stories.tell("codedeploy", deployed: false) { story in
                let agent = try await Agent(story)
                let first = try await agent.deploy(
                    "d-1", try await agent.revision("1", Self.shop()))
                #expect(first.succeeded, "\(first.standardOutput)")
                try await story.openSite()
                try await story.untilVersion("v1")
                let (_, load) = try await story.underLoad {
                    let second = try await agent.deploy(
                        "d-2", try await agent.revision("2", Self.shop(), image: "v2"))
                    #expect(second.succeeded, "\(second.standardOutput)")
                    #expect(try await story.version() == "v2")
                    let bad = try await agent.revision(
                        "3", Self.shop(", SHOP_EXIT_CODE: \"2\""), image: "v3")
                    let third = try await agent.deploy("d-3", bad)
                    #expect(third.ending == .exited(1))
                    let told = third.standardOutput
                    #expect(told.contains("LifecycleEvent - ApplicationStart failed"))
                    #expect(told.contains("failed with exit code 3"))
                    #expect(told.contains("Aborted before the switch"))
                    #expect(told.contains("Rolled back."))
                    #expect(try await story.version() == "v2")
                }
                #expect(load.lost == 0)
                #expect(load.answers["v3"] == nil)
                // A rollback needs only what is stored.
                try FileSystem().removeTree(story.hostFolder)
                try FileSystem().removeTree(story.hostFolder + "-revision")
                let back = try await story.teal(named: ["rollback"])
                #expect(back.succeeded, "\(back.standardError)")
                #expect(try await story.version() == "v2")
            }
        }

        @Test(
            "A timeout in the middle leaves traffic alone, and the rollback that starts at once goes",
            arguments: ["", "runas: root"])
        func timeout(user: String) async throws {
            try await Stories.tell("codetimeout", deployed: false) { story in
                let agent = try await Agent(story)
                let first = try await agent.deploy(
                    "d-1", try await agent.revision("1", Self.shop()))
                #expect(first.succeeded, "\(first.standardOutput)")
                try await story.openSite()
                try await story.untilVersion("v1")
                let slow = try await agent.revision(
                    "2", Self.shop(", SHOP_START_DELAY_MS: \"120000\""), image: "v2")
                let application = try FileSystem().readText(slow + "/appspec.yml")
                let hasty = application.replacing(
                    "timeout: 900", with: "timeout: 3\n      \(user)")
                try AtomicFile.write(hasty, to: slow + "/appspec.yml", access: .everyoneReads)
                let (result, load) = try await story.underLoad {
                    try await agent.deploy("d-2", slow)
                }
                #expect(result.standardOutput.contains("failed to complete in 3 seconds"))
                #expect(result.standardOutput.contains("Rolled back."), "\(result.standardOutput)")
                #expect(load.lost == 0)
                #expect(load.answers["v2"] == nil)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("An artifact that does not fit is refused before anything is begun")
        func artifacts() async throws {
            try await Stories.tell("codeartifact") { story in
                try story.write("{\"ImageURI\": \"teal/demo-shop:v2\"}", to: "imageDetail.json")
                try story.write("[{\"name\": \"api\", \"imageUri\": \"a:1\"}]", to: "list.json")
                let folder = story.folder
                let before = try await story.teal(["history", "--json"]).standardOutput
                for (file, reason) in [
                    ("none.json", "does not exist. Correct the path"),
                    ("list.json", "names api, which the compose file does not have. It has: web"),
                    ("compose.yml", "it is neither {\"ImageURI\""),
                ] {
                    let refused = try await story.teal([
                        "deploy", "--artifact", "\(folder)/\(file)",
                    ])
                    #expect(refused.ending == .exited(78))
                    #expect(refused.standardError.contains(reason), "\(refused.standardError)")
                }
                #expect(try await story.teal(["history", "--json"]).standardOutput == before)
                let plan = try await story.teal(
                    ["plan", "--artifact", "\(folder)/imageDetail.json"])
                #expect(plan.standardOutput.contains("teal/demo-shop:v2"), "\(plan)")
                try story.writeCompose(Self.shop())
                try await story.deploy(options: ["--artifact", "web=\(folder)/imageDetail.json"])
                #expect(try await story.version() == "v2")
            }
        }

        /// The stand-in for the agent, with the revisions that it gets.
        private struct Agent {
            let story: Story
            let variables: [String: String]

            init(_ story: Story) async throws {
                self.story = story
                variables = try await story.callerVariables()
            }

            /// What a build puts into its archive.
            ///
            /// - Parameter image: the tag that `imageDetail.json` names; nil for no such file.
            func revision(
                _ name: String, _ services: String, image: String? = nil
            ) async throws -> String {
                let path = try await story.initCaller("codedeploy", in: "revisions/\(name)")
                try story.writeSources(services, to: path)
                guard let image else { return path }
                try AtomicFile.write(
                    "{\"ImageURI\": \"teal/demo-shop:\(image)\"}\n",
                    to: path + "/imageDetail.json", access: .everyoneReads)
                return path
            }

            func deploy(_ id: String, _ revision: String) async throws -> CommandResult {
                var command = story.script(
                    "Tests/callers/codedeploy-agent.sh",
                    [story.folder + "/agent", id, revision]
                        + variables.map { "\($0.key)=\($0.value)" })
                command.environment = ["AUTOMATIC_ROLLBACK": "yes"]
                return try await story.run(command)
            }
        }
    }
}
