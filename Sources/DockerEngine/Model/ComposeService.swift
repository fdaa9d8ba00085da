package import BlueGreen
package import Orchestration

/// One service of a resolved compose model, in its canonical form, as far as Teal reads it.
package struct ComposeService: Hashable, Sendable {
    package let name: String
    package let model: JSONValue

    package init(name: String, model: JSONValue) {
        self.name = name
        self.model = model
    }

    /// By name, the condition that the service waits for.
    package var dependencies: [String: String] {
        (model["depends_on"]?.object ?? [:]).mapValues {
            $0["condition"]?.string ?? "service_started"
        }
    }

    package var switchesHealthCheckOff: Bool {
        let check = model["healthcheck"]
        return check?["disable"]?.bool == true || check?["test"]?.array?.first?.string == "NONE"
    }

    package var replicas: Int? {
        model["scale"]?.integer ?? model["deploy"]?["replicas"]?.integer
    }

    /// A check of `test: NONE` switches the image's own off.
    package var hasHealthCheck: Bool {
        model["healthcheck"] != nil && !switchesHealthCheckOff
    }

    /// In Docker's words: `always`, `on-failure:3`; nil where the user set nothing.
    package var restart: String? {
        // Compose prefers it.
        guard let policy = model["deploy"]?["restart_policy"] else {
            return model["restart"]?.string
        }
        switch policy["condition"]?.string {
        case "none": return "no"
        case "on-failure":
            return policy["max_attempts"]?.integer.map { "on-failure:\($0)" } ?? "on-failure"
        case "any", nil: return "unless-stopped"
        case .some(let other): return other
        }
    }

    package var memoryLimit: ByteCount? {
        let limit = model["mem_limit"] ?? model["deploy"]?["resources"]?["limits"]?["memory"]
        let bytes = limit?.integer.map(Int64.init) ?? limit?.string.flatMap { Int64($0) }
        return bytes.flatMap { $0 > 0 ? ByteCount(bytes: $0) : nil }
    }

    package var stopGrace: Duration? {
        model["stop_grace_period"]?.string.flatMap(Duration.init(composeText:))
    }

    /// Anonymous volumes, which each container has for itself, are not among them.
    package var mounts: [ServiceOutline.Mount] {
        (model["volumes"]?.array ?? []).compactMap { mount in
            guard let type = mount["type"]?.string, let source = mount["source"]?.string,
                let target = mount["target"]?.string
            else { return nil }
            return ServiceOutline.Mount(
                type: type, source: source, target: target,
                isWritable: mount["read_only"]?.bool != true)
        }
    }

    package var publishedPorts: [ServiceOutline.PublishedPort] {
        (model["ports"]?.array ?? []).compactMap(ServiceOutline.PublishedPort.init)
    }

    /// The TCP ports of `expose:`, of which a range counts with its first.
    package var exposedPorts: [Int] {
        (model["expose"]?.array ?? []).compactMap { port in
            let text = port.string ?? port.integer.map(String.init) ?? ""
            return text.hasSuffix("/udp") ? nil : Int(text.prefix { $0.isASCII && $0.isNumber })
        }
    }

    /// The part of the image's name that says what it is: `postgres` of
    /// `registry.example/library/postgres:17`; nil for an image that is built without a name.
    package var imageBaseName: String? {
        model["image"]?.string.flatMap {
            ImageName($0).repository.split(separator: "/").last.map(String.init)
        }
    }

    package var networkMode: String? { model["network_mode"]?.string }
}
