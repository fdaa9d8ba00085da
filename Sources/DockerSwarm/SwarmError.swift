package import BlueGreen
package import Orchestration

/// A refusal by the swarm, by an edge, or of a compose file that a swarm cannot run.
package enum SwarmError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The daemon is no manager of a swarm; its own words.
    case notManager(text: String)
    /// The managers have no leader, which needs a majority of them; the daemon's words.
    case noLeader(text: String)
    /// Another run has changed the service since it was read.
    case overtaken(service: String)
    /// Another run, on another manager, is at work on the app; its own words about itself.
    case leased(app: String, by: String)
    /// A node's edge task ended without having confirmed; its own words.
    case edgeRefused(node: String, reason: String)
    /// Nodes whose edge has not confirmed in time; not empty.
    case edgesSilent([String], within: Duration)
    /// Nodes of the edges that run nothing now, each with its state; not empty.
    case edgesAbsent([String])
    /// Edges may still send requests to the colour; each with its state, not empty.
    case colourHeld(Colour, by: [String])
    case noSuchEdge(String, known: [String])
    /// One that can follow is not forgotten.
    case edgePresent(String)
    /// No edge runs yet.
    case nothingToForget(String)
    case noEdges
    /// The record of the edges divides requests in another way.
    case otherDivision(expected: String, recorded: String)
    case noEdgeService(String)
    case unreadableEdgeState(reason: String)
    /// An edge was asked for an epoch that it has left behind.
    case oldEpoch(Int, applied: Int)
    case hostNotEntered(reason: String)
    case refused([ServiceProblem])
    /// `act` is what was asked, "run a hook inside a container".
    case unsupported(act: String)
    case noImage(service: String, image: String, reason: String)
    case noRelease(ReleaseID, folder: String)
    case badStoredFile(path: String, reason: String)
    case foreignService(String)
    case foreignNetwork(String)
    case foreignConfig(String)
    /// A config or a secret that Teal was to make; `kind` is "config" or "secret".
    case foreignObject(kind: String, name: String)
    /// One that is made outside of Teal.
    case noObject(kind: String, key: String, name: String)
    /// Another manager has the content of a release's object, and the swarm has the object no more.
    case noContent(kind: String, key: String, ReleaseID, name: String)
    /// Another run, on another manager, has written the records of the app since this one did.
    case recordOvertaken(String)
    /// A config of Teal's own.
    case badConfig(String, reason: String)
    case recordTooLarge(ReleaseID, ByteCount)
    case stillRunning([String], within: Duration)
    case networkInUse(String, within: Duration)
    /// Shared services are in a network that is to have other properties; not empty.
    case networkHeld(String, by: [String])

    package var description: String { swarmText ?? edgeText ?? appText ?? "" }

    private var swarmText: String? {
        switch self {
        case .notManager(let text):
            "The Docker daemon here is no manager of a swarm: \(text) Run Teal on a manager; "
                + "`docker node ls` on one shows all of them."
        case .noLeader(let text):
            "The swarm has no leader, so that nothing can be changed: \(text) Every edge serves on "
                + "as it did. Bring back managers until more than half of them run; `docker node "
                + "ls` then answers again."
        case .overtaken(let service):
            "Another run has changed the service \(service) since this one read it. Nothing was "
                + "changed by this one. Run `teal status`, and try again."
        case .leased(let app, let other):
            "The app \(app) is locked by \(other). Nothing was changed. Try again when it has "
                + "ended, or wait for it with `--wait-lock 10m`."
        case .recordOvertaken(let config):
            "Another run has written the history meanwhile (the config \(config)). Run `teal "
                + "status`, and try again."
        case .unsupported(let act): "`engine: swarm` cannot \(act) yet."
        case .edgeRefused, .edgesSilent, .edgesAbsent, .colourHeld, .noSuchEdge, .edgePresent,
            .nothingToForget, .noEdges, .otherDivision, .noEdgeService, .unreadableEdgeState,
            .oldEpoch, .hostNotEntered, .refused, .noImage, .noRelease, .badStoredFile,
            .foreignService, .foreignNetwork, .foreignConfig, .foreignObject, .noObject,
            .noContent, .badConfig, .recordTooLarge, .stillRunning, .networkInUse, .networkHeld:
            nil
        }
    }

    private var edgeText: String? {
        switch self {
        case .edgeRefused(let node, let reason): "The edge on \(node) refused: \(reason)"
        case .edgesSilent(let nodes, let limit):
            "Not every edge has confirmed within \(limit.text): \(nodes.joined(separator: ", ")). "
                + "`teal nodes` shows each of them."
        case .edgesAbsent(let nodes):
            "Edges are absent, and their nginx would go on as it is: "
                + "\(nodes.joined(separator: ", ")). Bring them back (`docker node ls`), or say "
                + "that a node will not come back: `teal edge forget NODE`."
        case .colourHeld(let colour, let nodes):
            "\(colour) is kept, since an nginx may still send requests to it: "
                + "\(nodes.joined(separator: ", ")). Bring the node back, or say that it will not "
                + "come back with `teal edge forget NODE`; then `teal resume`."
        case .noSuchEdge(let name, let known):
            "The swarm has no edge \(name). It has \(known.joined(separator: ", "))."
        case .edgePresent(let node):
            "\(node) is ready, and its nginx follows every change. Only an edge that is down or "
                + "taken out is forgotten; leave another one out of `edges.nodes`."
        case .nothingToForget(let node):
            "No edge runs before the first deploy, so that \(node) cannot be forgotten. Name the "
                + "other nodes in `edges.nodes` of teal.yml."
        case .noEdges: "No node of the swarm is an edge. Correct `edges.nodes` in teal.yml."
        case .otherDivision(let expected, let recorded):
            "The edges should send requests to \(expected), and their record says \(recorded)."
        case .noEdgeService(let name):
            "The service \(name) is gone, which says to the edges who has traffic. Run `teal "
                + "resume`."
        case .unreadableEdgeState(let reason):
            "The record of the edges could not be read: \(reason). Was it written by a newer Teal?"
        case .oldEpoch(let epoch, let applied):
            "the epoch \(epoch) is older than \(applied), which this node has applied"
        case .hostNotEntered(let reason):
            "the task could not enter the host's file system: \(reason)"
        case .notManager, .noLeader, .overtaken, .leased, .recordOvertaken, .unsupported, .refused,
            .noImage, .noRelease, .badStoredFile, .foreignService, .foreignNetwork, .foreignConfig,
            .foreignObject, .noObject, .noContent, .badConfig, .recordTooLarge, .stillRunning,
            .networkInUse, .networkHeld:
            nil
        }
    }

    private var appText: String? {
        switch self {
        case .refused(let problems): problems.map(\.message).joined(separator: "\n")
        case .noImage(let service, let image, let reason):
            "The image \(image) of \(service) could not be found: \(reason) Push it to a registry "
                + "that every node reaches, or load it on every node (`docker load`)."
        case .noRelease(let release, let folder):
            "The record of release \(release) is gone from \(folder). `teal history` lists the "
                + "releases that can be gone back to."
        case .badStoredFile(let path, let reason):
            "\(path) could not be read: \(reason). Remove it and run `teal deploy` again."
        case .foreignService(let name):
            "A service \(name) exists that Teal has not made. Remove it (`docker service rm "
                + "\(name)`), or give the app another name."
        case .foreignNetwork(let name):
            "A network \(name) exists that is not Teal's overlay network. Remove it (`docker "
                + "network rm \(name)`), or give the app another name."
        case .foreignConfig(let name):
            "A config \(name) exists that is not Teal's. Remove it (`docker config rm \(name)`), "
                + "or give the app another name."
        case .foreignObject(let kind, let name):
            "A \(kind) \(name) exists that is not Teal's. Remove it (`docker \(kind) rm \(name)`), "
                + "or give the \(kind) another name in the compose file."
        case .noObject(let kind, let key, let name):
            "The \(kind) \(key) of the compose file is external, and the swarm has no \(kind) "
                + "\(name). Make it (`docker \(kind) create \(name) FILE`), or correct its "
                + "`name:`."
        case .noContent(let kind, let key, let release, let name):
            "The \(kind) \(key) of release \(release) is neither in the swarm, as \(name), nor in "
                + "this manager's records. Go back on the manager that deployed it, or run `teal "
                + "deploy`."
        case .badConfig(let name, let reason):
            "The config \(name) could not be read: \(reason). Was it written by a later Teal? Use "
                + "that one, or remove it (`docker config rm \(name)`): this node's own history "
                + "counts then."
        case .recordTooLarge(let release, let size):
            "The compose model of release \(release) has \(size.text), more than a swarm keeps for "
                + "its managers (400 kB)."
        case .networkInUse(let name, let limit):
            "The network \(name) was still in use after \(limit.text). `docker network inspect "
                + "--verbose \(name)` shows by what; then run `teal down` again."
        case .networkHeld(let name, let services):
            "The compose file gives the network \(name) other properties than it has, and "
                + "\(services.joined(separator: ", ")) is in it, which a deploy leaves alone. "
                + "`docker service rm` ends it, and the next `teal deploy` makes both anew."
        case .stillRunning(let names, let limit):
            "\(names.joined(separator: ", ")) did not end within \(limit.text). `docker service ps` "
                + "shows why."
        case .notManager, .noLeader, .overtaken, .leased, .recordOvertaken, .unsupported,
            .edgeRefused, .edgesSilent, .edgesAbsent, .colourHeld, .noSuchEdge, .edgePresent,
            .nothingToForget, .noEdges, .otherDivision, .noEdgeService, .unreadableEdgeState,
            .oldEpoch, .hostNotEntered:
            nil
        }
    }
}

extension SwarmError: ClusterFailure {
    package var meaning: ClusterFailureMeaning? {
        switch self {
        case .noLeader: .noMajority
        case .overtaken, .recordOvertaken: .overtaken
        case .leased: .leased
        case .notManager, .edgeRefused, .edgesSilent, .edgesAbsent, .colourHeld, .noSuchEdge,
            .edgePresent, .nothingToForget, .noEdges, .otherDivision, .noEdgeService,
            .unreadableEdgeState, .oldEpoch, .hostNotEntered, .refused, .unsupported, .noImage,
            .noRelease, .badStoredFile, .foreignService, .foreignNetwork, .foreignConfig,
            .foreignObject, .noObject, .noContent, .badConfig, .recordTooLarge, .stillRunning,
            .networkInUse, .networkHeld:
            nil
        }
    }
}
