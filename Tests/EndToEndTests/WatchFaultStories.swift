import FoundationEssentials
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    /// Troubles of the host in which a watch makes nothing worse.
    @Suite("Watches of hosts in trouble")
    struct WatchFaults {
        private static func probe(
            _ story: Story, _ environment: [String: String] = [:]
        ) async throws -> CommandResult {
            try await story.teal(["probe"], environment)
        }

        @Test("Docker that hangs or is gone, and nginx that is gone, restart nothing")
        func blind() async throws {
            try await Watches.tell("watchblind", watch: "{on_failure: restart, grace: 1s}") {
                story in
                let web = "watchblind-blue-web-1"
                let before = try await Watches.started(web, story)
                for _ in 1...2 { #expect(try await Self.probe(story).ending == .exited(0)) }
                let socket = story.folder + "/hanging.sock"
                let hanging = try await Receiver.start(.silence, at: socket)
                for round in 1...3 {
                    // The second and the third find nobody at all.
                    if round == 2 { try await hanging.stop() }
                    let blind = try await Self.probe(story, ["DOCKER_HOST": "unix://\(socket)"])
                    #expect(blind.ending == .exited(5))
                    #expect(blind.standardOutput.contains("the engine does not answer"))
                }
                #expect(try await Self.probe(story).ending == .exited(0))
                try await story.stopNginx()
                for round in 1...4 {
                    let ending = try await Self.probe(story).ending
                    #expect(ending == .exited(round == 1 ? 0 : 5))
                }
                let status = try await story.teal(["status"])
                #expect(status.standardOutput.contains("nginx does not reach web"))
                try await story.startNginx()
                #expect(try await Self.probe(story).ending == .exited(0))
                #expect(try await Watches.started(web, story) == before)
                #expect(
                    try await Watches.events(story)
                        == ["host_ill", "host_well", "edge_broken", "edge_well"])
            }
        }

        @Test("An ill replica is restarted on a full disk too, where the count of it has room kept")
        func fullDisk() async throws {
            try await Watches.tell("watchdisk", watch: "{on_failure: restart, grace: 1s}") {
                story in
                let web = "watchdisk-blue-web-1"
                try await story.limitState(to: "8m") {
                    for _ in 1...2 { #expect(try await Self.probe(story).ending == .exited(0)) }
                    let before = try await Watches.started(web, story)
                    try await story.fill(story.folder + "/state/filler")
                    try await Watches.answer(503, from: web, story)
                    for _ in 1...4 { _ = try await Self.probe(story) }
                    #expect(try await Watches.started(web, story) != before)
                    let events = try await Watches.events(story)
                    #expect(events.prefix(2) == ["unhealthy", "restarted"], "\(events)")
                }
            }
        }

        @Test(
            "Docker that is restarted restarts nothing more, and its events are heard again",
            .enabled(if: Story.ownsDocker, "a Docker that others use is not restarted for a test"),
            .alone)
        func dockerRestarts() async throws {
            // No round falls due in this hour: it is the events that tell the death at the end.
            try await Watches.tell("watchdocker", watch: "{every: 1h, grace: 1s}") { story in
                let web = "watchdocker-blue-web-1"
                try await story.watching(reading: Watches.expectEnd) { log in
                    try await story.until("the watch hears") { try await Self.isHeard(story) }
                    try await story.restartDocker()
                    try await story.untilVersion("v1")
                    try await story.until("the watch hears again", times: 300) {
                        try await Self.isHeard(story)
                    }
                    #expect(try log().contains("restarted blue") == false)
                    let before = try await Watches.started(web, story)
                    _ = try await story.docker("update", "--restart", "no", web)
                    _ = try? await story.get("/crash")
                    try await story.until("it is started again") {
                        try await Watches.started(web, story) != before
                    }
                    try await story.until("it is told") {
                        try log().contains("restarted blue web-1")
                    }
                }
                let events = try await Watches.events(story)
                #expect(
                    events.filter { !$0.hasPrefix("host_") && $0 != "recovered" }
                        == ["unhealthy", "restarted"])
            }
        }

        private static func isHeard(_ story: Story) async throws -> Bool {
            try await story.docker("info", "--format", "{{.NEventsListener}}") != "0"
        }

        @Test("A replica that a person stops slowly is left alone while it fails, then told")
        func slowStop() async throws {
            try await Watches.tell(
                "watchstop", watch: "{on_failure: restart, grace: 1s}", first: ["IGNORE_TERM": "1"]
            ) { story in
                let web = "watchstop-blue-web-1"
                for _ in 1...2 { #expect(try await Self.probe(story).ending == .exited(0)) }
                let before = try await Watches.started(web, story)
                try await Watches.answer(503, from: web, story)
                async let stop = story.docker("stop", "--time", "600", web)
                try await story.until("Docker was asked") {
                    try await story.docker(
                        "events", "--since", "10m", "--until", "0s", "--filter", "event=kill",
                        "--filter", "container=\(web)"
                    ).isEmpty == false
                }
                // Two failures in a row would be enough.
                for _ in 1...5 { #expect(try await Self.probe(story).ending == .exited(0)) }
                #expect(try await Watches.started(web, story) == before)
                _ = try await story.docker("kill", web)
                _ = try await stop
                for _ in 1...3 { #expect(try await Self.probe(story).ending == .exited(5)) }
                let state = try await story.docker("inspect", "--format", "{{.State.Status}}", web)
                #expect(state == "exited")
                #expect(try await Watches.events(story) == ["stopped"])
            }
        }

        @Test("SIGTERM in the midst of a restart ends the watch at once; the next one takes it up")
        func ended() async throws {
            try await Watches.tell(
                "watchended", watch: "{every: 5s, grace: 1s}", first: ["IGNORE_TERM": "1"]
            ) { story in
                let web = "watchended-blue-web-1"
                let before = try await Watches.started(web, story)
                try await story.watching(reading: Watches.expectEnd) { log in
                    try await story.until("the watch begins") { try log().contains("watched") }
                    try await Watches.answer(503, from: web, story)
                    try await story.until("Docker was asked", times: 300) {
                        try await story.docker(
                            "events", "--since", "10m", "--until", "0s", "--filter", "event=kill",
                            "--filter", "container=\(web)"
                        ).isEmpty == false
                    }
                }
                // The watch has ended before the container, whose grace is ten seconds.
                #expect(try await Watches.started(web, story) == before)
                #expect(try await Watches.events(story) == ["unhealthy"])
                try await story.until("Docker has come to the end of it", times: 300) {
                    try await Watches.started(web, story) != before
                }
                try await story.untilVersion("v1")
                let after = try await Watches.started(web, story)
                try await story.watching(reading: Watches.expectEnd) { log in
                    try await story.until("the next one takes it up") {
                        try log().contains("restarted: blue web-1")
                    }
                }
                #expect(try await Watches.started(web, story) == after)
                let events = try await Watches.events(story)
                #expect(events.filter { $0 == "restarted" }.count == 1)
                #expect(!events.contains("stopped"))
                // It was counted: two of three are left.
                let status = try await story.teal(["status"])
                #expect(status.standardOutput.contains("2 of 3"), "\(status.standardOutput)")
            }
        }
    }
}
