package import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

extension ComposeEngine {
    private var sharedModel: SharedModel { SharedModel(in: settings.stateDirectory) }

    var sharedProject: String { ResourceNames.sharedProject(app) }

    func sharedContainers() async throws -> [ListedContainer] {
        try await api.containers(labels: [
            "\(ResourceLabel.app)=\(app)", "\(ResourceLabel.role)=\(ServiceRole.shared.rawValue)",
        ])
    }

    func startShared(
        _ service: PlannedService, of placement: Placement
    ) async throws -> StartResult {
        let container = try await sharedContainers().first {
            $0.replica?.service == service.name
        }
        guard let container else {
            try await createShared(service, of: placement)
            return .started
        }
        if settings.choices.updateShared.contains(service.name) || container.hasNeverRun,
            try await isOutdated(container, service, placement.release)
        {
            try await replace(container, service, by: placement)
            return .started
        }
        try await letEnd(container)
        if try await isLeftAlone(container, service) { return .ranAlready }
        try await start(container, service, of: placement)
        return .started
    }

    /// Whether a container that is not replaced needs no start.
    func isLeftAlone(
        _ container: ListedContainer, _ service: PlannedService
    ) async throws -> Bool {
        if container.state == "running" { return true }
        if try await hasEndedByItself(container) { return true }
        // A shared one-shot has done its work for both colours.
        guard service.isOneShot, container.state == "exited" else { return false }
        return try await api.inspectContainer(container.id)?.state.exitCode == 0
    }

    /// One sentence for each shared service whose container was made by another definition than
    /// the release has, and for each that the release no longer has: both are left alone. A
    /// service that is about to be replaced has none.
    ///
    /// - Parameter excluded: services about which nothing is said.
    func sharedNotices(
        of set: ContainerSet, but excluded: Set<String> = []
    ) async throws -> [String] {
        var notices: [String] = []
        for container in try await sharedContainers().sorted(by: { $0.name < $1.name }) {
            guard let name = container.replica?.service, !excluded.contains(name) else {
                continue
            }
            guard let service = set.services.first(where: { $0.name == name }) else {
                notices.append(
                    "\(name) is not in the compose file any more, and its shared container "
                        + "\(container.name) is left as it is. When nothing uses it: "
                        + "`docker rm -f \(container.name)` (named volumes stay).")
                continue
            }
            guard service.role == .shared, !settings.choices.updateShared.contains(name),
                !container.hasNeverRun,
                let keys = try await differences(container, service, set)
            else { continue }
            let named = keys.isEmpty ? "" : " (\(keys.joined(separator: ", ")))"
            let verb = container.state == "running" ? "runs with" : "was made by"
            notices.append(
                "\(name) \(verb) another definition than the compose file has now\(named). It is "
                    + "left alone; `teal deploy --update-shared \(name)` replaces it.")
        }
        return notices
    }

    package func staleShared(beside release: ReleaseID) async throws -> [StaleShared] {
        let set = try folder(of: release).read()
        var stale: [StaleShared] = []
        for container in try await sharedContainers() {
            guard let service = set.shared.first(where: { $0.name == container.replica?.service })
            else { continue }
            if try await differences(container, service, set)?.contains("image") == true {
                stale.append(StaleShared(service.name, .otherImage))
            } else if set.isBuilt(service), container.isOlder(than: release) {
                stale.append(StaleShared(service.name, .notBuilt))
            }
        }
        return stale.sorted { $0.service < $1.service }
    }

    /// Brings back what a deployment of this release has replaced.
    func putBackShared(replacedBy release: ReleaseID) async throws {
        for service in try sharedModel.replaced(by: release) {
            let path = sharedModel.replacedFile(service, by: release)
            guard let model = try sharedModel.read(path) else { continue }
            if try await !isMade(service, by: model) {
                try await runPreStop(
                    in: sharedContainers().filter { $0.replica?.service == service })
                let command = ComposeCommand.replaceShared(
                    service, project: sharedProject, file: path)
                let result = try await run(command)
                guard result.succeeded else {
                    throw DockerError.sharedNotPutBack(
                        service: service, text: result.complaint, command: command.text)
                }
                try await runPostStart(ofShared: service)
            }
            try sharedModel.recordMade(service, by: model)
            try await keepRunning(shared: service, .deployed)
            try sharedModel.forgetReplaced(service, by: release)
        }
        try sharedModel.forgetReplaced()
    }

