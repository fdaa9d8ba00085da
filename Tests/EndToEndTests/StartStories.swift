import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Start")
    struct Start {
        private static func configuration(start: String, more: String = "") -> String {
            Stories.configuration(start: start, more: more)
                .replacing("port: 8080,", with: "port: 8080, replicas: 2,")
                .replacing(
                    "services:", with: "services:\n  api: {health: {http: /healthz, port: 8080}}")
        }

        /// Two replicas of `web` after an `api` that says 503 for more than two seconds.
        private static func compose(_ story: Story) throws {
            try story.writeCompose(
                Stories.web
                    + """

                        depends_on: [api]
                      api:
                        image: teal/demo-shop:v1
                        environment: {SHOP_ROLE: api, SHOP_HEALTH_AFTER_MS: "2500"}
                    """)
        }

        @Test(
            "One container starts after the other, each when the last is healthy and had its rest")
        func oneByOne() async throws {
            try await Story.tell("startone") { story in
                try Self.compose(story)
                try story.writeConfiguration(
                    Self.configuration(start: "{pause: 1s, at_most: 60s}"))
                try await story.deploy()
                let api = try await story.startedAt("startone-blue-api-1")
                let first = try await story.startedAt("startone-blue-web-1")
                let second = try await story.startedAt("startone-blue-web-2")
                #expect(first - api >= .seconds(2))
                #expect(second - first >= .seconds(1))
            }
        }

        @Test("A shared service that runs is left alone, and nothing rests because of it")
        func sharedRuns() async throws {
            try await Stories.tell("startshared", deployed: false) { story in
                try story.writeCompose(
                    Stories.web
                        + """

                            depends_on: [store]
                          store: {image: "teal/demo-shop:v1", environment: {SHOP_ROLE: store}}
                        """)
                func configure(pause: String) throws {
                    try story.writeConfiguration(
                        Stories.configuration(start: "{pause: \(pause)}").replacing(
                            "services:", with: "services:\n  store: {role: shared}"))
                }
                try configure(pause: "100ms")
                try await story.deploy()
                let before = try await story.containers().filter { $0.contains("store") }
                // It would outlast the run's time limit by far.
                try configure(pause: "1h")
                let result = try await story.deploy(["VERSION": "v2"])
                #expect(result.standardError.contains("runs already and is left alone"))
                #expect(try await story.containers().filter { $0.contains("store") } == before)
            }
        }

        @Test("A host that never settles is waited for up to the bound, with what it lacks")
        func neverSettles() async throws {
            try await Story.tell("startbound") { story in
                try Self.compose(story)
                let start = "{pause: 100ms, at_most: 3s, settle: {memory_free: 1000G}}"
                // What is to stay free counts as missing room too.
                try story.writeConfiguration(
                    Self.configuration(start: start, more: "room: warn"))
                let result = try await story.deploy()
                #expect(
                    result.standardError.contains(
                        /waiting for the host: memory [0-9.]+[MG] of 1000G free/))
                #expect(
                    result.standardOutput.contains(
                        "The host did not settle before `start.at_most` was over"))
                let api = try await story.startedAt("startbound-blue-api-1")
                let first = try await story.startedAt("startbound-blue-web-1")
                let second = try await story.startedAt("startbound-blue-web-2")
                #expect(first - api >= .seconds(5))
                #expect(second - first >= .seconds(3))
                try await story.openSite()
                try await story.untilVersion("v1")
            }
        }
    }
}
