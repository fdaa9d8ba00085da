package import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

extension ComposeEngine {
    package func obstacles(
        to candidate: Placement, _ kind: DeploymentKind
    ) async throws -> [Obstacle] {
        do {
            let set = try folder(of: candidate.release).read()
            return try await obstacles(to: set, kind) + bindObstacles(to: candidate, kind)
                + (kind == .deploy ? emptyVolumeObstacles(to: set, .certain) : [])
        } catch DockerError.noRelease where kind == .warmRollback {
            return []  // Its containers run, and nothing is made of the record.
        }
    }

    /// - Parameter kind: a warm rollback creates nothing, and the way back adds no writer where
    ///   the app has one.
    func obstacles(to set: ContainerSet, _ kind: DeploymentKind) async throws -> [Obstacle] {
        async let listed = api.containers(labels: [])
        async let known = api.volumes(labels: [])
        let networks = try await api.networks()
        let (all, volumes) = (try await listed, try await known)
        let strangers = Strangers(
            app: app, containers: all, networks: networks, volumes: volumes)
        let finder = PlaceFinder(files: localFiles, volumes: volumes)
        let own = all.filter { $0.isOwn(of: app) && $0.mayRun }.flatMap(finder.places)
        let writers = strangers.secondWriters(
            beside: set, finder, but: kind == .deploy ? [] : own)
        switch kind {
        case .deploy, .coldRollback:
            return strangers.obstacles(to: set) + takenPorts(among: all).obstacles(to: set)
                + writers
                + (try await shortage(of: set.networkNames, among: networks, all))
        case .warmRollback:
            return writers
        }
    }

    private func takenPorts(among containers: [ListedContainer]) -> TakenPorts {
        let isLocal = localFiles != nil
        return TakenPorts(containers: containers) { host, port in
            let isTaken = try? TCPConnections().isListening(
                inNamespaceOf: nil, host: host, port: port)
            return isLocal && isTaken ?? false
        }
    }

    private func shortage(
        of names: Set<String>, among networks: [InspectedNetwork], _ containers: [ListedContainer]
    ) async throws -> [Obstacle] {
        let needed = names.subtracting(networks.map(\.name)).count
        guard needed > 0 else { return [] }
        let pools = try await addressPools(beside: networks)
        let room = NetworkRoom(
            free: pools.free, total: pools.total, needed: needed,
            unused: unused(networks, containers))
        return room.suffices ? [] : [Obstacle(room.shortage)]
    }

    /// The networks of a set come into being one after the other, and another program may take the
    /// last range between the look and that.
    func tellingShortage<Result>(
        of names: Set<String>, _ body: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await body()
        } catch let error as DockerError {
            guard case .engine = error else { throw error }
            let networks = try await api.networks()
            let shortage = try await shortage(
                of: names, among: networks, try await api.containers(labels: []))
            guard let obstacle = shortage.first else { throw error }
            throw DockerError.noNetworkRoom(obstacle.description)
        }
    }

    /// The names of the networks that no container is in, but for Docker's own and Teal's.
    func unused(_ networks: [InspectedNetwork], _ containers: [ListedContainer]) -> [String] {
        let used = Set(containers.flatMap { ($0.networkSettings?.networks ?? [:]).keys })
            .union(["bridge", "docker_gwbridge", "host", "ingress", "none"])
        return networks.filter {
            !used.contains($0.name) && $0.labels?[ResourceLabel.app] == nil
        }.map(\.name).sorted()
    }

    /// nil where the daemon may be that of another host.
    private var localFiles: FileSystem? {
        switch api.endpoint {
        case .socket: FileSystem()
        case .tcp: nil
        }
    }
}

extension NetworkRoom {
    /// Why the app's networks cannot be made, with the remedy.
    var shortage: String {
        "The app needs \(needed) more Docker networks, and \(free) of \(total) are free. \(remedy)"
    }
}

extension ComposeEngine.Settings {
    /// The only way to a call of Compose, with a look at the project right before.
    ///
    /// Compose takes whatever holds a service's name in the project for its own, whoever made it.
    ///
    /// - Throws: `DockerError.strangers`.
    func permitted(_ command: ComposeCommand) async throws -> Command {
        if command.touchesContainers, let project = command.project {
            let there = try await api.containers(labels: ["com.docker.compose.project=\(project)"])
            let strangers = Strangers(app: app, containers: there).inProject(project)
            guard strangers.isEmpty else {
                throw DockerError.strangers(
                    strangers.map(\.name), project: project, app: app)
            }
        }
        return try await tool().command(command)
    }
}
