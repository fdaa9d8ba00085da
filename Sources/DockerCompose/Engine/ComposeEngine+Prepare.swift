package import BlueGreen
import DockerEngine
import FoundationEssentials
import HostSystem
package import Orchestration

extension ComposeEngine {
    package func prepare(_ placement: Placement, kind: DeploymentKind) async throws {
        let folder = folder(of: placement.release)
        let set = try folder.read()
        let shared = SharedModel(in: settings.stateDirectory)
        let supply = ImageSupply(set: set, folder: folder, settings: settings)
        switch kind {
        case .deploy:
            // Before anything of the colour is touched.
            _ = try await settings.tool()
            try await refuseRoleChanges(of: set, in: placement.colour)
            try shared.forgetReplaced(but: placement.release)
            let report = try await supply.provide(existing: sharedImages())
            let problems = try await emptyVolumeProblems(of: set, .supplied)
            guard problems.isEmpty else { throw DockerError.refused(problems) }
            try await tellUnnamedData(of: set)
            for notice in try await codeVolumeNotices(of: set, .supplied) {
                settings.reporter.report(.note(notice))
            }
            try await tell(report, of: placement)
        case .coldRollback:
            try await refuseRoleChanges(of: set, in: placement.colour)
            try shared.forgetReplaced()
            try await supply.verify()
        case .warmRollback:
            try shared.forgetReplaced()
            return
        }
        var subnet: [Colour: IPv4Subnet] = [:]
        for colour in Colour.allCases {
            subnet[colour] = try await tellingShortage(of: set.networkNames) {
                try await networks.ensure(colour)
            }
        }
        try await makeVolumes(of: set)
        let file = folder.colourFile(placement.colour)
        let model = try colourModel(of: set, in: placement.colour, subnet)
        let isMade = try await isMade(set, placement, by: model, in: file)
        // A colour that was stopped and is all there needs no Compose to be started again.
        if !isMade { _ = try await settings.tool() }
        try AtomicFile.write(model, to: file, access: .ownerOnly)
        if kind == .deploy {
            // A way back may lead into the other colour, on a day when the disk has no room for it.
            let other = placement.colour.other
            try AtomicFile.write(
                colourModel(of: set, in: other, subnet), to: folder.colourFile(other),
                access: .ownerOnly)
        }
        try await record(set, in: shared, kind)
        try await removeOthers(than: placement)
        try await tellingShortage(of: set.networkNames) {
            try await networks.provide(set.project.namedNetworks, candidate: placement.colour)
        }
        try await removeStranded(placement, set)
        if !isMade { try await create(placement.colour, file: file) }
        // A network that was made anew has nothing in it, and the shared services run on.
        try await reconnectContainers()
    }

    private func colourModel(
        of set: ContainerSet, in colour: Colour, _ subnets: [Colour: IPv4Subnet]
    ) throws -> String {
        try set.colourModel(colour, addresses: addresses(of: set.services, in: colour, subnets))
            .serialized()
    }

    /// A way back changes no shared service, so that a full disk keeps nobody from it: the record is
    /// needed only to make a service that is missing.
    private func record(
        _ set: ContainerSet, in shared: SharedModel, _ kind: DeploymentKind
    ) async throws {
        guard !set.shared.isEmpty else { return }
        do {
            try shared.write(set.sharedModel())
        } catch let error as HostError where kind == .coldRollback {
            let present = Set(try await sharedContainers().compactMap(\.replica?.service))
            guard set.shared.allSatisfy({ present.contains($0.name) }) else { throw error }
            settings.reporter.report(
                .warning("The record of the shared services stays as it was. \(error)"))
        }
    }

    /// By what way the images came, and that none of them is new.
    private func tell(_ report: ImageReport, of placement: Placement) async throws {
        if let line = report.line { settings.reporter.report(.note(line)) }
        let others = try await api.containers(labels: labels(of: placement.colour.other))
        guard let other = others.compactMap(\.placement?.release).max(), !report.ids.isEmpty else {
            return
        }
        for (service, id) in report.ids {
            let image = ResourceNames.image(app, service, other)
            guard try await api.imageID(of: image) == id else { return }
        }
        settings.reporter.report(
            .note(
                "Every image is the one of release \(other) in \(placement.colour.other): this "
                    + "release has no other code, only its settings can differ."))
    }

    /// Of those that begin now, whose data could still be somewhere else.
    private func tellUnnamedData(of set: ContainerSet) async throws {
        let present = Set(try await sharedContainers().compactMap(\.replica?.service))
        let new = set.shared.filter { !present.contains($0.name) }
        for notice in try await unnamedData(of: new, in: set) {
            settings.reporter.report(.note(notice))
        }
    }

    /// Whether every container of the set is there, made by just this model.
    private func isMade(
        _ set: ContainerSet, _ placement: Placement, by model: String, in file: String
    ) async throws -> Bool {
        guard try FileSystem().readTextIfPresent(file) == model else { return false }
        let present = try await api.containers(labels: labels(of: placement))
            .filter { $0.state != "dead" && $0.state != "removing" }.compactMap(\.replica)
        return Set(set.coloured.containers.map(\.replica)).isSubset(of: present)
    }

