package import HostSystem

/// Variables of the environment that configs and secrets take their content from.
extension ComposeProject {
    fileprivate var contentVariables: Set<String> {
        let entries = ComposeContents.sections.flatMap { (model[$0]?.object ?? [:]).values }
        return Set(
            entries.filter { $0["file"] == nil && $0["content"] == nil }
                .compactMap { $0["environment"]?.string })
    }
}

extension ComposeProject.Source {
    private static let service = "variables"

    /// The variables of a process, with those that Compose's env files set for the configs and
    /// secrets of the project.
    package func variables(
        for project: ComposeProject, beside own: [String: String], tool: ComposeTool,
        runner: any CommandRunner
    ) async throws -> [String: String] {
        let missing = project.contentVariables.filter { own[$0] == nil }
        let found = try await values(of: missing, tool: tool, runner: runner)
        return own.merging(found) { own, _ in own }
    }

    /// The values of variables as Compose itself has them for this project, from `.env` or the
    /// files named in its place: Compose puts them into a file that is made for the purpose. Those
    /// that are not set are left out.
    ///
    /// - Throws: `DockerError.compose` with Compose's own words.
    func values(
        of names: Set<String>, tool: ComposeTool, runner: any CommandRunner
    ) async throws -> [String: String] {
        let asked = names.filter(Self.isName).sorted()
        guard !asked.isEmpty else { return [:] }
        var command = tool.command(
            ComposeCommand(
                project: "teal", files: ["-"], envFiles: envFiles, directory: directory,
                verbs: ["config", "--format", "json"]))
        command.standardInput = try Self.question(about: asked).serialized()
        let result = try await runner.run(command)
        guard result.succeeded else {
            throw DockerError.compose(
                act: "read the variables of configs and secrets", text: result.complaint)
        }
        let answer: JSONValue
        do {
            answer = try JSONValue(parsing: Array(result.standardOutput.utf8))
        } catch {
            throw DockerError.unreadableModel(reason: "\(error)")
        }
        let labels = answer["services"]?[Self.service]?["labels"]?.object ?? [:]
        return asked.reduce(into: [:]) { values, name in
            guard labels["set.\(name)"]?.string == "yes" else { return }
            values[name] = (labels["value.\(name)"]?.string ?? "").unescapingDollars
        }
    }

    private static func question(about names: [String]) -> JSONValue {
        var labels: [String: JSONValue] = [:]
        for name in names {
            labels["set.\(name)"] = .string("${\(name)+yes}")
            labels["value.\(name)"] = .string("${\(name)-}")
        }
        return ["services": [service: ["image": "none", "labels": .object(labels)]]]
    }

    /// Others cannot stand in a compose file's text.
    private static func isName(_ name: String) -> Bool {
        name.first?.isNumber == false
            && name.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    }
}
