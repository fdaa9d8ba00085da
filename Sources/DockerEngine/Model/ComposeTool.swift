import BlueGreen
package import HostSystem

/// The Compose v2 of this host, and the way to call it.
///
/// The plugin is called directly where it stands in one of Docker's plugin folders: through
/// `docker compose` each call takes 40 ms more.
package struct ComposeTool: Hashable, Sendable {
    /// The program and what comes before Compose's own arguments: `["docker", "compose"]`.
    package let call: [String]
    /// DOCKER_HOST, DOCKER_CONFIG and what keeps Compose from more than it is asked for.
    package let environment: [String: String]

    /// Whether the daemon that it talks to has this host's files.
    package var isLocal: Bool { !(environment["DOCKER_HOST"]?.hasPrefix("tcp:") ?? false) }

    /// Finds the tool; only the first call has to look.
    package typealias Search = @Sendable () async throws -> ComposeTool

    package func command(_ command: ComposeCommand) -> Command {
        var program = Command(
            call[0], call.dropFirst() + command.arguments, environment: environment,
            workingDirectory: command.directory, timeLimit: command.timeLimit)
        program.orphan = command.orphan
        return program
    }
}

extension ComposeTool {
    /// A search as `find`, made when the tool is first needed. It may cost 100 ms, which a verb that
    /// never calls Compose does not spend.
    package static func search(
        environment: [String: String], endpoint: EngineEndpoint, runner: any CommandRunner
    ) -> Search {
        let found = FoundTool()
        return {
            if let tool = await found.tool { return tool }
            let tool = try await find(
                environment: environment, endpoint: endpoint, runner: runner)
            await found.keep(tool)
            return tool
        }
    }

    /// A plugin is taken as it is found, since all of Compose that is one is at least version 2. Other
    /// programs are asked.
    ///
    /// - Parameters:
    ///   - environment: of this process.
    ///   - endpoint: where Teal itself talks to Docker, so that Compose talks to no other.
    package static func find(
        environment: [String: String], endpoint: EngineEndpoint, runner: any CommandRunner
    ) async throws -> ComposeTool {
        // Set to true by a user it would take away what runs under the app's name without Teal.
        var passed = ["DOCKER_HOST": endpoint.dockerHost, "COMPOSE_REMOVE_ORPHANS": "false"]
        passed["DOCKER_CONFIG"] = environment["DOCKER_CONFIG"]
        var old: String?
        for plugin in plugins(environment: environment) where isProgram(plugin) {
            return ComposeTool(call: [plugin], environment: passed)
        }
        for call in [["docker", "compose"], ["docker-compose"]] {
            guard let version = try await version(of: call, environment: passed, runner: runner)
            else { continue }
            if isNewEnough(version) { return ComposeTool(call: call, environment: passed) }
            old = version
        }
        throw old.map { .oldCompose(version: $0) } ?? DockerError.noCompose
    }

    /// The program's own word: `2.26.1`, without a leading v.
    ///
    /// - Throws: `DockerError` where it gives no answer, or is too old.
    package func version(by runner: any CommandRunner) async throws -> String {
        guard
            let version = try await Self.version(
                of: call, environment: environment, runner: runner)
        else { throw DockerError.noCompose }
        guard Self.isNewEnough(version) else { throw DockerError.oldCompose(version: version) }
        return version
    }

    private static func isNewEnough(_ version: String) -> Bool {
        Int(version.prefix { $0 != "." }).map { $0 >= 2 } ?? false
    }

    /// Whether it is what a kernel can start, and not the page of an error that was downloaded.
    private static func isProgram(_ path: String) -> Bool {
        guard let start = try? FileSystem().beginning(of: path, bytes: 4) else { return false }
        return start.elementsEqual([0x7F] + Array("ELF".utf8)) || start.starts(with: "#!".utf8)
    }

    private static func plugins(environment: [String: String]) -> [String] {
        let home = environment["HOME"].flatMap { $0.isEmpty ? nil : $0 }
        let own =
            environment["DOCKER_CONFIG"] ?? "\(home ?? ProcessInformation.homeFolder)/.docker"
        let folders = [
            "\(own)/cli-plugins", "/usr/local/lib/docker/cli-plugins",
            "/usr/local/libexec/docker/cli-plugins", "/usr/lib/docker/cli-plugins",
            "/usr/libexec/docker/cli-plugins",
        ]
        return folders.map { "\($0)/docker-compose" }.filter(ProcessInformation.isExecutable)
    }

    /// nil where there is no such program, or one that does not know the question.
    private static func version(
        of call: [String], environment: [String: String], runner: any CommandRunner
    ) async throws -> String? {
        let command = Command(
            call[0], call.dropFirst() + ["version", "--short"], environment: environment,
            timeLimit: .seconds(20))
        do {
            let result = try await runner.run(command)
            guard result.succeeded else { return nil }
            let text = result.standardOutput.trimmed
            let version = text.hasPrefix("v") ? String(text.dropFirst()) : text
            return version.first?.isNumber == true ? version : nil
        } catch is HostError {
            // A program that is not there is an answer: the next candidate is asked.
            return nil
        }
    }
}

/// The result of a run's first search.
private actor FoundTool {
    private(set) var tool: ComposeTool?

    func keep(_ tool: ComposeTool) {
        self.tool = tool
    }
}

extension CommandResult {
    /// The words of a program that failed, on one line, without the warnings that Compose writes to
    /// the same stream.
    package var complaint: String { complaint(lines: 8) }

    /// - Parameter count: so many of the last lines.
    package func complaint(lines count: Int) -> String {
        let lines = (standardError + "\n" + standardOutput).split(separator: "\n")
            .map { PrintableText(String($0)).text.trimmed }
            .filter { !$0.isEmpty && !$0.contains("level=warning") }
        let text = lines.suffix(count).joined(separator: " / ")
        switch ending {
        case .exited(let code):
            return text.isEmpty ? "it ended with exit code \(code)." : text
        case .signalled(let signal):
            return "it was ended by signal \(signal). \(text)".trimmed
        case .timedOut(let limit):
            return "it did not finish within \(limit.text). \(text)".trimmed
        }
    }

    /// Compose's warnings, each once, in its own words: the `msg` of its log's lines.
    package var warnings: [String] {
        let texts = standardError.split(separator: "\n").compactMap { line -> String? in
            guard line.contains("level=warning"), let start = line.firstRange(of: "msg=\"")
            else { return nil }
            let text = line[start.upperBound...].before(last: "\"")
                .replacing("\\\"", with: "\"")
            return PrintableText(text).text.trimmed
        }
        return texts.reduce(into: []) { told, text in
            if !text.isEmpty, !told.contains(text) { told.append(text) }
        }
    }
}

extension Substring {
    fileprivate func before(last mark: Character) -> String {
        let end = lastIndex(of: mark) ?? endIndex
        return String(self[..<end])
    }
}
