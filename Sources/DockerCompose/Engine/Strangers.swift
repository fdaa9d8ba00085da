import BlueGreen
import DockerEngine
import Orchestration

/// The containers, networks and volumes of the host that Teal did not make for this app, and that
/// the app would meet. Pure.
///
/// One label decides: a thing is the app's own if it bears `teal.app=APP`. Teal acts on nothing
/// else, and refuses to begin where a program that it calls would.
struct Strangers: Sendable {
    let app: String
    /// All others of the host.
    let containers: [ListedContainer]
    private let networks: [InspectedNetwork]
    private let volumes: [ListedVolume]

    /// - Parameters: all of the host, the app's own among them.
    init(
        app: String, containers: [ListedContainer], networks: [InspectedNetwork] = [],
        volumes: [ListedVolume] = []
    ) {
        self.app = app
        self.containers = containers.filter { !$0.isOwn(of: app) }.sorted { $0.name < $1.name }
        self.networks = networks.filter { $0.labels?[ResourceLabel.app] != app }
        self.volumes = volumes.filter { $0.labels?[ResourceLabel.app] != app }
    }

    /// Those in a compose project of Teal's. Compose takes any container there for its own and
    /// replaces it.
    func inProject(_ project: String) -> [ListedContainer] {
        containers.filter { $0.project == project }
    }

    /// All that creating the set would meet.
    func obstacles(to set: ContainerSet) -> [Obstacle] {
        let inProjects = ResourceNames.projects(app).sorted().flatMap(inProject)
        let copies = inProject(app).filter { container in
            set.services.contains { $0.name == container.projectService }
        }
        let told = Set((inProjects + copies).map(\.id))
        let names = set.containerNames
        let namesakes = containers.filter { names.contains($0.name) && !told.contains($0.id) }
        return inProjects.map(intruder) + (copies.isEmpty ? [] : [withoutTeal(copies)])
            + namesakes.map(namesake) + foreignNetworks(of: set) + foreignVolumes(of: set)
    }

    private func intruder(_ container: ListedContainer) -> Obstacle {
        Obstacle(
            "\(container.name) is in the compose project \(container.project ?? ""), which belongs "
                + "to the app \(app), and Teal did not make it. Compose would replace it. "
                + removal(of: container))
    }

    /// The same services, started by hand: each would do its work twice.
    private func withoutTeal(_ copies: [ListedContainer]) -> Obstacle {
        let verb = copies.count == 1 ? "was" : "were"
        return Obstacle(
            "\(copies.map(\.name).joined(separator: ", ")) of the compose project \(app) \(verb) "
                + "not made by Teal, and the same services would run a second time. Take the "
                + "project down first: `docker compose --project-name \(app) down` (named "
                + "volumes stay), or give the app another name (`app:`).")
    }

    private func namesake(_ container: ListedContainer) -> Obstacle {
        Obstacle(
            "The name \(container.name), which a container of the app \(app) needs, belongs to "
                + "one that Teal did not make for it. \(removal(of: container))")
    }

    private func removal(of container: ListedContainer) -> String {
        let stop = container.mayRun ? "docker stop \(container.name) && " : ""
        return
            "Remove it: `\(stop)docker rm \(container.name)` (named volumes stay), or give the "
            + "app another name (`app:`)."
    }

    private func foreignNetworks(of set: ContainerSet) -> [Obstacle] {
        let names = set.networkNames
        return networks.filter { names.contains($0.name) }.sorted { $0.name < $1.name }
            .map { Obstacle("\(DockerError.foreignNetwork($0.name))") }
    }

    /// Volumes that Teal would name after the app, and that another project or app has made. One
    /// that the compose file names itself, or one made by hand, is its owner's choice.
    private func foreignVolumes(of set: ContainerSet) -> [Obstacle] {
        let declared = set.project.model["volumes"]?.object ?? [:]
        let named = set.volumeNames.filter { key, name in
            name == "\(app)_\(key)" && !set.isExternal(declared[key] ?? .null)
        }.values
        return volumes.filter { named.contains($0.name) }.compactMap { volume in
            let owner =
                volume.labels?[ResourceLabel.app].map { "the app \($0)" }
                ?? volume.labels?["com.docker.compose.project"].flatMap {
                    $0 == app ? nil : "the compose project \($0)"
                }
            return owner.map { owner in
                Obstacle(
                    "The volume \(volume.name) belongs to \(owner). If its data is meant, name it "
                        + "in the compose file (`external: true`); else give the app another name "
                        + "(`app:`).")
            }
        }
    }
}

extension ContainerSet {
    /// Of every container that the set has in either colour.
    var containerNames: Set<String> {
        let coloured = Colour.allCases.flatMap { colour in
            self.coloured.containers.map { ResourceNames.container(app, colour, $0.replica) }
        }
        return Set(coloured + shared.map(sharedContainerName))
    }

    func sharedContainerName(of service: PlannedService) -> String {
        model(of: service)["container_name"]?.string
            ?? ResourceNames.sharedContainer(app, service.name)
    }
}
