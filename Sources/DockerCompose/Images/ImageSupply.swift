import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// Brings a release's images to this host and gives each the name that only this release has, so
/// that neither a moved tag nor a plain prune takes away what a rollback needs.
struct ImageSupply: Sendable {
    let set: ContainerSet
    let folder: ReleaseFolder
    let settings: ComposeEngine.Settings

    private var api: EngineAPI { settings.api }

    /// One after the other: a small host has neither memory nor line for more.
    ///
    /// - Parameter existing: image ids of shared services that have a container, by name; those
    ///   services are left alone, and so are their images.
    /// - Returns: by what way each image came, and which it is.
    /// - Throws: `DockerError.diskFull` where too little would stay free; then what was
    ///   fetched is given up again.
    func provide(existing: [String: String]) async throws -> ImageReport {
        var supplied: [SuppliedImage] = []
        var report = ImageReport()
        do {
            for service in set.services {
                let count = supplied.count
                guard let image = try await supply(service, existing[service.name], &supplied)
                else { continue }
                try await api.tagImage(
                    image, repository: ResourceNames.imageRepository(set.app, service.name),
                    tag: set.release.text)
                let new = supplied.count > count ? supplied.last : nil
                if existing[service.name] == nil {
                    report.add(service, image, new, isBuildable: set.isBuilt(service))
                }
            }
            return report
        } catch DockerError.diskFull(let shortage) {
            for service in set.services { try await api.untagImage(set.pinnedImage(of: service)) }
            for image in supplied.reversed() { try await giveUp(image) }
            throw DockerError.diskFull(shortage)
        }
    }

    /// A rollback takes nothing but what the release had.
    func verify() async throws {
        for service in set.coloured {
            let image = set.pinnedImage(of: service)
            guard try await api.imageID(of: image) != nil else {
                throw DockerError.imageGone(
                    service: service.name, release: set.release, image: image)
            }
        }
    }

    /// The forecast of `provide` for the service, from a look that changes nothing.
    func foreseen(_ service: PlannedService, existing: String?) async throws -> ImageForecast {
        let name = set.image(of: service)
        func forecast(_ supply: ImageForecast.Supply, _ command: ComposeCommand? = nil)
            -> ImageForecast
        {
            ImageForecast(
                service: service.name, image: name, supply: supply,
                command: command?.text)
        }
        if existing != nil { return forecast(.ofContainer) }
        let isHere = try await api.imageID(of: name) != nil
        if isHere, !needsWork(service, isNew: true) { return forecast(.here) }
        let file = folder.modelFile
        if isBuilt(service), renewal(of: service, isHere: isHere) == .build {
            return forecast(.build, .build(service.name, project: set.app, file: file))
        }
        if policy(of: service) == .never { return forecast(.missing) }
        return forecast(.pull, .pull(service.name, project: set.app, file: file))
    }

    /// The image's id; nil where the release has it already.
    private func supply(
        _ service: PlannedService, _ existing: String?, _ supplied: inout [SuppliedImage]
    ) async throws -> String? {
        if try await api.imageID(of: set.pinnedImage(of: service)) != nil { return nil }
        if let existing { return existing }
        let name = set.image(of: service)
        let before = try await api.imageID(of: name)
        let isNew = !supplied.contains { $0.name == name }
        if let before, !needsWork(service, isNew: isNew) { return before }
        guard isBuilt(service) || policy(of: service) != .never else {
            throw DockerError.imageNotPulled(
                image: name, service: service.name,
                text: "it is not on this host, and pulling is switched off")
        }
        let reserve = try await DiskReserve.find(settings)
        try reserve?.checkBefore(service.name, need: try await expectedSize(of: service))
        let (id, isBuilt) = try await fetched(service, isHere: before != nil)
        supplied.append(SuppliedImage(name: name, before: before, id: id, isBuilt: isBuilt))
        if id != before { try reserve?.checkAfter(service.name) }
        return id
    }

    /// Whether an image that is there is to be fetched or built all the same.
    private func needsWork(_ service: PlannedService, isNew: Bool) -> Bool {
        if isBuilt(service) { return renewal(of: service, isHere: true) != .none }
        switch policy(of: service) {
        case .always: return isNew
        case .missing, .never: return false
        }
    }

    /// Only of a service that is built.
    private func renewal(of service: PlannedService, isHere: Bool) -> ImageRenewal {
        ImageRenewal(
            isHere: isHere, policy: buildPolicy, own: ownPolicy(of: service),
            isAsked: settings.choices.build == .always)
    }

