import BlueGreen
import Yams

extension ConfigurationReader {
    static let appKeys = Keys(
        known: [
            "app", "compose", "env_files", "services", "start", "room", "switch", "drain", "keep",
            "disk", "nginx", "hooks", "notify", "bake", "canary", "promote", "promote_within",
            "preview", "maintenance",
        ],
        later: ["watch"])
    static let diskKeys = Keys(known: ["reserve"])
    static let nginxKeys = Keys(known: ["directory", "container", "config", "binary", "status"])

    /// Reads the whole file; nil only together with mistakes.
    mutating func app(_ root: Field) -> AppConfiguration? {
        guard let entries = entries(of: root, Self.appKeys, example: "app: shop") else {
            return nil
        }
        let app = appName(entries["app"], in: root)
        let services = services(entries["services"], in: root)
        let compose = paths(entries["compose"], example: "compose: compose.yml")
        let environment = paths(entries["env_files"], example: "env_files: [.env, shop.env]")
        let mode = word(
            entries["switch"], as: SwitchMode.self, example: "switch: live")
        let (canary, stickiness) = canary(entries["canary"], mode)
        let deployment = deployment(entries, canary)
        let disk = entries["disk"].flatMap {
            self.entries(of: $0, Self.diskKeys, example: "disk: {reserve: 1G}")
        }
        let reserve = size(disk?["reserve"], example: "disk: {reserve: 1G}")
        let nginx = nginx(entries["nginx"])
        let notify = notify(entries["notify"])
        let preview = preview(entries["preview"], services, status: nginx.status)
        let page = maintenancePage(entries["maintenance"])
        guard let app, let services, mistakes.isEmpty else { return nil }
        var configuration = AppConfiguration(
            app: app, services: services, composeFiles: compose ?? [],
            environmentFiles: environment ?? [], deployment: deployment,
            diskReserve: reserve ?? AppConfiguration.usualDiskReserve,
            trafficSwitch: mode ?? .live, nginx: nginx, notify: notify)
        configuration.stickiness = stickiness
        configuration.preview = preview
        configuration.maintenancePage = page
        return configuration
    }

    private mutating func appName(_ field: Field?, in root: Field) -> String? {
        guard let field else {
            note("the key \"app\" is missing: give the app a name, as in `app: shop`", at: root)
            return nil
        }
        return strictText(field, .appName, example: "app: shop")
    }

    private mutating func services(_ field: Field?, in root: Field) -> [String: ServiceSettings]? {
        let example = "services: {web: {port: 8080}}"
        guard let field else {
            note(
                "the key \"services\" is missing: name at least the service that takes requests, "
                    + "as in `\(example)`", at: root)
            return nil
        }
        guard let pairs = pairs(of: field, example: example) else { return nil }
        var services: [String: ServiceSettings] = [:]
        var hasPort = false
        for (name, value, keyNode) in pairs {
            let isExposed = names("port", in: value)
            hasPort = hasPort || isExposed
            let grammar = isExposed ? StrictGrammar.exposedName : .serviceName
            if !grammar.accepts(name) {
                note("\"\(name)\" is not \(grammar.name)", at: keyNode)
            }
            services[name] = service(value)
        }
        if !hasPort {
            note(
                "no service has a port: at least one must take requests, as in `\(example)`",
                at: field)
        }
        return services
    }

    /// Whether the key is there at all, be its value right or wrong.
    private func names(_ key: String, in field: Field) -> Bool {
        guard case .mapping(let mapping) = field.node else { return false }
        return mapping.keys.contains { $0.scalar?.string == key }
    }

    private mutating func paths(_ field: Field?, example: String) -> [String]? {
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

    private mutating func nginx(_ field: Field?) -> NginxAccess {
        let example = "nginx: {directory: /etc/nginx/teal}"
        var nginx = NginxAccess()
        guard let field, let entries = entries(of: field, Self.nginxKeys, example: example) else {
            return nginx
        }
        if let directory = strictText(
            entries["directory"], .absolutePath, example: "directory: /etc/nginx/teal")
        {
            nginx.directory = directory
        }
        nginx.container = strictText(
            entries["container"], .containerName, example: "container: proxy")
        nginx.config = strictText(
            entries["config"], .absolutePath, example: "config: /etc/nginx/nginx.conf")
        nginx.binary = strictText(
            entries["binary"], .absolutePath, example: "binary: /usr/sbin/nginx")
        nginx.status = strictText(entries["status"], .address, example: "status: 127.0.0.1:8099")
        if let binary = entries["binary"], entries["container"] != nil {
            note("nginx.binary has no meaning beside nginx.container: remove one", at: binary)
        }
        return nginx
    }
}
