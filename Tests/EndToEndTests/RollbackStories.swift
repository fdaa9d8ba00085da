import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("Going back")
    struct GoingBack {
        @Test("15: While the previous runs a rollback is warm, and says so before it starts")
        func warm() async throws {
            try await Stories.tell("backwarm") { story in
                try await story.deploy(["VERSION": "v2"])
                let (result, load) = try await story.underLoad {
                    try await story.teal(["rollback"])
                }
                #expect(result.succeeded)
                #expect(result.standardError.contains("warm"))
                #expect(load.lost == 0)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("15: After the previous was removed it is started again from its release")
        func cold() async throws {
            try await Stories.tell("backcold", more: "keep: {previous: removed}") { story in
                try await story.deploy(["VERSION": "v2"])
                #expect(try await story.running(in: .blue).isEmpty)
                let result = try await story.teal(["rollback"])
                #expect(result.succeeded)
                #expect(result.standardError.contains("cold"))
                #expect(try await story.version() == "v1")
            }
        }

        @Test("16: Neither a moved tag nor today's environment changes what a rollback runs")
        func sameAsItRan() async throws {
            try await Stories.tell("backsame", more: "keep: {previous: removed}") { story in
                let compose = Stories.web.replacing("demo-shop:v1", with: "demo-shop:moving")
                try await story.docker("tag", "teal/demo-shop:v1", "teal/demo-shop:moving")
                try story.writeCompose(compose)
                try await story.deploy(["VERSION": "v2"])
                try await story.deploy(["VERSION": "v3"])
                // Another image takes the tag: one that cannot even start.
                try await story.importEmptyImage("teal/demo-shop:moving")
                let result = try await story.teal(["rollback"], ["VERSION": "wrong"])
                #expect(result.succeeded)
                #expect(try await story.version() == "v2")
                try await story.docker("rmi", "teal/demo-shop:moving")
            }
        }

        @Test("17: A rollback to an unknown release lists the known ones and fails")
        func unknown() async throws {
            try await Stories.tell("backunknown") { story in
                try await story.deploy(["VERSION": "v2"], options: ["--release", "second"])
                let result = try await story.teal(["rollback", "--to", "nonsense"])
                #expect(result.ending == .exited(64))
                #expect(result.standardError.contains("nonsense"))
                #expect(result.standardError.contains("(v1)"))
                #expect(result.standardError.contains("(second)"))
                #expect(try await story.version() == "v2")
            }
        }

        @Test("15: A rollback to a named older release starts that one")
        func named() async throws {
            try await Stories.tell("backnamed") { story in
                try await story.deploy(["VERSION": "v2"], options: ["--release", "v2"])
                try await story.deploy(["VERSION": "v3"], options: ["--release", "v3"])
                let result = try await story.teal(["rollback", "--to", "v1"])
                #expect(result.succeeded)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("18: After a broken release the next good one needs no cleaning by hand")
        func afterBroken() async throws {
            try await Stories.tell("backbroken") { story in
                let broken = try await story.deploy(
                    ["VERSION": "v2", "FAIL_HEALTH": "1", "DEADLINE": "2s"], exit: 3)
                #expect(broken.standardOutput.contains("  | "))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }
    }
}
