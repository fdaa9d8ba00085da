package import BlueGreen

/// A refusal by nginx or by its configuration.
package enum NginxError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The name of a setting, its value, and the rule that it breaks.
    case invalid(String, String, String)
    case notFound(text: String)
    case notRunning(reason: String)
    case tooOld(String)
    /// nginx's own text about its configuration as it stands on disk.
    case refused(text: String)
    /// Teal's user may not read what nginx reads.
    case notPermitted(text: String)
    /// A site includes the snippet of a service that is not exposed; nginx's own text says which.
    case noSnippet(service: String, file: String, text: String)
    /// nginx's own text about the files that Teal generated, proved apart from all others.
    case ownFilesRefused(text: String)
    case notIncluded(mainConfig: String, line: String)
    case notMounted(container: String, directory: String)
    case stale(container: String, file: String)
    case openFileCache(file: String, line: Int)
    case reloadRefused(text: String)
    /// The answer that the workers should give, and their last one; nil where none came.
    case notConfirmed(expected: String, answered: String?)
    /// The workers run the files on disk and do not see where the link points.
    case linkNotSeen(link: String, expected: String, answered: String)
    /// The file that should tell where a colour's requests go does not.
    case noManifest(file: String, Colour)
    /// The files on disk have no folder for what the link should say.
    case noState(String, folder: String)
    /// A file or a folder that is not Teal's has the link's place.
    case linkTaken(String)
    /// nginx may not open the file that it should write requests to; its own text.
    case logRefused(text: String)
    /// The files on disk do not tell nginx to write down what it answers.
    case notObserved(folder: String)
    /// nginx holds a log open that has no name any more.
    case logMissing(String)
    /// The colour that should get a share has all requests, or nobody has any.
    case nothingToDivide(Colour)
    /// `switch: reload` has one group of servers for all requests.
    case notDivisible
    /// The files of before could not be brought back into force.
    case notPutBack(cause: String, reason: String)
    /// `file:line` of each directive that still reads one of the app's files.
    case stillIncluded([String])
    /// Another run changes nginx's files; who it is.
    case busy(String)
    case container(name: String, reason: String)
    case unreachable(StatusAddress, reason: String)
    /// The maintenance page.
    case page(path: String, reason: String)
    /// Another program has the address that the preview is to listen at.
    case previewTaken(StatusAddress, by: String)
    case statusTaken(StatusAddress, by: String)

    package var description: String {
        switch self {
        case .page(let path, let reason):
            "The maintenance page \(path) cannot be shown: \(reason). Correct it, or remove "
                + "`maintenance.page` from teal.yml for Teal's own page."
        case .previewTaken(let address, let reason):
            "The preview cannot listen at \(address): \(reason). Choose another port for "
                + "`preview.listen` in teal.yml."
        case .statusTaken(let address, let reason):
            "Teal's status server cannot listen at \(address): \(reason). Choose another port "
                + "for `nginx.status` in teal.yml."
        case .invalid(let what, let value, let rule):
            "\(what) is \"\(value)\"; it must be \(rule)."
        case .notFound(let text):
            "nginx could not be asked for its version: \(text). "
                + "Install nginx, or name it in nginx.container."
        case .notRunning(let reason):
            "nginx does not run: \(reason). Start it, and run it again."
        case .tooOld(let version):
            "nginx \(version) is older than \(NginxVersion.oldestSupported), the oldest that Teal "
                + "works with. Upgrade it."
        case .refused(let text) where text.contains("unknown log format \"_"):
            "nginx refuses its configuration as it stands: \(text) It reads that site before the "
                + "line that includes Teal's files, `include …/*/http.conf;`. Let it read that "
                + "line first: move it to 00-teal.conf."
        case .refused(let text):
            "nginx refuses its configuration as it stands: \(text) "
                + "Correct it until `nginx -t` passes, and run it again."
        case .notPermitted(let text):
            "nginx could not look at its configuration as this user, who is not root: \(text) "
                + "Run it as root, with sudo."
        case .noSnippet(let service, let file, let text):
            "A site of nginx includes \(file), which is there only while \(service) is an exposed "
                + "service, and here it is not: \(text) Remove that line from the site, or give "
                + "\(service) a port in teal.yml."
        case .ownFilesRefused(let text):
            "nginx refuses the files that Teal generated, which were not put in place: \(text)"
        case .notIncluded(let mainConfig, let line):
            "nginx does not read Teal's files. Add this line to the http block of \(mainConfig): "
                + line
        case .notMounted(let container, let directory):
            "The container \(container) does not see \(directory). Mount the folder at the same "
                + "path, -v \(directory):\(directory), and start it again."
        case .stale(let container, let file):
            "The container \(container) sees an old \(file). A file or folder that is replaced on "
                + "the host is not replaced in its bind mount: mount the folder above it, and "
                + "start the container again."
        case .openFileCache(let file, let line):
            "\(file):\(line): with open_file_cache nginx would not see a switch before the cache "
                + "is checked again. Remove this line, or move it into the locations that need it."
        case .reloadRefused(let text):
            "nginx did not take the order to reload: \(text)"
        case .notConfirmed(let expected, nil):
            "nothing shows that nginx's workers run the configuration on disk: the status server "
                + "should say \(expected), but no answer came. nginx's error log may say why."
        case .notConfirmed(let expected, let answered?):
            "nginx's workers do not run the configuration on disk: the status server should "
                + "say \(expected), but \(answered). nginx's error log says why."
        case .linkNotSeen(let link, let expected, let answered):
            "nginx's workers do not see where \(link) points: the status server should say "
                + "\(expected), but \(answered). Their user must be allowed to enter every folder "
                + "of that path: `namei -l \(link)/` shows which one it may not, `chmod o+x` "
                + "lets it in."
        case .noManifest(let file, let colour):
            "\(colour) has the traffic, and \(file) does not tell where it goes: the file is gone, "
                + "or its line \"# teal:\" is not one that this Teal writes. Put back the file as "
                + "Teal wrote it. Without a copy, run `teal down`, then `teal deploy`."
        case .noState(let name, let folder):
            "nginx's files in \(folder) do not know the state \(name), so it cannot be reached "
                + "without other files. Shares are those of canary.steps when the deployment "
                + "began; `teal deploy` writes what teal.yml says now."
        case .linkTaken(let path):
            "\(path) is not a link, and what has its place is not Teal's. Move it away: "
                + "`mv \(path) \(path).aside`."
        case .logRefused(let text):
            "nginx may not write down what it answers: \(text)"
        case .notObserved(let folder):
            "nginx's files in \(folder) do not let it write down what it answers, so there are no "
                + "figures of errors and latency. `teal check` says why."
        case .logMissing(let log):
            "nginx writes what it answers to a file that is gone: there is no \(log). "
                + "`nginx -s reopen` makes it again."
        case .nothingToDivide(let colour):
            "\(colour) cannot get a share of the requests: \(colour.other) has none. Deploy again, "
                + "so that the active colour shares with the candidate."
        case .notDivisible:
            "With switch: reload nginx sends all requests to one group of servers and cannot "
                + "divide them. Say `switch: live` in teal.yml, or remove its canary."
        case .notPutBack(let cause, let reason):
            "\(cause) The files of before are back on disk, but it could not be shown that nginx "
                + "runs on them: \(reason) Run `nginx -t` and reload nginx."
        case .stillIncluded(let places):
            "nginx still reads the app's files: \(places.joined(separator: ", ")). "
                + "Remove these lines, and run it again."
        case .busy(let holder):
            "Another app's files in nginx are being changed by \(holder). Run it again later."
        case .container(let name, let reason):
            "The container \(name), in which nginx should run: \(reason)."
        case .unreachable(let address, let reason):
            "nginx's status server at \(address) could not be asked: \(reason)."
        }
    }
}

extension NginxError {
    /// nginx tries its files as the user who asks, pid file and keys among them, so that one who is
    /// not root learns nothing about the configuration.
    static func refusal(_ text: String, ofRoot isRoot: Bool) -> NginxError {
        !isRoot && text.contains("(13: Permission denied)")
            ? .notPermitted(text: text) : .refused(text: text)
    }
}
