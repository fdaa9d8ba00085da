import BlueGreen

extension ConfigurationReader {
    static let serviceSection = Section<ServiceSettings>(
        "web", showing: ["port"],
        [
            Key("role", "shared", \.role, .role),
            Key("port", "8080", \.port, .integer(1...65_535, "a port")),
            Key(healthSection),
            Key("replicas", "2", \.replicas, .integer(1...PlannedService.mostReplicas)),
            Key("volumes", "shared", \.volumes, .word),
            Key("stop_grace", "10s", \.stopGrace, .duration()),
            Key("memory", "128M", \.memory, .size(atLeast: .mebibytes(1))),
        ])

    /// One entry of `services`; one without a value mentions the service and nothing more.
    mutating func service(_ field: Field) -> ServiceSettings {
        var settings = ServiceSettings()
        guard !isEmpty(field), let entries = read(field, Self.serviceSection, into: &settings)
        else {
            return settings
        }
        settings.healthCheck = entries["health"].flatMap {
            health($0, servicePort: settings.port, hasPort: entries["port"] != nil)
        }
        settings.role = role(settings.role, entries)
        return settings
    }

    /// A service with a port is exposed, so the two must agree.
    private mutating func role(
        _ role: ServiceRole?, _ entries: [String: Field]
    ) -> ServiceRole? {
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
