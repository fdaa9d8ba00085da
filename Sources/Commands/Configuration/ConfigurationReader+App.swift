import BlueGreen
import Yams

extension ConfigurationReader {
    /// The keys of the file, in the order of the annotated one.
    static let fileSection = Section<AppConfiguration>(
        "", showing: ["app", "services"],
        [
            Key("app", "shop", \.app, .strict(.appName)),
            Key("compose", "compose.yml", \.composeFiles, .paths),
            Key("engine", "swarm", \.engine, .word),
            Key(edgesSection, \.edges),
            Key(swarmSection, \.swarm),
            Key(
                "registry", "registry.example:5000/shop", \.registry,
                Reading { $0.strictText($1, .registry, example: $2) }),
            Key("build", "never", \.build, .word),
            Key("env_files", "[.env, shop.env]", \.environmentFiles, .paths),
            Key(
                "services", "{web: {port: 8080}}", holding: serviceSection.allNames, \.services,
                Reading { $0.services($1, example: $2) }),
            Key(startSection, \.deployment).offered(.standard),
            Key("room", "refuse", \.deployment.room, .word).offered(.standard),
            Key("switch", "live", \.trafficSwitch, .word).offered(.standard),
            Key(bakeSection, \.deployment.bake).offered(.standard),
            Key(canarySection) { $0.canary($1, &$3) }.offered(.careful),
            Key("promote", "manual").offered(.careful),
            Key("promote_within", "1h").offered(.careful),
            Key(previewSection).offered(.careful),
            Key(maintenanceSection, \.self),
            Key("drain", "30s", \.deployment.drain, .duration()).offered(.standard),
            Key(keepSection, \.deployment).offered(.standard),
            Key(diskSection, \.self).offered(.standard),
            Key(hooksSection) { reader, field, _, settings in
                // `hooks:` and nothing more is as good as none.
                guard !reader.isEmpty(field) else { return }
                reader.read(field, hooksSection, into: &settings.deployment.hooks)
            },
            Key(
                "notify", "[\(notifySection.value)]", holding: notifySection.allNames, \.notify,
                Reading { reader, field, _ in reader.notify(field) }),
            Key(watchSection) { $0.watch($1, &$3) }.offered(.standard),
            Key(nginxSection) { $0.nginx($1, &$3.nginx) }.offered(.standard),
        ])

    private static let maintenanceSection = Section<AppConfiguration>(
        "maintenance", showing: ["page"],
        [Key("page", "maintenance.html", \.maintenancePage, .path)])

    private static let diskSection = Section<AppConfiguration>(
        "disk", showing: ["reserve"], examples: .inSection,
        [Key("reserve", "1G", \.diskReserve, .size())])

    /// Reads the whole file; nil only together with mistakes.
    mutating func app(_ root: Field) -> AppConfiguration? {
        var configuration = AppConfiguration(app: "", services: [:])
        // A candidate is watched unless `for: 0s` says otherwise.
        configuration.deployment.bake = Bake()
        guard let entries = read(root, Self.fileSection, into: &configuration) else { return nil }
        if entries["app"] == nil {
            note("the key \"app\" is missing: give the app a name, as in `app: shop`", at: root)
        }
        if entries["services"] == nil {
            note(
                "the key \"services\" is missing: name at least the service that takes requests, "
                    + "as in `services: {\(example())}`", at: root)
        }
        configuration.deployment.promotion = promotion(entries)
        judgeEngine(entries, &configuration)
        configuration.preview = entries["preview"].flatMap { preview($0, beside: configuration) }
        return mistakes.isEmpty ? configuration : nil
    }

    private mutating func services(
        _ field: Field, example: String
    ) -> [String: ServiceSettings]? {
        guard let pairs = pairs(of: field, example: example) else { return nil }
        guard pairs.count <= PlannedService.most else {
            note(
                "services has \(pairs.count) entries; an app has at most \(PlannedService.most)",
                at: field)
            return nil
        }
        var services: [String: ServiceSettings] = [:]
        var hasPort = false
        var isUndecided = false
        for (name, value, keyNode) in pairs {
            let isExposed = names("port", in: value)
            hasPort = hasPort || isExposed
            isUndecided = isUndecided || hasUndecidedRole(value)
            let grammar = isExposed ? StrictGrammar.exposedName : .serviceName
            if !grammar.accepts(name) {
                note("\"\(name)\" is not \(grammar.name)", at: keyNode)
            }
            services[name] = service(value)
        }
        // What is undecided may be what takes them.
        if !hasPort, !isUndecided {
            note(
                "no service has a port: at least one must take requests, as in "
                    + "`services: {\(self.example())}`",
                at: field)
        }
        return services
    }

    /// Whether the key is there at all, be its value right or wrong.
    private func names(_ key: String, in field: Field) -> Bool {
        guard case .mapping(let mapping) = field.node else { return false }
        return mapping.keys.contains { $0.scalar?.string == key }
    }

    mutating func paths(_ field: Field?, example: String) -> [String]? {
        guard let texts = texts(field, "a path or a list of paths", example: example) else {
            return nil
        }
        if let field { judgePaths(texts, at: field) }
        return texts
    }

    /// One path.
    mutating func path(_ field: Field?, example: String) -> String? {
        guard let field, let text = text(of: field, "a path", example: example) else { return nil }
        judgePaths([text], at: field)
        return text
    }

    private mutating func judgePaths(_ texts: [String], at field: Field) {
        if texts.contains(where: { $0.unicodeScalars.contains { $0.value < 0x20 } }) {
            note("\(field.path) holds a path with a control character", at: field)
        }
    }
}
