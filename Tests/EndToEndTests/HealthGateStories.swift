import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Health gate")
    struct HealthGate {
        @Test("1: A release that always answers 500 is turned away and gets no request")
        func always500() async throws {
            try await Stories.tell("gate500") { story in
                let (result, load) = try await story.underLoad {
                    try await story.deploy(
                        ["VERSION": "v2", "FAIL_HEALTH": "1", "DEADLINE": "2s"], exit: 3)
                }
                #expect(load.lost == 0)
                #expect(load.answers["v2"] == nil)
                #expect(result.standardOutput.contains("/healthz answered 500"))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        @Test("2: Failing twice and then answering is a success")
        func failsTwice() async throws {
            try await Stories.tell("gatetwice", deployed: false) { story in
                try await story.deploy(["HEALTH_FAILS": "2"])
                #expect(try await story.running(in: .blue) == ["gatetwice-blue-web-1"])
            }
        }

        @Test("2: An endpoint that hangs costs its timeout, several times within the deadline")
        func hangs() async throws {
            let health = "{http: /healthz, deadline: 2s, timeout: 300ms}"
            try await Stories.tell("gatehang", deployed: false, health: health) { story in
                let result = try await story.deploy(["HANG_HEALTH": "1"], exit: 3)
                #expect(result.standardOutput.contains("gave no answer within 300 ms"))
                #expect(!result.standardOutput.contains("(1 times)"))
            }
        }

        @Test("3: A release that is ready after 32 s passes with the default deadline")
        func slowBoot() async throws {
            try await Stories.tell("gateslow", deployed: false, health: "{http: /healthz}") {
                story in
                try await story.deploy(["START_DELAY_MS": "32000"])
            }
        }

        @Test("4: A wrong port is named together with the ports that the container listens on")
        func wrongPort() async throws {
            let health = "{http: /healthz, deadline: 2s}"
            try await Stories.tell("gateport", deployed: false, health: health) { story in
                let result = try await story.deploy(["PORT": "3000"], exit: 3)
                #expect(result.standardOutput.contains("expects port 8080"))
                #expect(result.standardOutput.contains("listens on 3000"))
            }
        }

        @Test("5: The first deploy of all waits for health, and a one-shot that exits 0 is up")
        func firstDeploy() async throws {
            try await Story.tell("gatefirst") { story in
                let waiting = [
                    "    depends_on: {init: {condition: service_completed_successfully}}",
                    "  init: {image: \"teal/demo-shop:v1\", environment: {SHOP_ROLE: init}}",
                ]
                try story.writeCompose(([Stories.web] + waiting).joined(separator: "\n"))
                try story.writeConfiguration(Stories.configuration())
                try await story.deploy(["HEALTH_AFTER_MS": "1500"])
                try await story.openSite()
                try await story.untilVersion("v1")
            }
        }

        @Test("6: The health request carries the configured Host header")
        func hostHeader() async throws {
            let health = "{http: /healthz, host: shop.example, deadline: \"${DEADLINE:-60s}\"}"
            try await Stories.tell("gatehost", deployed: false, health: health) { story in
                try await story.deploy(["HEALTH_HOST": "shop.example"])
                try await story.deploy(
                    ["HEALTH_HOST": "other.example", "DEADLINE": "2s"], exit: 3)
            }
        }

        @Test("7: A crash on start tells the exit code and the last log lines")
        func crash() async throws {
            try await Stories.tell("gatecrash", deployed: false) { story in
                let result = try await story.deploy(["EXIT_CODE": "7"], exit: 3)
                #expect(result.standardOutput.contains("exit code 7"))
                #expect(result.standardOutput.contains("  | "))
            }
        }
    }
}
