import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Callers")
    struct Callers {
        @Test("28: CodeDeploy's bare environment is enough, and the last lines fit its console")
        func codeDeploy() async throws {
            try await Stories.tell("callercode") { story in
                let result = try await story.bare(
                    path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    ["VERSION=v2", "INVOCATION_ID=1", "TERM=xterm"], ["deploy"])
                #expect(result.succeeded)
                #expect(result.standardOutput.utf8.count < 2_048)
                #expect(result.standardOutput.contains("Traffic is on green"))
                #expect(try await story.version() == "v2")
            }
        }

        @Test("28: No child keeps the output open after the end")
        func outputCloses() async throws {
            try await Stories.tell("callerpipe") { story in
                // `cat` ends only when every holder of the pipe is gone.
                let result = try await story.shell(
                    "\"$0\" \"$@\" 2>&1 | cat; echo ended ${PIPESTATUS[0]}",
                    ["deploy"], ["VERSION": "v2"])
                #expect(result.ending == .exited(0))
                #expect(result.standardOutput.contains("ended 0"))
            }
        }

        @Test("29: Without a terminal there are lines with time and no escape codes")
        func noTerminal() async throws {
            try await Stories.tell("callerplain", deployed: false) { story in
                let result = try await story.deploy()
                #expect(!result.standardError.contains("\u{1B}"))
                #expect(!result.standardOutput.contains("\u{1B}"))
                #expect(result.standardError.contains(/\d\d:\d\d:\d\d .*starting/))
            }
        }

        @Test("30: The exit code tells done, aborted, locked, usage and configuration apart")
        func exitCodes() async throws {
            try await Stories.tell("callerexit") { story in
                #expect(try await story.teal(["status"]).ending == .exited(0))
                #expect(
                    try await story.teal(["deploy"], ["FAIL_HEALTH": "1", "DEADLINE": "1s"]).ending
                        == .exited(3))
                #expect(try await story.teal(["deploy", "--nonsense"]).ending == .exited(64))
                try story.write("app: [\n", to: "teal.yml")
                #expect(try await story.teal(["deploy"]).ending == .exited(78))
            }
        }

        @Test(
            "31: A lost reader does not stop a deployment half-way, and nginx is found without sbin"
        )
        func lostReader() async throws {
            try await Stories.tell("callerlost") { story in
                let result = try await story.shell(
                    "PATH=/usr/local/bin:/usr/bin:/bin; \"$0\" \"$@\" 2>&1 | head -n 1 >/dev/null; "
                        + "exit ${PIPESTATUS[0]}",
                    ["deploy"], ["VERSION": "v2"])
                #expect(result.ending == .exited(0))
                #expect(try await story.version() == "v2")
            }
        }

        @Test("32: A log line that looks like a workflow command stays a log line")
        func workflowCommands() async throws {
            try await Stories.tell("callergithub", deployed: false) { story in
                let result = try await story.deploy(
                    ["GITHUB_ACTIONS": "true", "EXIT_CODE": "2", "VERSION": "::set-env::x"], exit: 3
                )
                let lines = (result.standardOutput + "\n" + result.standardError).split(
                    separator: "\n")
                #expect(lines.contains { $0.hasPrefix("::group::") })
                #expect(!lines.contains { $0.hasPrefix("::set-env") })
            }
        }

        @Test("33: cron's PATH is enough to ask for the status")
        func cron() async throws {
            try await Stories.tell("callercron") { story in
                let result = try await story.bare(path: "/usr/bin:/bin", [], ["status"])
                #expect(result.succeeded)
                #expect(result.standardOutput.contains("blue"))
                let table = try await story.initCaller("cron", in: "repository")
                let lines = try FileSystem().readText(table + "/deploy/teal.cron")
                    .split(separator: "\n")
                let path = try #require(lines.first { $0.hasPrefix("PATH=") }).dropFirst(5)
                let entry = try #require(lines.last).split(separator: " ", maxSplits: 6)
                #expect(entry[5] == "root")
                var variables = try await story.callerVariables()
                variables["PATH"] = "\(story.folder)/bin:\(path)"
                let probe = try await story.called(
                    String(entry[6]), in: "/", variables, shell: ["sh"])
                #expect(probe.succeeded, "\(probe)")
                #expect(probe.standardOutput.contains(story.app), "\(probe)")
            }
        }
    }
}
