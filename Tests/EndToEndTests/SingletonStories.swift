import BlueGreen
import HostSystem
import LoadReport
import Synchronization
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Singletons")
    struct Singletons {
        /// Behind `web` a queue that both colours see, and the one that takes from it.
        private static let services =
            Stories.web + """

                  broker: {image: "teal/demo-shop:v1", environment: {SHOP_ROLE: broker}}
                  consumer:
                    image: teal/demo-shop:v1
                    depends_on: [broker]
                    environment:
                      SHOP_ROLE: consumer
                      SHOP_VERSION: ${VERSION:-v1}
                      SHOP_BROKER: http://broker:8080/
                      SHOP_EXIT_CODE: ${CONSUMER_EXIT:-}
                      SHOP_START_DELAY_MS: ${CONSUMER_DELAY_MS:-}
                """

        private static func tell(
            _ app: String, previous: String = "running", _ body: (Story) async throws -> Void
        ) async throws {
            try await Story.tell(app) { story in
                try story.writeCompose(services)
                try story.writeConfiguration(
                    Stories.configuration(more: "keep: {previous: \(previous)}").replacing(
                        "services:",
                        with: """
                            services:
                              broker: {role: shared}
                              consumer: {role: singleton, health: {http: /healthz, port: 8080}}
                            """))
                try await story.deploy(["VERSION": "v1"], options: ["--release", "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                try await story.untilConsumed(by: "v1")
                try await body(story)
            }
        }

        @Test(
            "27: A deploy hands the consumer over and a rollback hands it back, one at a time",
            arguments: [("running", "warm"), ("removed", "cold")])
        func handedOver(previous: String, temperature: String) async throws {
            try await Self.tell("one\(temperature)", previous: previous) { story in
                let (_, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2"])
                    try await story.untilConsumed(by: "v2")
                    #expect(
                        try await story.running(service: "consumer")
                            == ["one\(temperature)-green-consumer-1"])
                    let back = try await story.teal(["rollback"])
                    #expect(back.succeeded)
                    #expect(back.standardError.contains("\(temperature) rollback"))
                }
                #expect(load.lost == 0)
                let report = try await story.untilConsumed(by: "v1")
                #expect(report.most == 1)
                #expect(
                    try await story.running(service: "consumer")
                        == ["one\(temperature)-blue-consumer-1"])
            }
        }

        @Test("A link that was moved by hand takes the consumer with it, and none runs twice")
        func moved() async throws {
            try await Self.tell("onemoved") { story in
                try await story.deploy(["VERSION": "v2"])
                try await story.untilConsumed(by: "v2")
                try FileSystem().replaceLink(
                    at: "\(story.folder)/nginx/teal/onemoved/live", with: "blue")
                #expect(try await story.teal(["status"]).ending == .exited(6))
                let restart = try await story.teal(["restart", "consumer"])
                #expect(!restart.succeeded)
                #expect(restart.standardError.contains("still runs in green"))
                let (resumed, load) = try await story.underLoad { try await story.teal(["resume"]) }
                #expect(resumed.succeeded && load.lost == 0)
                #expect(try await story.untilConsumed(by: "v1").most == 1)
                #expect(
                    try await story.running(service: "consumer") == ["onemoved-blue-consumer-1"])
                #expect(try await story.version() == "v1")
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("Probes tell no failure while Teal hands over, hands back and restarts")
        func probedMeanwhile() async throws {
            try await Self.tell("oneprobed") { story in
                let told = try await Self.lookingAt(story) {
                    try await story.deploy(["VERSION": "v2"])
                    #expect(try await story.teal(["rollback"]).succeeded)
                    for service in ["broker", "consumer", "web"] {
                        #expect(try await story.teal(["restart", service]).succeeded)
                    }
                }
                #expect(told == [])
                let history = try await story.teal(["history"]).standardOutput
                #expect(!history.contains("by hand"), "\(history)")
                #expect(!history.contains("unhealthy"), "\(history)")
            }
        }

        /// - Returns: the output of each look that found a failure.
        private static func lookingAt(
            _ story: Story, _ body: @escaping @Sendable () async throws -> Void
        ) async throws -> [String] {
            let isOver = Mutex(false)
            async let told: [String] = {
                var told: [String] = []
                while !isOver.withLock({ $0 }) {
                    let probe = try await story.teal(["probe"])
                    if !probe.succeeded { told.append(probe.standardOutput) }
                }
                return told
            }()
            do {
                try await body()
            } catch {
                isOver.withLock { $0 = true }
                throw error
            }
            isOver.withLock { $0 = true }
            return try await told
        }

        @Test("27: A consumer that fails after the switch hands traffic and work back")
        func failed() async throws {
            try await Self.tell("onefail") { story in
                let (result, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2", "CONSUMER_EXIT": "3"], exit: 4)
                }
                #expect(load.lost == 0)
                #expect(load.answers["v2", default: 0] > 0)
                #expect(result.standardOutput.contains("exit code 3"))
                #expect(result.standardOutput.contains("Traffic is on blue"))
                #expect(try await story.version() == "v1")
                let report = try await story.untilConsumed(by: "v1")
                #expect(report.most == 1)
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        @Test(
            "27: Killed while it hands over, the next command goes on with it",
            arguments: ["== handing over", "starting consumer"])
        func killed(line: String) async throws {
            let app = "onekill" + line.filter(\.isLetter)
            try await Self.tell(app) { story in
                let run = try await story.tealUntil(
                    line, signal: "KILL", ["deploy"],
                    ["VERSION": "v2", "CONSUMER_DELAY_MS": "2000"])
                #expect(run.ending == .signalled(9))
                let resumed = try await story.teal(["resume"])
                #expect(resumed.succeeded)
                #expect(try await story.version() == "v2")
                let report = try await story.untilConsumed(by: "v2")
                #expect(report.most == 1)
                #expect(try await story.running(service: "consumer") == ["\(app)-green-consumer-1"])
            }
        }

        @Test(
            "27: When Docker restarts, one consumer comes back, also in the middle of a hand-over",
            .enabled(if: Story.ownsDocker, "a Docker that others use is not restarted for a test"),
            .alone)
        func dockerRestarts() async throws {
            try await Self.tell("oneboot") { story in
                try await story.deploy(["VERSION": "v2"])
                try await story.untilConsumed(by: "v2")
                try await story.restartDocker()
                // The broker counts from its own start.
                let report = try await story.untilConsumed(by: "v2")
                #expect(report.most == 1)
                #expect(
                    try await story.running(service: "consumer") == ["oneboot-green-consumer-1"])

                let run = try await story.tealUntil(
                    "== handing over", signal: "KILL", ["deploy"],
                    ["VERSION": "v3", "CONSUMER_DELAY_MS": "2000"])
                #expect(run.ending == .signalled(9))
                try await story.restartDocker()
                #expect(try await story.running(service: "consumer").count <= 1)
                let resumed = try await story.teal(["resume"])
                #expect(resumed.succeeded)
                let after = try await story.untilConsumed(by: "v3")
                #expect(after.most == 1)
                #expect(try await story.running(service: "consumer") == ["oneboot-blue-consumer-1"])
            }
        }
    }
}
