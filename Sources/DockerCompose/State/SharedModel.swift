import BlueGreen
import DockerEngine
import HostSystem

/// The record of the shared services, in `STATE/shared/`: the compose model of them all as the
/// latest release has it, and of each one the model that its container was made by.
///
/// While a deployment that replaces one is not decided, what the replaced one was made by lies in
/// a folder of its release, so that it can come back.
struct SharedModel: Sendable {
    /// Where a model holds the definitions of its services; Compose ignores it.
    static let definitions = "x-teal-definitions"

    let folder: String
    private let files = FileSystem()

    init(in stateDirectory: String) {
        folder = "\(stateDirectory)/shared"
    }

    /// Of all shared services, as the latest release has them.
    var file: String { "\(folder)/shared.json" }

    private var replacedFolder: String { "\(folder)/replaced" }

    func madeFile(_ service: String) -> String { "\(folder)/made/\(service).json" }

    func replacedFile(_ service: String, by release: ReleaseID) -> String {
        "\(replacedFolder)/\(release)/\(service).json"
    }

    /// Files of shared services outlive the release that brought them, so these services get copies
    /// of their own.
    func write(_ model: JSONValue) throws {
        try files.makeFolder(folder, access: .ownerOnly)
        let copies = FileCopies(folder: folder, environment: [:])
        try write(copies.materialized(model), to: file)
    }

    /// nil where there is no such file.
    func read(_ path: String) throws -> JSONValue? {
        guard files.exists(path) else { return nil }
        do {
            return try JSONValue(parsing: files.readBytes(path))
        } catch let error as DecodingError {
            throw DockerError.badStoredFile(path: path, reason: "\(error)")
        }
    }

    /// To be called when the container of the service was made by this model.
    func recordMade(_ service: String, by model: JSONValue) throws {
        try files.makeFolder("\(folder)/made", access: .ownerOnly)
        try write(Self.part(of: model, service), to: madeFile(service))
    }

    /// The model that the container with this label was made by; nil where that was not recorded.
    func made(_ service: String, digest: String?) throws -> JSONValue? {
        guard let model = try read(madeFile(service)),
            Self.digest(of: service, in: model) == digest
        else { return nil }
        return model
    }

    /// Keeps what a service was made by before it is replaced. What is kept already stays, since
    /// a run that was interrupted may have replaced the service.
    ///
    /// - Parameter image: the id of the container's image.
    func keep(_ service: String, _ model: JSONValue, image: String, by release: ReleaseID) throws {
        let path = replacedFile(service, by: release)
        guard !files.exists(path) else { return }
        try files.makeFolder("\(replacedFolder)/\(release)", access: .ownerOnly)
        var model = model
        model["services"]?[service]?["image"] = .string(image)
        try write(model, to: path)
    }

    /// The services that a deployment of this release has replaced.
    func replaced(by release: ReleaseID) throws -> [String] {
        let folder = "\(replacedFolder)/\(release)"
        guard files.isFolder(folder) else { return [] }
        return try files.list(folder).filter { $0.hasSuffix(".json") && !$0.hasPrefix(".") }
            .map { String($0.dropLast(".json".count)) }
    }

    /// A service that was replaced stays replaced.
    ///
    /// - Parameter release: its own are kept.
    func forgetReplaced(but release: ReleaseID? = nil) throws {
        guard files.isFolder(replacedFolder) else { return }
        for name in try files.list(replacedFolder) where name != release?.text {
            try files.removeTree("\(replacedFolder)/\(name)")
        }
    }

    func forgetReplaced(_ service: String, by release: ReleaseID) throws {
        try files.removeTree(replacedFile(service, by: release))
    }

    static func digest(of service: String, in model: JSONValue) -> String? {
        model["services"]?[service]?["labels"]?[ResourceLabel.definition]?.string
    }

    static func definition(of service: String, in model: JSONValue) -> ServiceDefinition? {
        model[definitions]?[service].map(ServiceDefinition.init(json:))
    }

    private static func part(of model: JSONValue, _ service: String) -> JSONValue {
        var part = model
        for section in ["services", definitions] {
            part[section] = .object((model[section]?.object ?? [:]).filter { $0.key == service })
        }
        return part
    }

    private func write(_ model: JSONValue, to path: String) throws {
        try AtomicFile.write(model.serialized(), to: path, access: .ownerOnly)
    }
}
