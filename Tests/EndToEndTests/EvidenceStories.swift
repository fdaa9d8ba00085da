import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    /// What Teal tells and does where the host lets it down after the switch.
    @Suite("Evidence")
    struct Evidence {
        private static let bake = "bake: {for: \"${BAKE:-20s}\", errors: 5%, requests: 20}"

        @Test("A disk that fills after the switch keeps no bad release, and stops no rollback")
        func fullDisk() async throws {
            try await Stories.watched("fulldisk", Self.bake) { story in
                let filler = story.folder + "/state/filler"
                try await story.limitState(to: "8m") {
                    let fill = "dd if=/dev/zero of=\(filler) bs=1k count=100000 || true"
                    try story.writeConfiguration(
                        Stories.configuration(
                            health: "{http: /healthz, interval: 200ms, deadline: 60s}",
                            more: Self.bake
                                + "\nhooks: {after_switch: [[sh, -c, \"\(fill)\"]]}"))
                    let (result, load) = try await story.underLoad(Stories.visitors()) {
                        try await story.deploy(
                            ["VERSION": "v2", "FAIL_EVERY": "2"], exit: 4)
                    }
                    #expect(result.standardOutput.contains("Traffic is on blue"))
                    #expect(load.unanswered == 0, "\(load.lostByReason)")
                    #expect(try await story.version() == "v1")

                    // The history keeps room for its end, and so nothing is left to do.
                    #expect(try await story.teal(["status"]).succeeded)
                    let told = try await story.teal(["resume"])
                    #expect(told.succeeded, "\(told)")
                    #expect(told.standardOutput.contains("Nothing to resume"), "\(told)")
                    #expect(try await story.containers().contains { $0.contains("-green-") })
                    #expect(try await story.version() == "v1")
                    try await story.remove(filler)
                    try story.writeConfiguration(
                        Stories.configuration(
                            health: "{http: /healthz, interval: 200ms, deadline: 60s}"))
                    try await story.deploy(["VERSION": "v3"])

                    try await story.fill(filler)
                    let check = try await story.teal(["check"])
                    #expect(check.standardOutput.contains("has no room for a release's record"))
                    let back = try await story.teal(["rollback"])
                    #expect(back.succeeded, "\(back.standardOutput)\(back.standardError)")
                    #expect(try await story.version() == "v1")
                    #expect(!back.standardOutput.contains("without a record"), "\(back)")
                    #expect(try await story.teal(["status"]).succeeded)
                    #expect(try await story.teal(["rollback"]).succeeded)
                    #expect(try await story.version() == "v3")
                    try await story.remove(filler)

                    // A set that was stopped is started again without a byte of it written.
                    try story.writeConfiguration(
                        Stories.configuration(
                            health: "{http: /healthz, interval: 200ms, deadline: 60s}",
                            more: "keep: {previous: stopped}"))
                    try await story.deploy(["VERSION": "v4"])
                    try await story.fill(filler)
                    let cold = try await story.teal(["rollback"])
                    #expect(cold.succeeded, "\(cold)")
                    #expect(try await story.version() == "v3")
                    try await story.remove(filler)
                }
            }
        }

        @Test("A release whose nginx died right after the switch is not promoted")
        func deadNginx() async throws {
            try await Stories.watched("deadnginx", Self.bake) { story in
                // The workers are in the master's group. `teal.yml` writes `$$` for a `$`.
                let kill = "kill -9 -$$(cat \(story.folder)/nginx/nginx.pid)"
                try story.writeConfiguration(
                    Stories.configuration(
                        health: "{http: /healthz, interval: 200ms, deadline: 60s}",
                        more: Self.bake
                            + "\nhooks: {after_switch: [[sh, -c, \"\(kill); true\"]]}"))
                let result = try await story.deploy(["VERSION": "v2", "BAKE": "2s"], exit: 6)
                #expect(!result.standardOutput.contains("Promoted"))
                try await story.startNginx()
                // nginx is there again, and the deployment finds its end.
                let resumed = try await story.teal(["resume"])
                #expect(resumed.ending == .exited(4), "\(resumed.standardOutput)")
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
                #expect(try await story.teal(["status"]).succeeded)
            }
        }
    }
}
