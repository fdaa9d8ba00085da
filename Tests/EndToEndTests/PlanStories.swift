import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Planning")
    struct Planning {
        @Test("A plan names what a deploy would do, and changes nothing")
        func plan() async throws {
            try await Stories.tell("planned") { story in
                let before = try await story.everything()
                let plan = try await story.teal(
                    ["plan", "--release", "v2"], ["VERSION": "s3cret"])
                #expect(plan.succeeded, "\(plan.standardOutput)\(plan.standardError)")
                let text = plan.standardOutput
                for part in [
                    "planned (v2) would go to green", "blue has traffic",
                    "web changed: environment (SHOP_VERSION)", "nginx: no file changes.",
                    "point \(story.folder)/nginx/teal/planned/live to green",
                    "$ docker compose --project-name planned-green", "teal deploy",
                    "--release v2",
                ] {
                    #expect(text.contains(part), "\(part) in \(text)")
                }
                #expect(!text.contains("s3cret"))
                let changed = try await story.everything().symmetricDifference(before)
                #expect(changed.isEmpty)
                let json = try await story.teal(["plan", "--json"], ["VERSION": "s3cret"])
                #expect(json.standardOutput.contains(#""phase" : "switching""#))
                #expect(!json.standardOutput.contains("s3cret"))
            }
        }

        @Test("Before the first deploy a plan makes neither state nor networks nor files")
        func first() async throws {
            try await Stories.tell("planfirst", deployed: false) { story in
                let before = try await story.everything()
                let plan = try await story.teal(["plan"])
                #expect(plan.succeeded, "\(plan.standardOutput)\(plan.standardError)")
                #expect(plan.standardOutput.contains("no colour has traffic"))
                let changed = try await story.everything().symmetricDifference(before)
                #expect(changed.isEmpty)
            }
        }

        @Test("Files that would change are shown, and a broken compose file ends with 1")
        func changes() async throws {
            try await Stories.tell("planchanges") { story in
                let lines = Stories.configuration().replacing(
                    "web: {port: 8080", with: "web: {replicas: 2, port: 8080")
                try story.writeConfiguration(lines)
                let before = try await story.everything()
                let plan = try await story.teal(["plan"])
                #expect(plan.succeeded, "\(plan.standardOutput)\(plan.standardError)")
                #expect(plan.standardOutput.contains("web changed: replicas"))
                #expect(plan.standardOutput.contains("+++ "))
                #expect(plan.standardOutput.contains("$ nginx -s reload"))
                let changed = try await story.everything().symmetricDifference(before)
                #expect(changed.isEmpty)
                try story.writeCompose("  web: {imag: none}")
                #expect(try await story.teal(["plan"]).ending == .exited(1))
                try story.writeConfiguration("services: {}")
                #expect(try await story.teal(["plan"]).ending == .exited(78))
            }
        }

        @Test("What the hooks of a deploy have yet to write is no mistake, and no plan either")
        func hooks() async throws {
            try await Stories.tell("planhooks", deployed: false) { story in
                let hooks = """
                    hooks:
                      before_start:
                        - [sh, -c, 'echo VERSION=v2 >written.env']
                    """
                try story.writeConfiguration(Stories.configuration() + "\n" + hooks)
                let plan = try await story.teal(["plan"])
                #expect(plan.succeeded, "\(plan.standardOutput)\(plan.standardError)")
                #expect(
                    plan.standardOutput.contains(
                        "  before start  run the before_start hook `sh -c 'echo VERSION=v2 "
                            + ">written.env'` on the host"))
                #expect(!FileSystem().exists(story.folder + "/written.env"))
                try story.writeConfiguration(
                    Stories.configuration() + "\nenv_files: [written.env]\n" + hooks)
                let before = try await story.everything()
                let early = try await story.teal(["plan"])
                #expect(early.ending == .exited(1))
                #expect(early.standardOutput.contains("written.env is not there yet"))
                let changed = try await story.everything().symmetricDifference(before)
                #expect(changed.isEmpty)
            }
        }
    }
}
