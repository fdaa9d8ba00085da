import HostSystem

/// The compose files that Compose itself would read in a folder, where nobody names them.
struct UsualComposeFiles: Hashable, Sendable {
    /// Where the list comes from.
    enum Origin: Hashable, Sendable {
        /// The usual name, with its override file where there is one.
        case names
        /// COMPOSE_FILE, and where it is set.
        case variable(place: String)
    }

    /// Looked for in this order.
    static let names = [
        "compose.yaml", "compose.yml", "docker-compose.yaml", "docker-compose.yml",
    ]

    /// Absolute; empty where none is there.
    let paths: [String]
    let origin: Origin

    /// COMPOSE_FILE goes before the usual names, and the environment before the env files, of which
    /// `.env` is read where no other is named. https://docs.docker.com/compose/how-tos/environment-variables/envvars/
    init(
        in folder: String, environment: [String: String], environmentFiles: [String] = []
    ) {
        let files = environmentFiles.isEmpty ? ["\(folder)/.env"] : environmentFiles
        if let named = environment["COMPOSE_FILE"], !named.isEmpty {
            paths = Self.list(named, environment["COMPOSE_PATH_SEPARATOR"], in: folder)
            origin = .variable(place: "the environment")
            return
        }
        for file in files.reversed() {
            let variables = Self.variables(in: file)
            guard let named = variables["COMPOSE_FILE"], !named.isEmpty else { continue }
            let separator =
                environment["COMPOSE_PATH_SEPARATOR"] ?? variables["COMPOSE_PATH_SEPARATOR"]
            paths = Self.list(named, separator, in: folder)
            origin = .variable(place: file)
            return
        }
        origin = .names
        guard let first = Self.first(in: folder) else {
            paths = []
            return
        }
        paths = [first] + [Self.override(of: first)].compactMap(\.self)
    }

    /// The first of the usual names that is there.
    static func first(in folder: String) -> String? {
        names.map { ConfigurationFile.absolute($0, from: folder) }
            .first(where: FileSystem().exists)
    }

    /// One of these names in the nearest folder above that has one.
    static func above(_ folder: String, _ names: [String]) -> String? {
        var parts = folder.split(separator: "/")
        while !parts.isEmpty {
            parts.removeLast()
            let above = "/" + parts.joined(separator: "/")
            let found = names.map { ConfigurationFile.absolute($0, from: above) }
                .first(where: FileSystem().exists)
            if let found { return found }
        }
        return nil
    }

    /// The file that Compose reads beside one of a usual name.
    private static func override(of path: String) -> String? {
        let stem = path.prefix(upTo: path.lastIndex(of: ".") ?? path.endIndex)
        return ["yml", "yaml"].map { "\(stem).override.\($0)" }.first(where: FileSystem().exists)
    }

    private static func list(_ text: String, _ separator: String?, in folder: String) -> [String] {
        let mark = separator.flatMap { $0.isEmpty ? nil : $0 } ?? ":"
        return text.split(separator: mark).map {
            ConfigurationFile.absolute(String($0), from: folder)
        }
    }

    /// As far as the two variables need it: `NAME=value`, quotes taken off.
    private static func variables(in file: String) -> [String: String] {
        // A file that is not there, or cannot be read, names nothing; Compose tells about it.
        guard let text = try? FileSystem().readText(file) else { return [:] }
        var variables: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let plain = line.trimmingPrefix("export ")
            guard let sign = plain.firstIndex(of: "="), !plain.hasPrefix("#") else { continue }
            let name = plain[..<sign].filter { $0 != " " }
            var value = String(plain[plain.index(after: sign)...])
            while value.last == " " { value.removeLast() }
            while value.first == " " { value.removeFirst() }
            if let quote = value.first, quote == "\"" || quote == "'", value.count > 1,
                value.last == quote
            {
                value = String(value.dropFirst().dropLast())
            }
            variables[name] = value
        }
        return variables
    }
}
