import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
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
                Sample("rails-sidekiq", "web", volumes: 3),
                Sample("laravel-fpm", "nginx", volumes: 3, isReplaced: false),
                Sample("spring-eureka-kafka", "api-gateway", volumes: 2),
                Sample("wordpress", "wordpress", volumes: 2, isReplaced: false),
                Sample("forum", "forum", "FORUM_VERSION", volumes: 3),
                Sample("mern", "client", volumes: 1),
                Sample("django-celery", "web", volumes: 2),
                Sample("flask-compact", "web", volumes: 0),
                Sample("nextcloud", "app", volumes: 2, isReplaced: false),
                Sample("own-databases", "web", volumes: 0, isReplaced: false),
            ])
        func deployedTwice(sample: Sample) async throws {
            try await Story.tell("project-\(sample.name)") { story in
                try await story.take(project: sample.name)
                do {
                    try await deployTwice(sample, story)
                } catch {
                    try await story.removeStandIns()
                    throw error
                }
                try await story.removeStandIns()
            }
        }

        private func deployTwice(_ sample: Sample, _ story: Story) async throws {
            try await story.standIn(sample.variable, version: "1")
            let checked = try await story.teal(["check"], [sample.variable: "1"])
            #expect(checked.succeeded, "\(checked.standardOutput)")
            try await story.deploy([sample.variable: "1"], options: ["--release", "one"])
            try await story.openSite(service: sample.entrance)
            try await story.untilVersion("1")
            let first = try await story.journals()
            #expect(first.count == sample.volumes, "\(first.keys.sorted())")

            try await story.standIn(sample.variable, version: "2")
            try await story.deploy([sample.variable: "2"], options: ["--release", "two"])
            #expect(try await story.version() == (sample.isReplaced ? "2" : "1"))
            let second = try await story.journals()
            expect(second, continues: first)

            let back = try await story.teal(["rollback"], [sample.variable: "2"])
            #expect(back.succeeded, "\(back.standardError)")
            #expect(try await story.version() == "1")
            expect(try await story.journals(), continues: second)
            let status = try await story.teal(["status"])
            #expect(status.succeeded, "\(status.standardOutput)")
        }

        /// The same volumes, and all that stood in them.
        private func expect(_ later: [String: String], continues earlier: [String: String]) {
            #expect(later.keys.sorted() == earlier.keys.sorted(), "a colour has data of its own")
            for (volume, journal) in earlier {
                #expect(later[volume]?.hasPrefix(journal) == true, "\(volume)")
            }
        }
    }
}
