import BlueGreen
import FoundationEssentials
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    /// `teal probe` and `teal watch` over an app that serves.
    @Suite("Watches")
    struct Watches {
        static func tell(
            _ app: String, watch: String, replicas: Int = 1, first: [String: String] = [:],
            _ body: @Sendable (Story) async throws -> Void
        ) async throws {
            try await Story.tell(app) { story in
                let web = Stories.web.replacing(
                    "      SHOP_ROLE: web",
                    with: "      SHOP_ROLE: web\n      SHOP_UNHEALTHY_AFTER: ${SICK_AFTER:-}")
                try story.writeCompose(web)
                try story.writeConfiguration(
                    Stories.configuration(
                        health: "{http: /healthz, interval: 200ms, rise: 1, fall: 2}",
                        // A busy machine is no ill one here.
                        start: "{pause: 100ms, at_most: 0s, settle: {memory_free: 1M, "
                            + "cpu_pressure: 100%, memory_pressure: 100%, steal: 100%, "
                            + "disk_wait: 100%, swap_in: 10G}}",
                        more: "bake: {for: 0s}\nwatch: \(watch)"
                    ).replacing("port: 8080,", with: "port: 8080, replicas: \(replicas),"))
                try await story.deploy(
                    first.merging(["VERSION": "v1"]) { $1 }, options: ["--release", "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                try await body(story)
            }
        }

        /// Makes one replica answer its health check so from now on.
        static func answer(
            _ status: Int, from container: String, _ story: Story
        ) async throws {
            let address =
                try await story.docker(
                    "inspect", "--format",
                    "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}",
                    container
                ).split(separator: " ").first.map(String.init) ?? ""
            let result = try await story.run(
                Command(
                    "curl",
                    ["-sf", "-X", "POST", "http://\(address):8080/healthz?status=\(status)"]))
            #expect(result.succeeded, "\(result.standardError)")
        }

        static func expectEnd(_ result: CommandResult) {
            #expect(result.ending == .exited(0), "\(result.standardError)")
        }

        static func started(_ container: String, _ story: Story) async throws -> String {
            try await story.docker("inspect", "--format", "{{.State.StartedAt}}", container)
        }

        static func events(_ story: Story) async throws -> [String] {
            struct History: Decodable {
                struct Event: Decodable { let kind: String }
                let events: [Event]
            }
            let result = try await story.teal(["history", "--json"])
            let history = try JSONDecoder().decode(
                History.self, from: Data(result.standardOutput.utf8))
            return history.events.map(\.kind).reversed()
        }

        @Test("A probe counts from round to round, tells an ill replica and touches nothing")
        func probeTells() async throws {
            try await Self.tell("probetells", watch: "{cool_down: 10m}", replicas: 2) { story in
                let sick = "probetells-blue-web-2"
                for _ in 1...2 {
                    let healthy = try await story.teal(["probe"])
                    #expect(healthy.ending == .exited(0), "\(healthy.standardOutput)")
                    #expect(healthy.standardOutput.hasPrefix("probetells: blue is healthy, 2 rep"))
                }
                let before = try await Self.started(sick, story)
                try await Self.answer(503, from: sick, story)
                #expect(try await story.teal(["probe"]).ending == .exited(0))
                let file = story.folder + "/teal.prom"
                let ill = try await story.teal(["probe", "--textfile", file])
                #expect(ill.ending == .exited(5))
                #expect(ill.standardOutput.contains("blue web-2 is unhealthy, since "))
                #expect(ill.standardOutput.contains("answered 503"))
                let figures = try story.read("teal.prom")
                for line in Self.figures { #expect(figures.contains(line + "\n"), "\(figures)") }
                #expect(try await Promtool.complaints(about: figures) == "")
                #expect(try await Self.started(sick, story) == before)
                let status = try await story.teal(["status"])
                #expect(status.ending == .exited(5))
                #expect(status.standardOutput.contains("Watch: last round at "))
                try await Self.answer(200, from: sick, story)
                #expect(try await story.teal(["probe"]).ending == .exited(0))
                #expect(try await Self.events(story) == ["unhealthy", "recovered"])
            }
        }

        @Test(
            "A probe by cron, with nothing in its environment, restarts until its budget is spent")
        func probeRestarts() async throws {
            let watch =
                "{on_failure: restart, grace: 1s, restart: {at_most: 1, pause: 1s}}"
            try await Self.tell("proberestarts", watch: watch) { story in
                let web = "proberestarts-blue-web-1"
                try await Self.probe(story)
                for round in 1...2 {
                    let before = try await Self.started(web, story)
                    try await Self.answer(503, from: web, story)
                    for _ in 1...3 { try await Self.probe(story) }
                    let isRestarted = try await Self.started(web, story) != before
                    #expect(isRestarted == (round == 1))
                    if round == 1 {
                        try await story.untilVersion("v1")
                        try await Self.probe(story)
                    }
                }
                let status = try await story.teal(["status"])
                #expect(status.ending == .exited(5))
                #expect(status.standardOutput.contains("web is not restarted any more"))
                let file = story.folder + "/teal.prom"
                _ = try await story.teal(["probe", "--textfile", file])
                let figures = try story.read("teal.prom")
                for line in Self.givenUp { #expect(figures.contains(line + "\n"), "\(figures)") }
                #expect(
                    try await Self.events(story)
                        == ["unhealthy", "restarted", "recovered", "unhealthy", "circuit_open"])
                // A person's restart is a new beginning.
                #expect(try await story.teal(["restart", "web"]).succeeded)
                try await Self.probe(story)
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        /// After one deployment, four rounds and two failures in a row.
        private static let figures = [
            "teal_traffic{app=\"probetells\",colour=\"blue\"} 1",
            "teal_traffic_share_ratio{app=\"probetells\",colour=\"green\"} 0",
            "teal_traffic_unknown{app=\"probetells\"} 0",
            "teal_replica_healthy"
                + "{app=\"probetells\",colour=\"blue\",service=\"web\",replica=\"1\"} 1",
            "teal_replica_healthy"
                + "{app=\"probetells\",colour=\"blue\",service=\"web\",replica=\"2\"} 0",
            "teal_probes_total{app=\"probetells\",service=\"web\",result=\"passed\"} 6",
            "teal_probes_total{app=\"probetells\",service=\"web\",result=\"failed\"} 2",
            "teal_deployments_total{app=\"probetells\",kind=\"deploy\",outcome=\"promoted\"} 1",
            "teal_deployment_unfinished{app=\"probetells\"} 0",
            "teal_room_fits{app=\"probetells\"} 1",
            "teal_nginx_workers{generation=\"old\"} 0",
        ]

        private static let givenUp = [
            "teal_watch_actions_total{app=\"proberestarts\",service=\"web\",action=\"restart\","
                + "outcome=\"done\"} 1",
            "teal_watch_restarts_left{app=\"proberestarts\",service=\"web\"} 0",
            "teal_watch_circuit_open{app=\"proberestarts\",service=\"web\"} 1",
        ]

        /// As cron runs it.
        private static func probe(_ story: Story) async throws {
            let result = try await story.bare(
                path: "/usr/bin:/bin", [], ["probe", "--quiet-when-busy"])
            #expect([.exited(0), .exited(5)].contains(result.ending), "\(result.standardError)")
        }

        @Test("A watch starts what died at once, and leaves alone what a person stopped")
        func watchRestarts() async throws {
            try await Self.tell("watchrestarts", watch: "{every: 5s, grace: 1s}") { story in
                let web = "watchrestarts-blue-web-1"
                // Docker does not start it again by itself.
                _ = try await story.docker("update", "--restart", "no", web)
                try await story.watching(reading: Self.expectEnd) { log in
                    try await story.until("the watch begins") { try log().contains("watched") }
                    let before = try await Self.started(web, story)
                    _ = try? await story.get("/crash")
                    try await story.until("it is started again") {
                        try await Self.started(web, story) != before
                            && log().contains("restarted blue web-1")
                    }
                    try await story.untilVersion("v1")
                    _ = try await story.docker("stop", web)
                    try await story.until("the watch knows of the stop") {
                        try log().contains("was stopped by hand")
                    }
                    // Two rounds later it is still as the person left it.
                    try await Task.sleep(for: .seconds(11))
                    let state = try await story.docker(
                        "inspect", "--format", "{{.State.Status}}", web)
                    #expect(state.hasPrefix("exited"))
                }
                #expect(
                    try await Self.events(story).filter { $0 != "recovered" }
                        == ["unhealthy", "restarted", "stopped"])
            }
        }

        @Test("A release that stays ill goes back to the previous one, once")
        func watchRollsBack() async throws {
            let watch =
                "{every: 5s, grace: 1s, on_failure: rollback, restart: {at_most: 1, pause: 1s}}"
            try await Self.tell("watchback", watch: watch) { story in
                try await story.deploy(["VERSION": "v2", "SICK_AFTER": "1"])
                try await story.watching(reading: Self.expectEnd) { log in
                    try await story.until("the watch begins") { try log().contains("watched") }
                    // Each start of it is healthy until its first request.
                    try await story.until("traffic is back", times: 400) {
                        try await story.version() == "v1"
                    }
                    try await story.until("it is told") { try log().contains("rolled back") }
                }
                let events = try await Self.events(story)
                #expect(events.contains("restarted"))
                #expect(events.last { $0.hasPrefix("rolled") } == "rolled_back")
                #expect(try await story.teal(["status"]).succeeded)
                #expect(try await story.running(in: .blue).count == 1)
            }
        }

        @Test("A watch neither acts in maintenance nor keeps a deploy waiting")
        func watchYields() async throws {
            try await Self.tell("watchyields", watch: "{every: 5s, grace: 1s}") { story in
                let web = "watchyields-blue-web-1"
                try await story.watching(reading: Self.expectEnd) { log in
                    try await story.until("the watch begins") { try log().contains("watched") }
                    #expect(try await story.teal(["maintenance", "on"]).succeeded)
                    let before = try await Self.started(web, story)
                    try await Self.answer(503, from: web, story)
                    try await story.until("it is ill") { try log().contains("unhealthy") }
                    try await Task.sleep(for: .seconds(11))
                    #expect(try await Self.started(web, story) == before)
                    try await story.deploy(["VERSION": "v2"])
                    #expect(try await story.teal(["maintenance", "off"]).succeeded)
                }
                #expect(try await Self.events(story).contains("restarted") == false)
                #expect(try await story.version() == "v2")
            }
        }
    }
}
