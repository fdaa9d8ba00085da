import HostSystem
package import Orchestration

extension ComposeProject {
    package var outline: ProjectOutline {
        let volumes = (model["volumes"]?.object ?? [:])
            .filter { $0.value["name"]?.string == "\(app)_\($0.key)" }
        return ProjectOutline(
            app: app,
            services: services.map { service in
                var outline = service.outline(kinds)
                outline.sourceMounts = sourceMounts(of: service)
                return outline
            }, warnings: warnings,
            volumes: volumes.keys.sorted(), problems: { problems($0) })
    }
}

extension ComposeService {
    /// Sockets and single files are no data, and so no reason for a role.
    fileprivate func outline(_ kinds: [String: FileKind]) -> ServiceOutline {
        var outline = ServiceOutline(name: name)
        // A build that could not be written as text would still be one.
        outline.build = model["build"].map { (try? $0.serialized()) ?? "" }
        outline.image = model["image"]?.string
        outline.imageBaseName = imageBaseName
        outline.dependencies = Set(dependencies.keys)
        outline.hasHealthCheck = hasHealthCheck
        let data = dataMounts(kinds)
        outline.mounts = mounts.filter { !writableMounts.contains($0) || data.contains($0) }
        outline.publishedPorts = publishedPorts
        outline.exposedPorts = exposedPorts
        outline.command = words("entrypoint") + words("command")
        outline.healthCommand = model["healthcheck"]?["test"].map(Self.words) ?? []
        outline.labels = texts("labels")
        outline.environment = texts("environment")
        outline.awaitedEnds = Set(
            dependencies.filter { $0.value == "service_completed_successfully" }.keys)
        outline.staysEnded = restart == "no" || restart?.hasPrefix("on-failure") == true
        outline.restart = restart
        outline.usesHostNetwork = networkMode == "host"
        outline.unnamedPlaces = anonymousPlaces
        outline.lenders = Set(borrowings.map(\.lender))
        outline.borrowsNetwork =
            ["service:", "container:"].contains { networkMode?.hasPrefix($0) == true }
        return outline
    }

    private func words(_ key: String) -> [String] { model[key].map(Self.words) ?? [] }

    private static func words(_ value: JSONValue) -> [String] {
        value.array?.compactMap(\.string) ?? value.string.map { [$0] } ?? []
    }

    private func texts(_ key: String) -> [String: String] {
        (model[key]?.object ?? [:]).compactMapValues(\.string)
    }
}