    private func ownPolicy(of service: PlannedService) -> OwnPullPolicy? {
        OwnPullPolicy(set.model(of: service)["pull_policy"]?.string)
    }

    private var buildPolicy: BuildPolicy { settings.choices.build ?? settings.build }

    private func isBuilt(_ service: PlannedService) -> Bool {
        set.isBuilt(service) && buildPolicy != .never
    }

    /// As large as the image of the same service in the latest release that has one.
    private func expectedSize(of service: PlannedService) async throws -> ByteCount {
        let repository = ResourceNames.imageRepository(set.app, service.name)
        let releases = try await api.imageNames(matching: repository)
            .compactMap { ImageName($0).tag.flatMap { ReleaseID($0) } }
        guard let latest = releases.max(),
            let image = try await api.inspectImage("\(repository):\(latest)")
        else { return .zero }
        return image.size
    }

    private func fetched(
        _ service: PlannedService, isHere: Bool
    ) async throws -> (id: String, isBuilt: Bool) {
        guard isBuilt(service) else { return (try await pulled(service), false) }
        if renewal(of: service, isHere: isHere) == .pullOrBuild {
            do {
                return (try await pulled(service), false)
            } catch DockerError.imageNotPulled(let image, _, let text) {
                settings.reporter.report(
                    .note("\(image) could not be pulled, so it is built. \(text)"))
            }
        }
        return (try await built(service), true)
    }

    private func built(_ service: PlannedService) async throws -> String {
        let image = set.image(of: service)
        let result = try await run(
            .build(service.name, project: set.app, file: folder.modelFile))
        guard result.succeeded else {
            throw DockerError.imageNotBuilt(service: service.name, text: result.complaint)
        }
        guard let id = try await api.imageID(of: image) else {
            throw DockerError.imageNotBuilt(
                service: service.name, text: "the build left no image \(image).")
        }
        return id
    }

    private func pulled(_ service: PlannedService) async throws -> String {
        let image = set.image(of: service)
        let result = try await run(.pull(service.name, project: set.app, file: folder.modelFile))
        guard result.succeeded, let id = try await api.imageID(of: image) else {
            throw DockerError.imageNotPulled(
                image: image, service: service.name, text: result.complaint(lines: 1))
        }
        return id
    }

    /// The caller's wish, else that of the compose file.
    private func policy(of service: PlannedService) -> PullPolicy {
        if let asked = settings.choices.pull { return asked }
        switch ownPolicy(of: service) {
        case .always: return .always
        case .never: return .never
        // Where builds are off, one that asks for a build is fetched as any other.
        case .missing, .build, nil: return .missing
        }
    }

    /// The name means again what it meant before, and the image goes where nobody else has it.
    private func giveUp(_ image: SuppliedImage) async throws {
        guard image.id != image.before else { return }
        guard let before = image.before else { return try await api.untagImage(image.name) }
        let name = ImageName(image.name)
        guard let tag = name.tag else { return }
        try await api.tagImage(before, repository: name.repository, tag: tag)
        guard try await api.inspectImage(image.id)?.names?.isEmpty ?? false else { return }
        try await api.untagImage(image.id)
    }

    private func run(_ command: ComposeCommand) async throws -> CommandResult {
        let reporter = settings.reporter
        return try await settings.run(command, onLine: { reporter.report(.output($0)) })
    }
}

/// An image that a pull or a build has brought.
private struct SuppliedImage: Sendable {
    let name: String
    /// The id of what had the name before.
    let before: String?
    let id: String
    let isBuilt: Bool
}

/// How the images of a release came, in a line, and which they are.
struct ImageReport: Sendable {
    /// By service. Those of shared services that keep their containers are not among them.
    private(set) var ids: [String: String] = [:]
    private var ways: [String] = []

    /// nil where there is nothing to tell: every image was here, and none could have been built.
    var line: String? {
        ways.isEmpty ? nil : "Images: " + ways.joined(separator: ", ") + "."
    }

    fileprivate mutating func add(
        _ service: PlannedService, _ id: String, _ new: SuppliedImage?, isBuildable: Bool
    ) {
        ids[service.name] = id
        guard let new else {
            // Its code may have changed.
            if isBuildable { ways.append("\(service.name) not built, the image that is here") }
            return
        }
        let isSame = new.before == new.id ? ", the same as before" : ""
        ways.append("\(service.name) \(new.isBuilt ? "built" : "pulled")\(isSame)")
    }
}
