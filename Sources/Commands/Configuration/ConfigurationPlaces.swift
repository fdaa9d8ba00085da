/// Where the values of a `teal.yml` stand, for mistakes that show only beside other files.
struct ConfigurationPlaces: Sendable {
    struct Place: Hashable, Sendable {
        let line: Int
        let column: Int
    }

    /// As the user would name it, `teal.yml`.
    private let file: String
    /// By path, `services.web.port`, `env_files[1]`.
    private var places: [String: Place] = [:]

    init(file: String = "teal.yml") {
        self.file = file
    }

    subscript(path: String) -> Place? {
        get { places[path] }
        set { places[path] = newValue }
    }

    /// - Parameter path: where it is not in the file, the place of what it would stand in.
    func mistake(_ text: String, at path: String) -> ConfigurationMistake {
        let place = place(of: path)
        return ConfigurationMistake(
            file: file, line: place.line, column: place.column, text: text)
    }

    /// `teal.yml:7:5`
    func name(of path: String) -> String {
        let place = place(of: path)
        return "\(file):\(place.line):\(place.column)"
    }

    private func place(of path: String) -> Place {
        var path = path
        while places[path] == nil, let end = path.lastIndex(where: { ".[".contains($0) }) {
            path = String(path[..<end])
        }
        return places[path] ?? Place(line: 1, column: 1)
    }
}

/// The same settings written elsewhere in the file are the same settings.
extension ConfigurationPlaces: Hashable {
    static func == (_: ConfigurationPlaces, _: ConfigurationPlaces) -> Bool { true }

    func hash(into _: inout Hasher) {}
}
