import HostSystem
import Orchestration

/// Sentences beside the proposal that a new user should read. Pure.
struct InitNotes {
    let files: ComposeFiles
    let name: ProposedName
    let project: ProjectOutline
    /// The folder for `teal.yml`.
    let folder: String
    /// The `teal.yml` that an app of this name was last deployed from; nil for a new name.
    let takenBy: String?

    var sentences: [String] {
        project.warnings.map { "Compose warns: \($0)" }
            + unfitNames + [taken, override, volumes, relativePaths].compactMap(\.self)
    }

    /// A service that publishes a port may be the very one that visitors want.
    private var unfitNames: [String] {
        project.services.filter {
            !$0.publishedPorts.isEmpty && !StrictGrammar.exposedName.accepts($0.name)
        }.map { "\(ProposalMistake.unfitName($0.name))" }
    }

    private var taken: String? {
        takenBy.map {
            "An app called \(name.app) was deployed on this host from \($0). If that is another "
                + "one, choose another name, `app:` in teal.yml: two of one name replace each "
                + "other."
        }
    }

    private var override: String? {
        guard let override = files.override else { return nil }
        let names = [files.paths[0], override].map { $0.split(separator: "/").last ?? "" }
        return "\(override) is not read. If it belongs to what runs here, write into teal.yml: "
            + "`compose: [\(names.joined(separator: ", "))]`."
    }

    private var volumes: String? {
        guard name.project != name.app, let volume = project.volumes.first else { return nil }
        return "The volumes are called \(name.app)_\(volume) and so on; those of a project that "
            + "ran as \(name.project) are not taken over. To go on with them, name them in the "
            + "compose file: `\(volume): {name: \(name.project)_\(volume)}`."
    }

    private var relativePaths: String? {
        guard folder != files.directory else { return nil }
        return "Relative paths in the compose file, and its .env, count from \(folder), where "
            + "teal.yml is, and no longer from \(files.directory)."
    }
}
