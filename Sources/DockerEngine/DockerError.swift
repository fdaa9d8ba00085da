package import BlueGreen
package import Orchestration

/// A refusal by Docker, by Compose or of the compose file.
package enum DockerError: Error, Hashable, Sendable, CustomStringConvertible {
    case noCompose
    case oldCompose(version: String)
    /// `act` says what was asked of it, "read the compose file"; `text` is its own words.
    case compose(act: String, text: String)
    case unreadableModel(reason: String)
    case noServices
    /// `what` is a plural, "services".
    case tooMany(_ what: String, Int, most: Int)
    case refused([ServiceProblem])
    case badEndpoint(String)
    case noDaemon(endpoint: String, reason: String)
    case noPermission(endpoint: String)
    case oldEngine(version: String)
    case noAnswer(act: String, within: Duration)
    /// `act` says what was asked, "start shop-green-web-1"; `text` is the engine's words.
    case engine(act: String, status: Int, text: String)
    case unreadableAnswer(act: String, reason: String)
    case imageNotPulled(image: String, service: String, text: String)
    case imageNotBuilt(service: String, text: String)
    /// `image` is the name in the registry.
    case notPushed(image: String, RegistryFault)
    /// The user's logins to registries cannot be read; whole sentences.
    case badLogins(String)
    case imageGone(service: String, release: ReleaseID, image: String)
    case noRelease(ReleaseID, folder: String)
    case foreignNetwork(String)
    /// Containers that Teal did not make are in networks: their names by network; not empty.
    case networksInUse([String: [String]])
    case smallNetwork(String, subnet: String)
    case noAddressLeft(network: String, subnet: String)
    /// Docker has no range of addresses left for another network; whole sentences.
    case noNetworkRoom(String)
    case containerMissing(String)
    /// Containers that Teal did not make, in a project that Compose was to work on; not empty.
    case strangers([String], project: String, app: String)
    case volumesNotRemoved(reason: String)
    case emptyColour(app: String, Colour)
    /// A hook is to run in a service of which nothing is there.
    case noServiceContainer(String, Colour)
    case noSecret(name: String, variable: String)
    /// A file that a container mounts has vanished from the host; a whole paragraph.
    case fileGone(String)
    /// A hook of the compose file, `web's post_start`.
    case lifecycleHook(String, reason: String, lines: [String])
    /// `command` is what brings it back by hand.
    case sharedNotPutBack(service: String, text: String, command: String)
    case diskFull(DiskShortage)
    case badStoredFile(path: String, reason: String)

    package var description: String {
        compositionText ?? engineText ?? releaseText ?? hostText ?? ""
    }

    private var compositionText: String? {
        switch self {
        case .noCompose:
            "Docker Compose v2 was not found: neither `docker compose` nor `docker-compose` "
                + "answers. Install the package docker-compose-plugin (on Debian docker-compose "
                + "2.x), or put the plugin into ~/.docker/cli-plugins."
        case .oldCompose(let version):
            "Docker Compose \(version) is too old: Teal needs v2. Install the package "
                + "docker-compose-plugin, or put the plugin into ~/.docker/cli-plugins."
        case .compose(let act, let text):
            "docker compose could not \(act): \(text)"
        case .unreadableModel(let reason):
            "The answer of `docker compose config --format json` could not be read: \(reason). "
                + "Try a newer Docker Compose v2."
        case .noServices:
            "The compose file starts no service. One with `profiles:` counts only where the "
                + "variable COMPOSE_PROFILES names a profile of it."
        case .tooMany(let what, let count, let most):
            "The compose file has \(count) \(what), and Teal deploys at most \(most). Take out what "
                + "this app does not need, or divide it into several apps."
        case .refused(let problems):
            problems.map(\.message).joined(separator: "\n")
        case .noSecret(let name, let variable):
            "\(name) takes its content from the environment variable \(variable), which is not "
                + "set. Set it, or use `file:`."
        case .badEndpoint, .noDaemon, .noPermission, .oldEngine, .noAnswer, .engine,
            .unreadableAnswer, .imageNotPulled, .imageNotBuilt, .notPushed, .badLogins, .imageGone,
            .noRelease,
            .foreignNetwork, .networksInUse, .smallNetwork, .noAddressLeft, .noNetworkRoom,
            .containerMissing,
            .strangers, .volumesNotRemoved, .emptyColour, .noServiceContainer,
            .badStoredFile,
            .fileGone, .lifecycleHook, .sharedNotPutBack, .diskFull:
            nil
        }
    }

    private var engineText: String? {
        switch self {
        case .badEndpoint(let host):
            "DOCKER_HOST=\(host) is not understood: Teal talks to unix:///PATH and to "
                + "tcp://HOST:PORT without TLS. Set one of these, or unset it."
        case .noDaemon(let endpoint, let reason):
            "The Docker daemon does not answer at \(endpoint) (\(reason)). Start it "
                + "(systemctl start docker) or set DOCKER_HOST."
        case .noPermission(let endpoint):
            "The Docker daemon's socket \(endpoint) may not be used by this user. Run Teal as "
                + "root, or add the user to the group docker and log in again."
        case .oldEngine(let version):
            "The Docker engine speaks API \(version) and Teal needs 1.41. Install Docker 20.10 "
                + "or newer."
        case .noAnswer(let act, let limit):
            "The Docker daemon did not \(act) within \(limit.text). Look at its log "
                + "(journalctl -u docker) and try again."
        case .engine(let act, let status, let text):
            "The Docker daemon could not \(act): \(text) (status \(status))"
        case .unreadableAnswer(let act, let reason):
            "The Docker daemon's answer to \"\(act)\" could not be read: \(reason)."
        case .noCompose, .oldCompose, .compose, .unreadableModel, .noServices, .tooMany, .refused,
            .noSecret,
            .imageNotPulled, .imageNotBuilt, .notPushed, .badLogins, .imageGone, .noRelease,
            .foreignNetwork, .networksInUse,
            .smallNetwork, .noAddressLeft, .noNetworkRoom,
            .containerMissing,
            .strangers, .volumesNotRemoved, .emptyColour, .noServiceContainer,
            .badStoredFile,
            .fileGone, .lifecycleHook, .sharedNotPutBack, .diskFull:
            nil
        }
    }

    private var releaseText: String? {
        switch self {
        case .imageNotPulled(let image, let service, let text):
            "The image \(image) of \(service) could not be pulled: \(text). Check its name, log "
                + "in with `docker login`, or build it on this host and use `--pull missing`."
        case .imageNotBuilt(let service, let text):
            "The image of \(service) could not be built: \(text) If it comes ready-made, leave "
                + "building out: `--no-build`, or `build: never` in teal.yml."
        case .notPushed(let image, let fault):
            "The image \(image) was not pushed: \(fault.cause) "
                + fault.remedy(for: ImageName(image).registry)
        case .badLogins(let text): text
        case .imageGone(let service, let release, let image):
            "The image of \(service) in release \(release) is gone: \(image) was removed from "
                + "this host. Roll back to another release (`teal history` lists them), or "
                + "deploy again."
        case .noRelease(let release, let folder):
            "The record of release \(release) is gone from \(folder). `teal history` lists the "
                + "releases that can be gone back to."
        case .foreignNetwork(let name):
            "A network \(name) exists that Teal has not made. Remove it "
                + "(docker network rm \(name)), or give the app another name."
        case .networksInUse(let guests):
            guests.sorted { $0.key < $1.key }.map { name, containers in
                let commands = containers.map { "`docker network disconnect \(name) \($0)`" }
                return "The network \(name) stays: \(containers.joined(separator: ", ")), which "
                    + "Teal did not make, is in it. Take it out and try again: "
                    + "\(commands.joined(separator: ", "))."
            }.joined(separator: "\n")
        case .smallNetwork(let name, let subnet):
            "Docker gave the network \(name) the subnet \(subnet), which is too small for fixed "
                + "addresses. Let default-address-pools in /etc/docker/daemon.json hand out "
                + "networks of /26 or larger."
        case .noAddressLeft(let network, let subnet):
            "The network \(network) (\(subnet)) has no fixed address left for another replica."
        case .noNetworkRoom(let text):
            text
        case .containerMissing(let name):
            "The container \(name) is gone. Run `teal deploy` again."
        case .strangers(let names, let project, let app):
            "\(names.joined(separator: ", ")) came into the compose project \(project), and Teal "
                + "did not make it. Compose would replace it, so nothing was done. Remove it: "
                + "`docker rm --force \(names.joined(separator: " "))` (named volumes stay), or give "
                + "the app \(app) another name (`app:`)."
        case .volumesNotRemoved(let reason):
            "The app's volumes could not be removed: \(reason). Look at `docker volume ls`."
        case .emptyColour(let app, let colour):
            "\(app) has no containers in \(colour). `teal status` shows what there is."
        case .noServiceContainer(let service, let colour):
            "\(service) has no running container in \(colour). Name a service that keeps running."
        case .badStoredFile(let path, let reason):
            "\(path) could not be read: \(reason). Remove it and run `teal deploy` again."
        case .noCompose, .oldCompose, .compose, .unreadableModel, .noServices, .tooMany, .refused,
            .noSecret,
            .badEndpoint, .noDaemon, .noPermission, .oldEngine, .noAnswer, .engine,
            .unreadableAnswer, .fileGone, .lifecycleHook, .sharedNotPutBack, .diskFull:
            nil
        }
    }

    private var hostText: String? {
        switch self {
        case .sharedNotPutBack(let service, let text, let command):
            "The shared service \(service) could not be put back to what it was before this "
                + "deployment: \(text) By hand: `\(command)`"
        case .fileGone(let text): text
        case .lifecycleHook(let hook, let reason, let lines):
            "\(hook) \(reason)"
                + (lines.isEmpty ? "" : " Its last lines: \(lines.joined(separator: " / "))")
        case .diskFull(let shortage):
            shortage.description
        case .noCompose, .oldCompose, .compose, .unreadableModel, .noServices, .tooMany, .refused,
            .noSecret,
            .badEndpoint, .noDaemon, .noPermission, .oldEngine, .noAnswer, .engine,
            .unreadableAnswer, .imageNotPulled, .imageNotBuilt, .notPushed, .badLogins, .imageGone,
            .noRelease,
            .foreignNetwork, .networksInUse, .smallNetwork, .noAddressLeft, .noNetworkRoom,
            .containerMissing,
            .strangers, .volumesNotRemoved, .emptyColour, .noServiceContainer,
            .badStoredFile:
            nil
        }
    }
}
