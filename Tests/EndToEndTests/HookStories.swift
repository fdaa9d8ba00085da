import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.FirstLane {
    @Suite("Hooks")
    struct HookStories {
        private static let hanging = "[sh, -c, \"echo waiting; sleep 600\"]"

        @Test("One that fails before the switch aborts, and its last lines are told")
        func failsBefore() async throws {
            try await told("hookbefore", "before_switch: [{run: [/shop, nonsense], in: web}]") {
                story in
                let (result, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2"], exit: 3)
                }
                #expect(load.lost == 0)
                #expect(load.answers["v2"] == nil)
                #expect(
                    result.standardOutput.contains(
                        "The before_switch hook `/shop nonsense` in web ended with exit code 64."))
                #expect(result.standardOutput.contains("  | shop: unknown word \"nonsense\""))
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        @Test("One that fails after the switch takes traffic back, and no request is lost")
        func failsAfter() async throws {
            let look = "[sh, -c, \"echo looked at $$TEAL_COLOUR; exit 9\"]"
            try await told("hookafter", "after_switch: [\(look)]") { story in
                let (result, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2"], exit: 4)
                }
                #expect(load.lost == 0)
                #expect(result.standardOutput.contains("ended with exit code 9"))
                #expect(result.standardOutput.contains("  | looked at green"))
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
                let history = try await story.teal(["history", "--verbose"])
                #expect(history.standardOutput.contains("after switch"))
            }
        }

        @Test("One that fails at the end is a warning; a rollback runs none before the switch")
        func failsAtTheEnd() async throws {
            let hooks = "before_switch: [[./witness.sh, before]], after_switch: [[\"false\"]], "
            try await Stories.tell("hookend", more: "hooks: {after_retire: [[\"false\"]]}") {
                story in
                let result = try await story.deploy(["VERSION": "v2"])
                #expect(result.standardOutput.contains("Warning: The after_retire hook `false`"))
                try story.writeConfiguration(
                    Stories.configuration(more: "hooks: {\(hooks)after_retire: []}"))
                let rollback = try await story.teal(["rollback"])
                #expect(rollback.succeeded)
                #expect(!rollback.standardError.contains("before_switch"))
                #expect(rollback.standardOutput.contains("Warning: The after_switch hook `false`"))
                #expect(try await story.version() == "v1")
            }
        }

        @Test("What a hook on the host writes, the compose file uses; the image's name too")
        func writesEnvironment() async throws {
            let more = "env_files: [release.env]\nhooks: {before_start: [[./parameters.sh]]}"
            try await Stories.tell("hookenv", deployed: false, more: more) { story in
                try story.writeCompose(
                    Stories.web.replacing("${VERSION:-v1}", with: "${FROM_HOOK:?}"))
                try await story.writeScript(
                    "parameters.sh", "echo \"FROM_HOOK=${TEAL_LABEL}-$TEAL_COLOUR\" >release.env")
                let check = try await story.teal(["check"])
                #expect(check.standardOutput.contains("the before_start hooks have to write it"))
                try await story.deploy(options: ["--release", "v7"])
                try await story.openSite()
                try await story.untilVersion("v7-blue")
            }
        }

        @Test("A host hook that fails is a deployment in the history that touched nothing")
        func openingFails() async throws {
            try await told("hookopen", "before_start: [[./login.sh]]") { story in
                try await story.writeScript("login.sh", "echo no token; exit 1")
                let result = try await story.deploy(
                    ["VERSION": "v2"], options: ["--release", "v2"], exit: 3)
                #expect(result.standardOutput.contains("before_start hook `./login.sh` ended"))
                #expect(result.standardOutput.contains("  | no token"))
                #expect(try await story.version() == "v1")
                let history = try await story.teal(["history"])
                #expect(history.standardOutput.contains("aborted"))
                try await story.writeScript("login.sh", "exit 0")
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }

        @Test(
            "Before the start a hook runs in the candidate's image, and nobody takes it for a replica"
        )
        func migrates() async throws {
            let hooks = "before_start: [{run: [/shop, --help], in: web}]"
            try await told("hookmigrate", hooks) { story in
                let result = try await story.deploy(["VERSION": "v2"])
                let lines = result.standardError.split(separator: "\n")
                let ran = try #require(lines.firstIndex { $0.contains("SHOP_VERSION") })
                let started = try #require(lines.firstIndex { $0.contains("starting web-1") })
                #expect(ran < started)
                let left = try await story.docker(
                    "ps", "--all", "--quiet", "--filter", "label=teal.hook", "--filter",
                    "label=teal.app=\(story.app)")
                #expect(left.isEmpty)
                #expect(try await story.version() == "v2")
            }
        }

        @Test(
            "One that hangs is ended at its timeout, wherever it runs",
            arguments: [
                ("hookhang", "before_start: [{run: \(hanging), timeout: 1s}]"),
                // In a container of its own a shop serves until it is ended; beside the worker it
                // takes as long as that to begin.
                ("hookhangone", "before_start: [{run: [/shop], in: web, timeout: 2s}]"),
                ("hookhangin", "before_switch: [{run: [/shop], in: worker, timeout: 2s}]"),
            ])
        func hangs(app: String, hooks: String) async throws {
            try await told(app, hooks) { story in
                let worker = """
                      worker:
                        image: teal/demo-shop:v1
                        environment: {SHOP_ROLE: worker, SHOP_START_DELAY_MS: "60000"}
                    """
                try story.writeCompose(Stories.web + "\n" + worker)
                let result = try await story.deploy(["VERSION": "v2"], exit: 3)
                #expect(result.standardOutput.contains("and was ended"))
                #expect(try await story.version() == "v1")
                let left = try await story.docker(
                    "ps", "--all", "--quiet", "--filter", "label=teal.hook", "--filter",
                    "label=teal.app=\(story.app)")
                #expect(left.isEmpty)
            }
        }

        @Test("SIGTERM ends a hook before the switch, and the deploy with it")
        func interrupted() async throws {
            try await told("hookterm", "before_switch: [\(Self.hanging)]") { story in
                let result = try await story.tealUntil(
                    "waiting", signal: "TERM", ["deploy"], ["VERSION": "v2"])
                #expect(result.ending == .exited(3))
                #expect(result.standardOutput.contains("SIGTERM"))
                #expect(try await story.version() == "v1")
            }
        }

        @Test("A killed run's hook in a container does not outlive the recovery")
        func killed() async throws {
            let hooks = "before_start: [{run: [/shop], in: web}]"
            try await told("hookkill", hooks) { story in
                let killed = try await story.tealUntil(
                    "before_start hook", signal: "KILL", ["deploy"], ["VERSION": "v2"])
                #expect(!killed.succeeded)
                let resumed = try await story.teal(["resume"])
                #expect(resumed.ending == .exited(3))
                let left = try await story.docker(
                    "ps", "--all", "--quiet", "--filter", "label=teal.release", "--filter",
                    "label=teal.app=hookkill", "--filter", "label=teal.colour=green")
                #expect(left.isEmpty)
                #expect(try await story.version() == "v1")
            }
        }

        @Test(
            "What a killed run's hook left running is ended before anything else is done",
            arguments: [
                ("hookleft", "before_start: [[./hang.sh]]"),
                ("hookleftlate", "before_switch: [[./hang.sh]]"),
            ])
        func leftRunning(app: String, hooks: String) async throws {
            try await told(app, hooks) { story in
                try await story.writeScript(
                    "hang.sh", "setsid sleep 600 &\necho waiting\nwait")
                let killed = try await story.tealUntil(
                    "| waiting", signal: "KILL", ["deploy"], ["VERSION": "v2"])
                #expect(!killed.succeeded)
                let resumed = try await story.teal(["resume"])
                #expect(resumed.standardError.contains("still ran and was ended: processes "))
                #expect(try await story.teal(["resume"]).succeeded)
                #expect(try await story.version() == "v1")
                try await story.writeScript("hang.sh", "exit 0")
                let next = try await story.deploy(["VERSION": "v3"])
                #expect(!next.standardError.contains("still ran and was ended"))
            }
        }

        @Test("AWS: a registry log-in and a parameter store are hooks, as AWS.md has them")
        func amazon() async throws {
            let hooks = """
                env_files: [parameters.env]
                hooks:
                  before_start:
                    - [./hooks/ecr-login.sh]
                    - [./hooks/parameters.sh]
                """
            try await Stories.tell("hookaws", deployed: false, more: hooks) { story in
                try story.writeCompose(
                    Stories.web.replacing("${VERSION:-v1}", with: "${SHOP_VERSION:?}"))
                let path = try await story.standInForAmazon()
                for script in ["ecr-login.sh", "parameters.sh"] {
                    try await story.writeDocumentedScript(script)
                }
                try await story.deploy(["PATH": path])
                try await story.openSite()
                try await story.untilVersion("v42")
                let asked = try story.amazonCalls()
                #expect(
                    asked.contains(
                        "docker login --username AWS --password-stdin "
                            + "123456789012.dkr.ecr.eu-central-1.amazonaws.com: a-token"))
                #expect(asked.contains("aws ecr get-login-password --region eu-central-1"))
                #expect(asked.contains("aws ssm get-parameters-by-path --region eu-central-1 "))
                #expect(asked.contains(" --path /hookaws/ "))
            }
        }

        /// Deployed as v1 without hooks first, which the rest of the story then has.
        private func told(
            _ app: String, _ hooks: String, _ body: (Story) async throws -> Void
        ) async throws {
            try await Stories.tell(app) { story in
                try story.writeConfiguration(Stories.configuration(more: "hooks: {\(hooks)}"))
                try await body(story)
            }
        }
    }
}
