import BlueGreen

extension ConfigurationReader {
    static let serviceKeys = Keys(
        known: ["role", "port", "health", "replicas", "volumes", "stop_grace", "memory"])

    /// One entry of `services`; one without a value mentions the service and nothing more.
    mutating func service(_ field: Field) -> ServiceSettings {
        var settings = ServiceSettings()
        guard !isEmpty(field),
            let entries = entries(of: field, Self.serviceKeys, example: "web: {port: 8080}")
        else { return settings }
        settings.port = integer(entries["port"], in: 1...65_535, "a port", example: "port: 8080")
        settings.role = role(entries)
        settings.healthCheck = entries["health"].flatMap {
            health($0, servicePort: settings.port, hasPort: entries["port"] != nil)
        }
        settings.replicas = integer(
            entries["replicas"], in: 1...64, "a number", example: "replicas: 2")
        if let volumes = word(
            entries["volumes"], as: VolumeWord.self, example: "volumes: shared")
        {
            settings.volumes =
                switch volumes {
                case .exclusive: .exclusive
                case .shared: .shared
                }
        }
        settings.memory = size(
            entries["memory"], atLeast: .mebibytes(1), example: "memory: 128M")
        settings.stopGrace = duration(entries["stop_grace"], example: "stop_grace: 10s")
        return settings
    }

    private enum VolumeWord: String, CaseIterable {
        case exclusive
        case shared
    }

    /// What has a port is exposed, so the two must agree.
    private mutating func role(_ entries: [String: Field]) -> ServiceRole? {
        let role = word(
            entries["role"], as: ServiceRole.self, example: "role: shared")
        guard let role, let field = entries["role"] else {
            return entries["port"] == nil ? nil : .exposed
        }
        switch role {
        case .exposed where entries["port"] == nil:
            note("\(field.path): an exposed service needs its port, as in `port: 8080`", at: field)
        case .internal where entries["port"] != nil, .shared where entries["port"] != nil,
            .singleton where entries["port"] != nil:
            note(
                "\(field.path): a port makes a service exposed; remove the port or the role "
                    + "(to probe a port, write it inside health)", at: field)
        case .exposed, .internal, .shared, .singleton:
            break
        }
        return role
    }
}