    private func keepRunning(shared service: String, _ endurance: Endurance) async throws {
        for container in try await sharedContainers()
        where container.replica?.service == service {
            try await keepRunning(container, endurance)
        }
    }

    private func createShared(
        _ service: PlannedService, of placement: Placement
    ) async throws {
        try refuseReplacedFiles(of: service.name, placement.release)
        try await runPreStart(of: service, placement, beside: nil)
        try await run(
            .upShared(service.name, project: sharedProject, file: sharedModel.file),
            to: "start the shared service \(service.name)")
        try recordMade(service)
        // The deployment may be aborted, and a server is to come back all the same.
        try await keepRunning(shared: service.name, .started)
        try await runPostStart(ofShared: service.name)
    }

    /// Keeps on disk first what the service can come back by, should the deployment be aborted.
    private func replace(
        _ container: ListedContainer, _ service: PlannedService, by placement: Placement
    ) async throws {
        try refuseReplacedFiles(of: service.name, placement.release)
        let digest = container.labels[ResourceLabel.definition]
        // One that has never run is nothing to come back to.
        if !container.hasNeverRun, let made = try sharedModel.made(service.name, digest: digest) {
            try sharedModel.keep(
                service.name, made, image: container.imageID, by: placement.release)
        }
        try await runPreStart(of: service, placement, beside: nil)
        try await runPreStop(in: [container])
        try await run(
            .replaceShared(service.name, project: sharedProject, file: sharedModel.file),
            to: "replace the shared service \(service.name)")
        try recordMade(service)
        // The deployment may be aborted, and a server is to come back all the same.
        try await keepRunning(shared: service.name, .started)
        try await runPostStart(ofShared: service.name)
    }

    private func run(_ command: ComposeCommand, to act: String) async throws {
        let result = try await run(command)
        guard result.succeeded else {
            throw DockerError.compose(act: act, text: result.complaint)
        }
    }

    private func recordMade(_ service: PlannedService) throws {
        guard let model = try sharedModel.read(sharedModel.file) else { return }
        try sharedModel.recordMade(service.name, by: model)
    }

    /// By its definition as `prepare` has written it, and by the image that this release has.
    private func isOutdated(
        _ container: ListedContainer, _ service: PlannedService, _ release: ReleaseID
    ) async throws -> Bool {
        let model = try sharedModel.read(sharedModel.file) ?? [:]
        let image = ResourceNames.image(app, service.name, release)
        let imageID = try await api.imageID(of: image)
        return container.imageID != imageID
            || container.labels[ResourceLabel.definition]
                != SharedModel.digest(of: service.name, in: model)
    }

    private func isMade(_ service: String, by model: JSONValue) async throws -> Bool {
        let containers = try await sharedContainers().filter { $0.replica?.service == service }
        return containers.count == 1
            && containers.allSatisfy { container in
                container.state == "running"
                    && container.labels[ResourceLabel.definition]
                        == SharedModel.digest(of: service, in: model)
                    && container.imageID == model["services"]?[service]?["image"]?.string
            }
    }

    /// The keys under which the two differ, none where they are not known; nil where they agree.
    private func differences(
        _ container: ListedContainer, _ service: PlannedService, _ set: ContainerSet
    ) async throws -> [String]? {
        let wanted = set.definition(of: service)
        let digest = container.labels[ResourceLabel.definition]
        if let digest, digest != wanted.digest {
            let made = try sharedModel.made(service.name, digest: digest)
            return made.flatMap { SharedModel.definition(of: service.name, in: $0) }
                .map { wanted.keys(differingFrom: $0) } ?? []
        }
        // The same name may have been pulled or built anew.
        let local = try await api.imageID(of: set.image(of: service))
        return local.map { $0 != container.imageID } ?? false ? ["image"] : nil
    }
}
