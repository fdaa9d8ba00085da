@testable import DockerEngine
import HostSystem
import TestSupport
import Testing

@testable import DockerCompose

struct ComposeToolTests {
    private let endpoint = EngineEndpoint.socket(path: "/run/d.sock")
    /// A folder without plugins, so that those of the machine do not matter more than they must.
    private let environment = ["DOCKER_CONFIG": "/nowhere"]

    private func find(_ answers: [[String]: CommandResult]) async throws -> ComposeTool {
        try await ComposeTool.find(
            environment: environment, endpoint: endpoint, runner: ScriptedRunner(answers))
    }

    @Test("The plugin is preferred to the program of its own")
    func plugin() async throws {
        let tool = try await find([
            ["docker", "compose", "version", "--short"]: .printed("v2.26.1-4\n"),
            ["docker-compose", "version", "--short"]: .printed("2.1.0\n"),
        ])
        #expect(tool.call == ["docker", "compose"])
        let version = try await tool.version(by: runner(["docker", "compose"], "v2.26.1-4"))
        #expect(version == "2.26.1-4")
    }

    @Test("A program that is a plugin is not asked for its version, and what is no program is none")
    func pluginFile() async throws {
        let folder = try TemporaryFolder()
        let plugin = folder.path + "/cli-plugins/docker-compose"
        try FileSystem().makeFolder(folder.path + "/cli-plugins", access: .everyoneReads)
        for (content, isTaken) in [("#!/bin/sh\n", true), ("<html>Not found</html>", false)] {
            try AtomicFile.write(content, to: plugin, access: .everyoneRuns)
            let tool = try await ComposeTool.find(
                environment: ["DOCKER_CONFIG": folder.path], endpoint: endpoint,
                runner: runner(["docker", "compose"], "2.26.1"))
            #expect((tool.call == [plugin]) == isTaken)
        }
        let tool = ComposeTool(call: ["c"], environment: [:])
        await #expect(throws: DockerError.oldCompose(version: "1.29.2")) {
            try await tool.version(by: runner(["c"], "1.29.2"))
        }
        await #expect(throws: DockerError.noCompose) {
            try await tool.version(by: ScriptedRunner([:]))
        }
    }

    private func runner(_ call: [String], _ version: String) -> ScriptedRunner {
        ScriptedRunner([call + ["version", "--short"]: .printed(version + "\n")])
    }

    @Test("Every call talks to the daemon that Teal talks to, with the user's own registry logins")
    func environmentPasses() async throws {
        let tool = try await find([
            ["docker-compose", "version", "--short"]: .printed("2.1.0\n")
        ])
        let command = tool.command(
            ComposeCommand(project: "shop-green", files: ["/f.json"], verbs: ["ps"]))
        #expect(command.executable == "docker-compose")
        #expect(
            command.environment == [
                "DOCKER_HOST": "unix:///run/d.sock", "DOCKER_CONFIG": "/nowhere",
                "COMPOSE_REMOVE_ORPHANS": "false",
            ])
        #expect(command.arguments == ["--project-name", "shop-green", "--file", "/f.json", "ps"])
    }

    @Test("Compose v1 is refused by its version")
    func old() async {
        await #expect(throws: DockerError.oldCompose(version: "1.29.2")) {
            _ = try await find([
                ["docker", "compose", "version", "--short"]: .failed("unknown shorthand flag"),
                ["docker-compose", "version", "--short"]: .printed("1.29.2\n"),
            ])
        }
    }

    @Test("A host without Compose is told what to install")
    func none() async {
        await #expect(throws: DockerError.noCompose) { _ = try await find([:]) }
        #expect("\(DockerError.noCompose)".contains("docker-compose-plugin"))
    }

    @Test("The compose file is read with all files, env files and its own folder")
    func config() async throws {
        let arguments = [
            "docker", "compose", "--project-name", "shop", "--project-directory", "/srv/shop",
            "--file", "/srv/shop/a.yml", "--file", "/srv/shop/b.yml", "--env-file", "/srv/x.env",
            "config", "--format", "json",
        ]
        let runner = ScriptedRunner([
            arguments: .printed(#"{"services": {"b": {"image": "x"}, "a": {"image": "y"}}}"#)
        ])
        let tool = ComposeTool(call: ["docker", "compose"], environment: [:])
        let source = ComposeProject.Source(
            app: "shop", files: ["/srv/shop/a.yml", "/srv/shop/b.yml"], envFiles: ["/srv/x.env"],
            directory: "/srv/shop")
        let project = try await ComposeProject.resolve(source, tool: tool, runner: runner)
        #expect(project.serviceNames == ["a", "b"])
        #expect(runner.calls.count == 1)
    }

    @Test("A compose file that does not resolve is explained in Compose's own words, less warnings")
    func configFails() async {
        let tool = ComposeTool(call: ["c"], environment: [:])
        let source = ComposeProject.Source(app: "s", files: [], envFiles: [], directory: "/d")
        let arguments = [
            "c", "--project-name", "s", "--project-directory", "/d", "config", "--format", "json",
        ]
        let runner = ScriptedRunner([
            arguments: .failed(
                "time=\"x\" level=warning msg=\"version is obsolete\"\nservices.web: no image\n")
        ])
        await #expect(
            throws: DockerError.compose(
                act: "read the compose file", text: "services.web: no image")
        ) { _ = try await ComposeProject.resolve(source, tool: tool, runner: runner) }
    }

    @Test("B16: what Compose warned of before it failed is told with the failure")
    func warnedBeforeFailure() async {
        let tool = ComposeTool(call: ["c"], environment: [:])
        let source = ComposeProject.Source(app: "s", files: [], envFiles: [], directory: "/d")
        let arguments = [
            "c", "--project-name", "s", "--project-directory", "/d", "config", "--format", "json",
        ]
        let runner = ScriptedRunner([
            arguments: .failed(
                "level=warning msg=\"The \\\"SOCKET\\\" variable is not set.\"\ninvalid spec: :/x:ro\n"
            )
        ])
        await #expect(
            throws: DockerError.compose(
                act: "read the compose file",
                text: "invalid spec: :/x:ro\n"
                    + "Compose warned before: The \"SOCKET\" variable is not set.")
        ) { _ = try await ComposeProject.resolve(source, tool: tool, runner: runner) }
    }

    @Test("What Compose warns of is kept, each once, since a blank password is no mistake to it")
    func configWarns() async throws {
        let tool = ComposeTool(call: ["c"], environment: [:])
        let source = ComposeProject.Source(app: "s", files: [], envFiles: [], directory: "/d")
        let arguments = [
            "c", "--project-name", "s", "--project-directory", "/d", "config", "--format", "json",
        ]
        let blank = #"The \"TAG\" variable is not set. Defaulting to a blank string."#
        let line = "time=\"2026-11-21T12:15:34Z\" level=warning msg=\"\(blank)\"\n"
        let runner = ScriptedRunner([
            arguments: CommandResult(
                ending: .exited(0), standardOutput: #"{"services": {"a": {"image": "y:"}}}"#,
                standardError: line + line + "level=debug msg=\"x\"\n")
        ])
        let project = try await ComposeProject.resolve(source, tool: tool, runner: runner)
        let told = #"The "TAG" variable is not set. Defaulting to a blank string."#
        #expect(project.warnings == [told])
        #expect(project.notices([:]) == ["Compose warns: \(told)"])
    }

    @Test("A compose file without services is not Compose's fault")
    func noServices() async {
        let tool = ComposeTool(call: ["c"], environment: [:])
        let source = ComposeProject.Source(app: "s", files: [], envFiles: [], directory: "/d")
        let arguments = [
            "c", "--project-name", "s", "--project-directory", "/d", "config", "--format", "json",
        ]
        let runner = ScriptedRunner([arguments: .printed(#"{"name": "s", "services": {}}"#)])
        await #expect(throws: DockerError.noServices) {
            _ = try await ComposeProject.resolve(source, tool: tool, runner: runner)
        }
    }
}
