import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("GitHub Actions")
    struct GitHubStories {
        private static func shop(_ more: String = "") -> String {
            """
              web:
                image: teal/demo-shop:v1
                environment: {SHOP_ROLE: web, SHOP_PORT: "8080", SHOP_VERSION: "${TAG:?}"\(more)}
            """
        }

        @Test("Over ssh a commit goes, a bad one fails the job, and a lost job's deploy goes on")
        func ssh() async throws {
            try await Self.told("githubssh", "github-ssh") { story, job in
                let port = try story.freePort()
                let deploy = try #require(job.steps.last)
                let server = try await story.callerVariables().map { "\($0.key)='\($0.value)'" }
                /// Runs the lines beside an sshd, with what the settings of a repository have.
                func run(_ lines: String, _ commit: String) async throws -> CommandResult {
                    try FileSystem().removeTree(story.folder + "/ssh")
                    try story.write(deploy.script, to: "deploy.step")
                    try story.write(
                        """
                        KEY=$(cat "$STORY/ssh/key")
                        KNOWN_HOSTS=$(cat "$STORY/ssh/known_hosts")
                        export KEY KNOWN_HOSTS
                        \(lines)
                        """, to: "job.sh")
                    var variables = try job.variables(
                        of: deploy, commit,
                        [
                            "vars.DEPLOY_TO": "ssh://root@127.0.0.1:\(port)",
                            "secrets.DEPLOY_KEY": "", "secrets.DEPLOY_KNOWN_HOSTS": "",
                        ])
                    // What the host has comes by its sshd alone.
                    variables["TEAL_STATE_DIR"] = nil
                    let script = story.path(ofSource: "Tests/callers/sshd.sh")
                    return try await story.called(
                        """
                        exec bash "\(script)" "$STORY/ssh" \(port) \(server.joined(separator: " ")) \
                            -- bash -eu "$STORY/job.sh"
                        """, in: job.checkout, variables)
                }
                let step = "bash --noprofile --norc -eo pipefail \"$STORY/deploy.step\""
                try story.writeSources(Self.shop(), to: job.checkout)
                let first = try await story.commit(in: job.checkout)
                let begun = try await run(step, first)
                #expect(begun.succeeded, "\(begun)")
                #expect(begun.standardOutput.contains("Promoted: "))
                try await story.openSite()
                try await story.untilVersion(first)

                try story.writeSources(Self.shop(", SHOP_EXIT_CODE: \"2\""), to: job.checkout)
                let bad = try await run(step, try await story.commit(in: job.checkout))
                #expect(bad.ending == .exited(3))
                #expect(bad.standardOutput.contains("Aborted before the switch"))
                #expect(try await story.version() == first)

                try story.writeSources(Self.shop(), to: job.checkout)
                let last = try await story.commit(in: job.checkout)
                try story.write("", to: "hold")
                let lost = try await run(
                    """
                    setsid \(step) >"$STORY/job.log" 2>&1 &
                    job=$!
                    until [ -e "$STORY/holding" ]; do sleep 0.1; done
                    kill -KILL -- "-$job"
                    wait || true
                    """, last)
                #expect(lost.succeeded, "\(lost)")
                #expect(try await story.version() == first)
                try story.write("", to: "gate")
                try await story.untilVersion(last)
            }
        }

        @Test("A runner on the host gets groups, annotations and outputs; it cancels, and kills")
        func runner() async throws {
            try await Self.told("githubrunner", "github-runner") { story, job in
                /// Runs the steps of a job in their order, as the runner does it.
                func run(_ commit: String) async throws -> [CommandResult] {
                    try story.write("", to: "summary")
                    try story.write("", to: "output")
                    var results: [CommandResult] = []
                    for step in job.steps {
                        // The last one runs always.
                        if results.contains(where: { !$0.succeeded }), step.name != "Result" {
                            continue
                        }
                        results.append(
                            try await story.called(
                                step.script, in: step.folder ?? job.checkout,
                                try job.variables(of: step, commit)))
                    }
                    return results
                }
                try story.writeSources(Self.shop(), to: job.checkout)
                let first = try await story.commit(in: job.checkout)
                let begun = try await run(first)
                #expect(begun.allSucceeded, "\(begun)")
                #expect(begun[1].standardError.contains("::group::"))
                #expect(begun[2].standardOutput == "outcome: promoted, traffic: blue\n")
                #expect(try story.read("summary").contains("\n    Promoted: release "))
                #expect(try story.read("output").contains("\nexit_code=0\n"))
                try await story.openSite()
                try await story.untilVersion(first)

                try story.writeSources(Self.shop(", SHOP_EXIT_CODE: \"2\""), to: job.checkout)
                let bad = try await run(try await story.commit(in: job.checkout))
                #expect(bad[1].ending == .exited(3))
                #expect(bad[1].standardError.contains("\n::error::"))
                #expect(bad[2].standardOutput == "outcome: aborted, traffic: blue\n")
                #expect(try story.read("summary").contains("\n    Aborted before the switch"))

                try story.writeSources(Self.shop(), to: job.checkout)
                let last = try await story.commit(in: job.checkout)
                let deploy = job.steps[1]
                _ = try await story.called(
                    job.steps[0].script, in: job.checkout, try job.variables(of: deploy, last))
                try story.write(deploy.script, to: "deploy.step")
                // SIGINT to the step's shell alone, 7.5 s later SIGTERM, 2.5 s later SIGKILL to it and
                // to all below it: https://github.com/actions/runner, ProcessInvoker.cs.
                for signal in ["INT", "KILL"] {
                    try FileSystem().removeTree(story.folder + "/holding")
                    try story.write("", to: "hold")
                    let cancelled = try await story.called(
                        """
                        set -m
                        bash --noprofile --norc -eo pipefail "$STORY/deploy.step" \
                            >"$STORY/job.log" 2>&1 &
                        job=$!
                        ended() {
                            for _ in $(seq "$1"); do
                                kill -0 "$job" 2>/dev/null || return 0
                                sleep 0.1
                            done
                            return 1
                        }
                        tree() {
                            local child
                            for child in $(cat /proc/"$1"/task/*/children); do tree "$child"; done
                            echo "$1"
                        }
                        until [ -e "$STORY/holding" ]; do sleep 0.1; done
                        if [ \(signal) = INT ]; then
                            kill -INT "$job"
                            ended 75 || kill -TERM "$job"
                            ended 25 && exit 0
                        fi
                        kill -KILL $(tree "$job") || true
                        wait "$job" || true
                        """, in: story.hostFolder, try job.variables(of: deploy, last))
                    #expect(cancelled.succeeded, "\(cancelled)")
                    #expect(try await story.version() == first)
                }
                let again = try await run(last)
                #expect(again.allSucceeded, "\(again)")
                #expect(try await story.version() == last)
            }
        }

        private static func told(
            _ app: String, _ caller: String, _ body: (Story, Job) async throws -> Void
        ) async throws {
            try await Stories.tell(app, deployed: false) { story in
                let gate = try await story.writeGate()
                try story.writeConfiguration(
                    Stories.configuration(more: "hooks: {before_switch: [[\(gate)]]}"))
                try await body(story, try await Job(caller, story))
            }
        }

        /// The steps of the workflow that `teal init --ci` writes, in a checkout.
        private struct Job {
            let story: Story
            let checkout: String
            let steps: [WorkflowStep]
            private let own: [String: String]

            init(_ caller: String, _ story: Story) async throws {
                self.story = story
                checkout = try await story.initCaller(caller, in: "checkout")
                steps = WorkflowStep.all(
                    in: try FileSystem().readText(checkout + "/.github/workflows/deploy.yml"))
                let temporary = story.folder + "/temporary"
                try FileSystem().makeFolder(temporary, access: .ownerOnly)
                own = try await story.callerVariables().merging([
                    "GITHUB_ACTIONS": "true", "RUNNER_TEMP": temporary, "STORY": story.folder,
                    "GITHUB_STEP_SUMMARY": story.folder + "/summary",
                    "GITHUB_OUTPUT": story.folder + "/output",
                ]) { $1 }
            }

            /// - Parameter given: what the repository's settings have, `secrets.KEY`.
            func variables(
                of step: WorkflowStep, _ commit: String, _ given: [String: String] = [:]
            ) throws -> [String: String] {
                var known = given.merging(["github.sha": commit]) { $1 }
                for line in (try? story.read("output"))?.split(separator: "\n") ?? [] {
                    let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
                    if parts.count == 2 { known["steps.teal.outputs.\(parts[0])"] = parts[1] }
                }
                var all = own.merging(["GITHUB_SHA": commit]) { $1 }
                for (name, expression) in step.variables {
                    let value: String = try #require(known[expression], "\(expression) is nowhere")
                    all[name] = value
                }
                return all
            }
        }
    }
}
