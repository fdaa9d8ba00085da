import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Interruption")
    struct Interruption {
        @Test(
            "20: Killed in any phase, the next command ends with one serving colour",
            arguments: [
                "preparing", "starting", "probing", "arming", "probing edge", "switching",
                "confirming", "draining", "retiring",
            ])
        func killed(phase: String) async throws {
            let app = "kill" + phase.replacing(" ", with: "")
            try await Stories.tell(app, more: "keep: {previous: stopped}") { story in
                let (_, load) = try await story.underLoad {
                    let run = try await story.tealUntil(
                        "== \(phase)", signal: "KILL", ["deploy"],
                        ["VERSION": "v2", "HEALTH_AFTER_MS": "700"])
                    #expect(run.ending == .signalled(9))
                    let resumed = try await story.teal(["resume"])
                    #expect([0, 3].map { .exited($0) }.contains(resumed.ending))
                }
                #expect(load.lost == 0)
                let status = try await story.teal(["status"])
                #expect(status.succeeded)
                let colours = [
                    try await story.running(in: .blue), try await story.running(in: .green),
                ]
                #expect(colours.filter { !$0.isEmpty }.count == 1)
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }

        @Test(
            "20: A full disk stops a deploy and leaves traffic alone; with room the next one goes")
        func fullDisk() async throws {
            try await Stories.tell("killdisk") { story in
                let filler = story.folder + "/state/filler"
                try await story.limitState(to: "4m") {
                    try await story.fill(filler)
                    let result = try await story.teal(["deploy"], ["VERSION": "v2"])
                    #expect(!result.succeeded)
                    #expect(
                        (result.standardOutput + result.standardError).contains(
                            "which is too little"))
                    #expect(try await story.version() == "v1")
                    try await story.remove(filler)
                    try await story.deploy(["VERSION": "v3"])
                    #expect(try await story.version() == "v3")
                }
            }
        }

        @Test("On a disk that has become read-only the way back is open, and is recorded later")
        func readOnlyDisk() async throws {
            try await Stories.tell("killreadonly") { story in
                try await story.limitState(to: "8m") {
                    try await story.deploy(["VERSION": "v2"])
                    try await story.remountState("ro")
                    let deploy = try await story.teal(["deploy"], ["VERSION": "v3"])
                    #expect(!deploy.succeeded)
                    #expect(deploy.standardError.contains("file system that is read-only"))
                    let back = try await story.teal(["rollback"])
                    #expect(back.succeeded, "\(back)")
                    #expect(back.standardOutput.contains("without a record"), "\(back)")
                    #expect(try await story.version() == "v1")
                    for state in ["on", "off"] {
                        #expect(try await story.teal(["maintenance", state]).succeeded)
                    }
                    try await story.remountState("rw")
                    #expect(try await story.teal(["resume"]).succeeded)
                    #expect(try await story.teal(["status"]).succeeded)
                    try await story.deploy(["VERSION": "v3"])
                    #expect(try await story.version() == "v3")
                }
            }
        }

        @Test("21: SIGTERM before the switch undoes it, and the last line says where traffic is")
        func terminated() async throws {
            try await Stories.tell("killterm") { story in
                let run = try await story.tealUntil(
                    "== probing", signal: "TERM", ["deploy"],
                    ["VERSION": "v2", "FAIL_HEALTH": "1"])
                #expect(run.ending == .exited(3))
                #expect(run.standardOutput.contains("SIGTERM"))
                #expect(run.standardOutput.contains("Traffic is on blue"))
                #expect(try await story.running(in: .green).isEmpty)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("22: A second deploy at once is refused and names the first; waiting for it works")
        func twoAtOnce() async throws {
            try await Stories.tell("killtwo") { story in
                async let first = story.deploy(["VERSION": "v2", "HEALTH_AFTER_MS": "4000"])
                try await story.untilLocked()
                let second = try await story.teal(["deploy"], ["VERSION": "v3"])
                #expect(second.ending == .exited(75))
                #expect(second.standardError.contains("pid"))
                #expect(second.standardError.contains("teal deploy"))
                let third = try await story.teal(
                    ["deploy", "--wait-lock", "60s"], ["VERSION": "v3"])
                #expect(third.succeeded)
                _ = try await first
                #expect(try await story.version() == "v3")
            }
        }

        @Test("23: nginx starts again from disk on the same colour, also when the other is gone")
        func nginxRestarts() async throws {
            try await Stories.tell("killnginx", more: "keep: {previous: removed}") { story in
                try await story.deploy(["VERSION": "v2"])
                try await story.stopNginx()
                try await story.startNginx()
                #expect(try await story.version() == "v2")
            }
        }

        @Test(
            "23: When Docker restarts, the active colour comes back and nginx routes to it",
            .enabled(if: Story.ownsDocker, "a Docker that others use is not restarted for a test"),
            .alone)
        func dockerRestarts() async throws {
            try await Stories.tell("killboot", more: "keep: {previous: stopped}") { story in
                try await story.deploy(["VERSION": "v2"])
                try await story.restartDocker()
                try await story.untilVersion("v2")
                #expect(try await story.running(in: .blue).isEmpty)
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }

        @Test("23: A container of the active colour that crashes is started again")
        func crashes() async throws {
            try await Stories.tell("killcrash") { story in
                _ = try await story.rawGet("/crash")
                try await story.until("Docker has started it again") {
                    let restarts = try await story.docker(
                        "inspect", "--format", "{{.RestartCount}}", "killcrash-blue-web-1")
                    return restarts == "1"
                }
                try await story.untilVersion("v1")
            }
        }
    }
}
