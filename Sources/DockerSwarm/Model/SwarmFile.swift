import BlueGreen
import DockerEngine

/// A config or a secret as a file of a container.
struct SwarmFile: Hashable, Sendable {
    let kind: SwarmObject.Kind
    /// In the compose file.
    let key: String
    /// nil for one that is made outside of Teal.
    let object: SwarmObject?
    /// In the swarm.
    let name: String
    let target: String
    let user: String
    let group: String
    let mode: Int

    private static let everyoneReads = 0o444

    fileprivate init(
        _ kind: SwarmObject.Kind, _ entry: JSONValue, key: String, _ object: SwarmObject?,
        name: String
    ) {
        self.kind = kind
        self.key = key
        self.object = object
        self.name = name
        let target = entry["target"]?.string ?? key
        self.target = target.hasPrefix("/") ? target : kind.folder + target
        user = entry["uid"]?.string ?? "0"
        group = entry["gid"]?.string ?? "0"
        // Newer versions of Compose write octal digits, older ones a number.
        mode =
            entry["mode"]?.string.flatMap { Int($0, radix: 8) } ?? entry["mode"]?.integer
            ?? Self.everyoneReads
    }

    func spec(id: String) -> JSONValue {
        [
            "\(kind.word)ID": .string(id), "\(kind.word)Name": .string(name),
            "File": [
                "Name": .string(target), "UID": .string(user), "GID": .string(group),
                "Mode": .integer(Int64(mode)),
            ],
        ]
    }
}

extension SwarmPlan {
    func entry(_ kind: SwarmObject.Kind, _ key: String) -> JSONValue {
        project.model[kind.section]?[key] ?? [:]
    }

    /// Those of the compose file that the services have and that are not made elsewhere, in order.
    func ownKeys(of services: [PlannedService]) -> [(kind: SwarmObject.Kind, key: String)] {
        let files = Set(services.flatMap(files))
        return SwarmObject.Kind.allCases.flatMap { kind in
            Set(files.filter { $0.kind == kind }.map(\.key)).sorted()
                .filter { entry(kind, $0)["external"]?.bool != true }.map { (kind, $0) }
        }
    }

    /// One of each object that the services have, in order.
    func objectFiles(of services: [PlannedService]) -> [SwarmFile] {
        let byName = Dictionary(grouping: services.flatMap(files)) { "\($0.kind) \($0.name)" }
        return byName.sorted { $0.key < $1.key }.compactMap(\.value.first)
    }

    /// The configs and secrets of a service; those that were not read yet have no name.
    func files(of service: PlannedService) -> [SwarmFile] {
        let model = model(of: service).model
        return SwarmObject.Kind.allCases.flatMap { kind in
            (model[kind.section]?.array ?? []).compactMap { use in
                use["source"]?.string.map { file(kind, $0, use) }
            }
        }
    }

    private func file(_ kind: SwarmObject.Kind, _ key: String, _ use: JSONValue) -> SwarmFile {
        let entry = entry(kind, key)
        if entry["external"]?.bool == true {
            return SwarmFile(kind, use, key: key, nil, name: entry["name"]?.string ?? key)
        }
        let object = objects.first { $0.kind == kind && $0.key == key }
        return SwarmFile(kind, use, key: key, object, name: object?.name(in: app) ?? "")
    }

    /// One sentence for each name that the swarm does not have.
    func objectNotices(of services: [PlannedService]) -> [String] {
        objectFiles(of: services).compactMap { file in
            guard file.object != nil, let name = entry(file.kind, file.key)["name"]?.string,
                name != "\(app)_\(file.key)"
            else { return nil }
            return "The \(file.kind.rawValue) \(file.key) has `name: \(name)`, which is not used: "
                + "each content has an object of its own in the swarm, now \(file.name)."
        }
    }
}