    package func routes(
        for services: [PlannedService], in colour: Colour
    ) async throws -> [Route] {
        let exposed = services.filter { $0.role == .exposed }
        guard !exposed.isEmpty else { return [] }
        let subnet = [colour: try await networks.ensure(colour)]
        let addresses = try addresses(of: exposed, in: colour, subnet)
        return routes(of: exposed, at: addresses)
    }

    func routes(of exposed: [PlannedService], at addresses: [Replica: String]) -> [Route] {
        exposed.sorted { $0.name < $1.name }.map { service in
            let endpoints = (1...max(service.replicas, 1)).compactMap { index in
                addresses[Replica(service: service.name, index: index)]
                    .map { "\($0):\(service.port ?? 0)" }
            }
            return Route(service: service.name, endpoints: endpoints)
        }
    }

    private var hostNumbersFile: String { "\(settings.stateDirectory)/addresses.json" }

    func readHostNumbers() throws -> HostNumbers {
        guard let text = try FileSystem().readTextIfPresent(hostNumbersFile) else {
            return HostNumbers()
        }
        do {
            return try JSONDecoder().decode(HostNumbers.self, from: Data(text.utf8))
        } catch {
            throw DockerError.badStoredFile(path: hostNumbersFile, reason: "\(error)")
        }
    }

    func write(_ numbers: HostNumbers) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try FileSystem().makeFolder(settings.stateDirectory, access: .ownerOnly)
        try AtomicFile.write(
            bytes: Array(try encoder.encode(numbers)), to: hostNumbersFile, access: .ownerOnly)
    }

    private func addresses(
        of services: [PlannedService], in colour: Colour, _ subnets: [Colour: IPv4Subnet]
    ) throws -> [Replica: String] {
        let before = try readHostNumbers()
        var numbers = before
        numbers.assign(services)
        if numbers != before { try write(numbers) }
        guard let subnet = subnets[colour] else { return [:] }
        var addresses: [Replica: String] = [:]
        for service in services where service.role == .exposed {
            for index in 1...max(service.replicas, 1) {
                let replica = Replica(service: service.name, index: index)
                guard let number = numbers[replica], subnet.fixedHosts.contains(number) else {
                    throw DockerError.noAddressLeft(
                        network: ResourceNames.project(app, colour), subnet: subnet.description)
                }
                addresses[replica] = subnet.address(ofHost: number)
            }
        }
        return addresses
    }

    func refuseRoleChanges(of set: ContainerSet, in colour: Colour) async throws {
        let containers = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
        let problems = set.roleChanges(among: containers, in: colour)
        guard problems.isEmpty else { throw DockerError.refused(problems) }
    }

    /// Image ids of the shared services that have a container and keep it, by service.
    func sharedImages() async throws -> [String: String] {
        let images = try await sharedContainers().compactMap { container in
            container.replica.map { ($0.service, container.imageID) }
        }
        return Dictionary(images) { first, _ in first }
            .filter { !settings.choices.updateShared.contains($0.key) }
    }

    /// Volumes belong to the app: Compose would give them to one colour and could take them away
    /// with it.
    private func makeVolumes(of set: ContainerSet) async throws {
        let volumes = set.project.model["volumes"]?.object ?? [:]
        for (key, name) in set.volumeNames.sorted(by: { $0.key < $1.key }) {
            let volume = volumes[key] ?? .null
            if set.isExternal(volume) { continue }
            try await api.createVolume(
                name, driver: volume["driver"]?.string, options: volume["driver_opts"],
                labels: Self.labels(of: volume).merging([ResourceLabel.app: app]) { $1 })
        }
    }

    /// The compose file's, by which tools for backups go.
    private static func labels(of volume: JSONValue) -> [String: String] {
        (volume["labels"]?.object ?? [:]).mapValues { value in
            value.string ?? value.integer.map(String.init) ?? value.bool.map { "\($0)" } ?? ""
        }
    }

    /// Their names and addresses are needed for the release that comes.
    private func removeOthers(than placement: Placement) async throws {
        let others = try await api.containers(labels: labels(of: placement.colour))
            .filter { $0.labels[ResourceLabel.release] != placement.release.text }
        try await remove(others, .graceful)
    }

    private func create(_ colour: Colour, file: String) async throws {
        let command = ComposeCommand.create(
            project: ResourceNames.project(app, colour), file: file)
        let result = try await run(command)
        guard result.succeeded else {
            try await awaitLateContainers(of: colour)
            throw DockerError.compose(
                act: "create the containers of \(colour)", text: result.complaint)
        }
    }

    /// Compose ends at its first failure while the daemon is at work on the others still; what
    /// comes after the clean-up would stay.
    private func awaitLateContainers(of colour: Colour) async throws {
        var before = -1
        for _ in 1...Self.lateRounds {
            let count = try await api.containers(labels: labels(of: colour)).count
            if count == before { return }
            before = count
            try await Task.sleep(for: .milliseconds(500))
        }
    }

    /// So long a creation takes at most on a host that is busy; one that takes longer is found by
    /// the next deploy.
    private static let lateRounds = 10
}
