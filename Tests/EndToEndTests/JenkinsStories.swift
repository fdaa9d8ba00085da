import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Jenkins")
    struct JenkinsStories {
        private static let shop = """
              web:
                image: teal/demo-shop:v1
                environment: {SHOP_ROLE: web, SHOP_PORT: "8080", SHOP_VERSION: "${TAG:?}"}
            """

        @Test("A release waits for the input step; Promote, Abort and a stop do as they say")
        func pipeline() async throws {
            try await Stories.tell("jenkins", deployed: false) { story in
                let gate = try await story.writeGate()
                try story.writeConfiguration(
                    Stories.configuration(
                        more: "promote: manual\nhooks: {before_switch: [[\(gate)]]}"))
                let workspace = try await story.initCaller("jenkins", in: "workspace")
                let steps = JenkinsSteps.all(
                    in: try FileSystem().readText(workspace + "/Jenkinsfile"))
                var variables = try await story.callerVariables()
                func run(_ place: String) async throws -> [CommandResult] {
                    var results: [CommandResult] = []
                    for step in try #require(steps[place]) {
                        // As the step `sh` does it.
                        let result = try await story.called(
                            step, in: workspace, variables, shell: ["sh", "-xe"])
                        results.append(result)
                        guard result.succeeded else { break }
                    }
                    return results
                }
                func build() async throws -> String {
                    let commit = try await story.commit(in: workspace)
                    variables["GIT_COMMIT"] = commit
                    variables["BUILD_ID"] = "\(story.app)-\(commit)"
                    return commit
                }
                try story.writeSources(Self.shop, to: workspace)
                let first = try await build()
                let deployed = try await run("Deploy")
                #expect(deployed.allSucceeded, "\(deployed)")
                #expect(deployed.last?.standardOutput.contains("Waiting: release ") == true)
                #expect(try await run("Promote").allSucceeded)
                try await story.openSite()
                try await story.untilVersion(first)

                try story.writeSources(Self.shop + "\n    labels: {of: \"2\"}", to: workspace)
                let second = try await build()
                #expect(try await run("Deploy").allSucceeded)
                #expect(try await story.version() == first)
                #expect(try await run("Promote").allSucceeded)
                #expect(try await story.version() == second)

                try story.writeSources(Self.shop + "\n    labels: {of: \"3\"}", to: workspace)
                _ = try await build()
                #expect(try await run("Deploy").allSucceeded)
                #expect(try await run("aborted").allSucceeded)
                #expect(try await story.version() == second)

                // The build is stopped in mid-deploy, by its cookie.
                try story.writeSources(Self.shop + "\n    labels: {of: \"4\"}", to: workspace)
                _ = try await build()
                try story.write("", to: "hold")
                let stopped = try #require(steps["Deploy"]?.last)
                let aborted = try #require(steps["aborted"]?.first)
                try story.write(stopped, to: "deploy.step")
                try story.write(aborted, to: "aborted.step")
                variables["STORY"] = story.folder
                let result = try await story.called(
                    """
                    sh -xe "$STORY/deploy.step" >"$STORY/deploy.log" 2>&1 &
                    until [ -e "$STORY/holding" ]; do sleep 0.1; done
                    for process in /proc/[0-9]*; do
                        id=${process#/proc/}
                        if [ "$id" != $$ ] && grep --quiet --null-data --line-regexp \\
                            "BUILD_ID=$BUILD_ID" "$process/environ" 2>/dev/null; then
                            kill "$id" 2>/dev/null || true
                        fi
                    done
                    sh -xe "$STORY/aborted.step" >"$STORY/aborted.log" 2>&1 &
                    aborted=$!
                    until grep --quiet 'Waiting for another run' "$STORY/aborted.log"; do
                        sleep 0.1
                    done
                    touch "$STORY/gate"
                    wait "$aborted"
                    """, in: workspace, variables)
                let log = try story.read("aborted.log")
                #expect(result.succeeded, "\(result) \(log)")
                #expect(try await story.version() == second)
                #expect(try await story.running(in: .blue) == [])
            }
        }
    }
}
