import BlueGreen

extension ConfigurationReader {
    static let serviceSection = Section<ServiceSettings>(
        "web", showing: ["port"],
        [
            Key("role", "shared", \.role, .role),
            Key("port", "8080", \.port, .integer(1...65_535, "a port")),
            Key(healthSection),
            Key("replicas", "2", \.replicas, .integer(1...PlannedService.mostReplicas)),
            Key("volumes", "shared", \.volumes, .volumeUse),
            Key("unpublished", "[443, 9229]", \.unpublished, .ports),
            Key("publish", "none", \.publish, .word),
            Key("stop_grace", "10s", \.stopGrace, .duration()),
            Key("memory", "128M", \.memory, .size(atLeast: .mebibytes(1))),
            Key("watch", "restart", \.watch, .word),
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

extension ConfigurationReader.Reading<ServiceSettings.VolumeUse> {
    /// `shared`, or a list of such words.
    fileprivate static var volumeUse: Self {
        Self { reader, field, example in
            let words = ServiceSettings.VolumeUse.words
            let what = "one of " + words.map(\.0).joined(separator: ", ") + ", or a list of them"
            guard let texts = reader.texts(field, what, example: example) else { return nil }
            let uses = texts.map { text in words.first { $0.0 == text }?.1 }
            let isDenied = texts.count > 1 && texts.contains("exclusive")
            guard !uses.contains(nil), !isDenied else {
                reader.expected(what, example: example, at: field)
                return nil
            }
            return ServiceSettings.VolumeUse(uses.compactMap(\.self))
        }
    }
}

extension ConfigurationReader.Reading<[ClosedRange<Int>]> {
    /// `443`, `8000-8010`, or a list of both.
    fileprivate static var ports: Self {
        Self { reader, field, example in
            let what = "ports from 1 to 65535, or ranges of them"
            guard let texts = reader.texts(field, what, example: example) else { return nil }
            let ranges = texts.map(portRange)
            guard !ranges.contains(nil) else {
                reader.expected(what, example: example, at: field)
                return nil
            }
            return ranges.compactMap(\.self)
        }
    }

    private static func portRange(_ text: String) -> ClosedRange<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            part.utf8.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard (1...2).contains(parts.count), isPlain, let low = Int(parts[0]),
            let high = Int(parts[parts.count - 1]), low >= 1, high <= 65_535, low <= high
        else { return nil }
        return low...high
    }
}
