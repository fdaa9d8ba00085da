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
    /// The service that nginx is to reach by the port of the command line; nil without one.
    var wish: (service: String, port: Int)?

    /// What its owner has to do something about.
    var decisions: [String] {
        unfitNames + [taken, otherPort, volumes, relativePaths].compactMap(\.self)
    }

    /// What is good to know, and no more.
    var remarks: [String] {
        [files.choice, unread, imageTrouble].compactMap(\.self)
            + warnings.map { "Compose warns: \($0)" } + [unset].compactMap(\.self)
    }

    private static let unsetEnding = "variable is not set. Defaulting to a blank string."

    /// Compose v2 has no use for `version:`, and says so of each file that is older.
    private var warnings: [String] {
        project.warnings.filter {
            !$0.contains("`version` is obsolete") && !$0.hasSuffix(Self.unsetEnding)
        }
    }

    /// One sentence for all of them.
    private var unset: String? {
        let names = project.warnings.filter { $0.hasSuffix(Self.unsetEnding) }.compactMap {
            $0.split(separator: "\"").dropFirst().first.map(String.init)
        }
        guard !names.isEmpty else { return nil }
        return "Compose warns: not set, and so empty: \(names.joined(separator: ", ")). Set them "
            + "in the environment of Teal, in .env, or in a file with --env-file."
    }

    private var imageTrouble: String? {
        project.imageTrouble.map {
            "The images were not asked whether they keep data at places of their own (VOLUME), "
                + "which `teal check` does. \($0)"
        }
    }

    private var unread: String? {
        let names = files.areNamed ? [] : files.unread
        guard !names.isEmpty else { return nil }
        return "Not read, since Compose does not either: \(names.joined(separator: ", ")). Name "
            + "the files that belong together with --compose."
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

    /// A port that opens for nobody would only be found out by the first deploy.
    private var otherPort: String? {
        guard let wish, let service = project.services.first(where: { $0.name == wish.service })
        else { return nil }
        let told =
            service.publishedPorts.filter { $0.transport == "tcp" }.map(\.target)
            + service.exposedPorts
        guard !told.isEmpty, !told.contains(wish.port) else { return nil }
        let ports = Set(told).sorted().map(String.init).joined(separator: ", ")
        return "\(wish.service) is to be reached at port \(wish.port), as --port says, and the "
            + "compose file tells of \(ports). If it does not listen at \(wish.port) inside its "
            + "container, correct `port:` in teal.yml."
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
