import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories {
    /// Projects as people run them, each with the `teal.yml` that is right for it.
    @Suite("Projects")
    struct Projects {
        struct Sample: CustomTestStringConvertible {
            let name: String
            /// The service that visitors reach.
            let entrance: String
            /// The variable that tells the release's version in the compose file.
            let variable: String
            /// How many the project has, whatever is deployed.
            let volumes: Int
            /// Whether a second release has another entrance: where it is built here, or its image
            /// has the variable in its name.
            let isReplaced: Bool

            init(
                _ name: String, _ entrance: String, _ variable: String = "TAG", volumes: Int,
                isReplaced: Bool = true
            ) {
                self.name = name
                self.entrance = entrance
                self.variable = variable
                self.volumes = volumes
                self.isReplaced = isReplaced
            }

            var testDescription: String { name }
        }

        @Test(
            "It is deployed twice and goes back, and its volumes keep what was written",
            arguments: [
                Sample("sample", "web", volumes: 2)
            ])
        func deployedTwice(sample: Sample) async throws {
            try await Story.tell("project-\(sample.name)") { story in
                try await story.take(project: sample.name)
                try await story.standIn(sample.variable, version: "1")
                let checked = try await story.teal(["check"], [sample.variable: "1"])
                #expect(checked.succeeded, "\(checked.standardOutput)")
                try await story.deploy([sample.variable: "1"], options: ["--release", "one"])
                try await story.openSite(service: sample.entrance)
                try await story.untilVersion("1")
                let first = try await story.journals()
                #expect(first.count == sample.volumes)

                try await story.standIn(sample.variable, version: "2")
                try await story.deploy([sample.variable: "2"], options: ["--release", "two"])
                #expect(try await story.version() == (sample.isReplaced ? "2" : "1"))
                let second = try await story.journals()
                #expect(second.keys == first.keys, "a colour has data of its own")
                for (volume, journal) in first {
                    #expect(second[volume]?.hasPrefix(journal) == true, "\(volume)")
                }

                let back = try await story.teal(["rollback"], [sample.variable: "2"])
                #expect(back.succeeded, "\(back.standardError)")
                #expect(try await story.version() == "1")
                let third = try await story.journals()
                #expect(third.keys == first.keys)
                for (volume, journal) in second {
                    #expect(third[volume]?.hasPrefix(journal) == true, "\(volume)")
                }
                #expect(try await story.teal(["status"]).succeeded)
            }
        }
    }
}
