package import BlueGreen
package import HostSystem
import Orchestration

/// The user's compose files, resolved: interpolated, merged, env files read in, paths absolute.
package struct ComposeProject: Hashable, Sendable {
    /// Where a project is read from.
    package struct Source: Hashable, Sendable {
        /// Becomes Compose's project name, so that volumes without a name are `APP_uploads`; nil
        /// for the name that Compose gives it, by `name:`, COMPOSE_PROJECT_NAME or the folder.
        package let app: String?
        package let files: [String]
        package let envFiles: [String]
        /// Relative paths in the compose file count from here.
        package let directory: String

        package init(app: String?, files: [String], envFiles: [String], directory: String) {
            self.app = app
            self.files = files
            self.envFiles = envFiles
            self.directory = directory
        }
    }

    package let app: String
    package let model: JSONValue
    /// Compose's warnings while it read the files, such as of a variable that is not set.
    package let warnings: [String]
    /// What this host has at the sources of bind mounts; nothing where the daemon is elsewhere.
    package let kinds: [String: FileKind]
    /// From where relative paths in its files count; nil for one that is recorded.
    package let directory: String?

    package init(
        app: String, model: JSONValue, warnings: [String] = [], kinds: [String: FileKind] = [:],
        directory: String? = nil
    ) {
        self.app = app
        self.model = model
        self.warnings = warnings
        self.kinds = kinds
        self.directory = directory
    }

    /// Compose escapes each `$` of a value as `$$` in what `config` prints, so that the model can
    /// be given to Compose again as it stands.
    ///
    /// - Throws: `DockerError.compose` with Compose's own words.
    package static func resolve(
        _ source: Source, tool: ComposeTool, runner: any CommandRunner
    ) async throws -> ComposeProject {
        let command = tool.command(.config(source))
        let result = try await runner.run(command)
        guard result.succeeded else {
            // A variable that is not set is often the cause; an old `version:` never is.
            let before = result.warnings.filter { !$0.contains("obsolete") }
                .map { "Compose warned before: \($0)" }
            throw DockerError.compose(
                act: "read the compose file",
                text: ([result.complaint] + before).joined(separator: "\n"))
        }
        let model: JSONValue
        do {
            model = try JSONValue(parsing: Array(result.standardOutput.utf8))
        } catch {
            let isCut = result.standardOutput.utf8.count >= command.outputLimit.bytes
            throw DockerError.unreadableModel(
                reason: isCut ? "it is longer than \(command.outputLimit.text)" : "\(error)")
        }
        let count = model["services"]?.object?.count ?? 0
        guard count > 0 else { throw DockerError.noServices }
        guard count <= PlannedService.most else {
            throw DockerError.tooMany("services", count, most: PlannedService.most)
        }
        return ComposeProject(
            app: source.app ?? model["name"]?.string ?? "", model: model, warnings: result.warnings,
            kinds: tool.isLocal ? kinds(ofSourcesIn: model) : [:], directory: source.directory)
    }

    private static func kinds(ofSourcesIn model: JSONValue) -> [String: FileKind] {
        let sources = ComposeProject(app: "", model: model).services.flatMap(\.mounts)
            .filter { $0.type == "bind" }.map(\.source)
        let kinds = Set(sources).compactMap { source in
            FileSystem().kind(of: source).map { (source, $0) }
        }
        return Dictionary(uniqueKeysWithValues: kinds)
    }

    /// In alphabetical order.
    package var serviceNames: [String] {
        services.map(\.name)
    }

    /// In alphabetical order.
    package var services: [ComposeService] {
        (model["services"]?.object ?? [:]).sorted { $0.key < $1.key }
            .map { ComposeService(name: $0.key, model: $0.value) }
    }

    /// Without those of which the compose file has no copies for now; an exposed one stays, since
    /// there is nothing to switch without it.
    package func running(_ settings: [String: ServiceSettings]) -> [ComposeService] {
        services.filter { service in
            replicas(of: service, settings) > 0 || role(of: service.name, settings) == .exposed
        }
    }
}
