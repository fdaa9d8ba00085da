import HostSystem

/// A reason for a verb to end before or beside a deployment.
enum CommandsError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Every mistake of one `teal.yml`, in its order.
    case configuration([ConfigurationMistake])
    /// `above` is one in a folder above.
    case configurationNotFound(path: String, above: String? = nil)
    case configurationNotReadable(path: String, reason: String)
    /// No compose file was named and none of the usual names stands beside `teal.yml`.
    case noComposeFile(directory: String)
    /// `place` is where it is named, `teal.yml:3:12` or an option.
    case environmentFileNotFound(path: String, place: String)
    case environmentFileUnfit(path: String, reason: String, place: String)
    /// A file that `--artifact` names; the reason in full sentences, with the line to mend.
    case artifact(file: String, reason: String)
    /// Files of the compose file's configs and secrets; the reason in full sentences.
    case contentNotFound(paths: [String], reason: String)
    /// `--app` for an app that has no origin in the state directory.
    case unknownApp(String, known: [String])
    /// The file that an app was deployed from now describes another app.
    case otherApp(asked: String, found: String, path: String)
    /// Today's `teal.yml` cannot be used, and what was kept of an earlier one cannot either.
    case storedSettings(app: String, reason: String)
    /// `nginx.directory` is not the one that the app's live files lie in.
    case moved(app: String, from: String, to: String, path: String)
    case stateDirectory(path: String, reason: String)
    /// Its file system is.
    case stateReadOnly(path: String)
    /// Nobody can tell by it whether an app was deployed.
    case stateNotReadable(path: String, reason: String)
    /// Services of `teal.yml` that the compose file does not have.
    case unknownServices([UnknownService], known: [String])
    /// The compose file cannot be read, or not run in two colours; the reason in full sentences.
    case composeFile(reason: String)
    /// Names or paths in `teal.yml` that nginx could misread.
    case nginxSettings(reason: String)
    case programNotReplaced(String, reason: String)
    /// A question that only a person at a terminal can answer.
    ///
    /// - Parameter act: what would have been done, `take the app down`.
    case notConfirmed(act: String)
    /// `teal init` was to read a compose file that is not there, or none is where it looks.
    case composeFileToReadNotFound(path: String)
    case noComposeFileToRead(directory: String, above: String? = nil)
    /// `teal init` found a file where it would write.
    case fileExists(path: String)
    /// `teal init --ci` found files that differ from what it would write.
    ///
    /// - Parameter differences: unified diffs.
    case filesDiffer(paths: [String], differences: String)
    /// A folder is where `teal init --ci` would write a file.
    case folderInTheWay(path: String)
    /// `teal init --ci` knows no app: there is no `teal.yml` in this folder.
    case noAppForCaller(directory: String)
    /// The folder does not exist that `teal init` would write to.
    case noFolder(path: String)
    case notProposed(ProposalMistake)
    case nothingWaits(app: String)
    /// `teal restart` was not begun; the reason in full sentences.
    case notRestarted(reason: String)
    /// The verb knows one host only.
    case notWithSwarm(verb: String)
    /// Only a swarm has nodes.
    case notSwarm(app: String)
    /// `teal edge` was run by somebody else than the swarm.
    case noEdgeTask

    struct UnknownService: Hashable, Sendable {
        let name: String
        let nearest: String?
        /// `teal.yml:7:5`
        let place: String
    }

    var description: String {
        switch self {
        case .configuration(let mistakes):
            mistakes.map(\.description).joined(separator: "\n")
        case .nothingWaits(let app):
            "No deployment of \(app) waits to be promoted. `teal status` shows where it stands. "
                + "One that a killed run has left is finished by `teal resume` or undone by `teal "
                + "rollback`; `promote: manual` in teal.yml makes a deploy wait."
        case .configurationNotFound(let path, let above):
            "There is no configuration at \(path). "
                + (above.map { "There is \($0): name it with `--config \(ShellWord.quoted($0))`. " }
                    ?? "")
                + "Run Teal where teal.yml is, or name it with --config FILE, "
                + "or name a deployed app with --app NAME."
        case .configurationNotReadable(let path, let reason):
            "The configuration \(path) could not be read: \(reason)."
        case .noComposeFile(let directory):
            "There is no compose file in \(directory): looked for "
                + UsualComposeFiles.names.joined(separator: ", ")
                + ". Name it in teal.yml, as in `compose: deploy/compose.yml`."
        case .environmentFileNotFound(let path, let place):
            "\(place): the env file \(path) does not exist. Correct the path, or let a "
                + "before_start hook write the file."
        case .environmentFileUnfit(let path, let reason, let place):
            "\(place): the env file \(path) cannot be read: \(reason). Correct the path."
        case .artifact(let file, let reason):
            "--artifact \(file): \(reason)"
        case .unknownApp(let name, let known):
            "No app \"\(name)\" was deployed from this host's state directory. "
                + (known.isEmpty
                    ? "None was deployed yet: " : "Known: \(known.joined(separator: ", ")). Else ")
                + "run Teal where its teal.yml is, or name the file with --config FILE."
        case .otherApp(let asked, let found, let path):
            "\(path), from which \"\(asked)\" was deployed, now describes the app \"\(found)\". "
                + "Name the right file with --config FILE, or the app with --app \(asked)."
        case .moved(let app, let before, let now, let path):
            "\(path) names \(now) as nginx's folder, but \(app) was deployed with \(before), where "
                + "the link lies that says who has traffic. Put `nginx: {directory: \(before)}` "
                + "back, or take the app down first: `teal down --app \(app)`."
        case .storedSettings(let app, let reason):
            "Neither today's teal.yml of \(app) nor the one of its last deploy can be used: "
                + "\(reason)\nCorrect teal.yml, and name it with --config FILE."
        case .stateDirectory(let path, let reason):
            "Teal cannot keep its state in \(path): \(reason). "
                + "Run it as root, or set TEAL_STATE_DIR to a folder that you may write."
        case .stateReadOnly(let path):
            "Teal cannot keep its state: \(path) \(ReadOnlyDisk.predicate(path)) "
                + "`teal rollback` works without."
        case .stateNotReadable(let path, let reason):
            "Teal's state in \(path) could not be read: \(reason). "
                + "Run it as root, or set TEAL_STATE_DIR to the folder that the deploys used."
        case .unknownServices(let services, let known):
            services.map { service in
                "\(service.place): the service \"\(service.name)\" is not in the compose file"
                    + (service.nearest.map { ", did you mean \"\($0)\"?" } ?? ".")
            }.joined(separator: "\n")
                + "\nThe compose file has: \(known.joined(separator: ", "))."
        case .composeFile(let reason), .nginxSettings(let reason), .contentNotFound(_, let reason),
            .notRestarted(let reason):
            reason
        case .programNotReplaced(let program, let reason):
            "The program \(program) could not be run: \(reason)."
        case .notConfirmed(let act):
            "Nothing was done. Give --yes to \(act) without being asked."
        case .composeFileToReadNotFound(let path):
            "The compose file \(path) does not exist. Correct --compose."
        case .noComposeFileToRead(let directory, let above):
            "There is no compose file in \(directory): looked for "
                + UsualComposeFiles.names.joined(separator: ", ") + "."
                + (above.map {
                    " There is \($0): run `teal init` there, or give `--compose "
                        + "\(ShellWord.quoted($0))`."
                } ?? "")
                + " Run `teal init` where it is, or name it with --compose FILE."
        case .fileExists(let path):
            "\(path) exists already and was left as it is. Give --force to replace it, or "
                + "`--output -` to see what would be written."
        case .filesDiffer(let paths, let differences):
            differences
                + "\(paths.joined(separator: ", ")) \(paths.count == 1 ? "exists" : "exist") "
                + "already with another content, and nothing was written. Take over by hand "
                + "what is above, or give --force to replace."
        case .folderInTheWay(let path):
            "\(path) is a folder, and nothing was written. Move it, and run `teal init --ci` again."
        case .noAppForCaller(let directory):
            "There is no teal.yml in \(directory). Run `teal init` first, or name the app with "
                + "--app NAME."
        case .noFolder(let path):
            "\(path) cannot be written: its folder does not exist. Make it, or correct --output."
        case .notProposed(let mistake): mistake.description
        case .notSwarm(let app):
            "\(app) runs on this host alone and has no nodes. `teal status` shows it."
        case .noEdgeTask:
            "`teal edge` is the program of the tasks that `teal deploy` makes in a swarm, and does "
                + "nothing elsewhere. `teal nodes` shows the edges."
        case .notWithSwarm(let verb):
            "`teal \(verb)` does not work with `engine: swarm` yet. `teal status` and `teal nodes` "
                + "show the app, and `docker service` works on its services."
        }
    }
}

extension CommandsError {
    /// Files that an opening hook may still write; none for any other error.
    var missingFiles: [String] {
        if case .environmentFileNotFound(let path, _) = self { return [path] }
        if case .contentNotFound(let paths, _) = self { return paths }
        return []
    }
}
