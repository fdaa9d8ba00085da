package import BlueGreen

/// One release of an app as values: what its compose models are made of.
package struct ContainerSet: Hashable, Sendable {
    package let project: ComposeProject
    package let settings: [String: ServiceSettings]
    package let release: ReleaseID
    /// In start order.
    package let services: [PlannedService]

    /// - Throws: `DockerComposeError.refused`, as `ComposeProject.plan` does.
    package init(
        project: ComposeProject, settings: [String: ServiceSettings], release: ReleaseID
    ) throws {
        _ = try project.plan(settings)
        self.init(recorded: project, settings: settings, release: release)
    }

    /// One that was accepted on its day. What Teal has learned to refuse since does not keep
    /// anybody from going back to it.
    init(recorded project: ComposeProject, settings: [String: ServiceSettings], release: ReleaseID)
    {
        self.project = project
        self.settings = settings
        self.release = release
        services = project.services(settings)
    }

    var app: String { project.app }

    var coloured: [PlannedService] { services.filter { $0.role != .shared } }

    var shared: [PlannedService] { services.filter { $0.role == .shared } }

    func model(of service: PlannedService) -> JSONValue {
        project.model["services"]?[service.name] ?? [:]
    }

    /// The name of the image that the compose file means; Compose names built ones so.
    func image(of service: PlannedService) -> String {
        model(of: service)["image"]?.string ?? "\(app)-\(service.name)"
    }

    func isBuilt(_ service: PlannedService) -> Bool {
        model(of: service)["build"] != nil
    }

    /// The image under the name that only this release has.
    func pinnedImage(of service: PlannedService) -> String {
        ResourceNames.image(app, service.name, release)
    }

    func grace(of service: PlannedService) -> Duration {
        settings[service.name]?.stopGrace
            ?? ComposeService(name: service.name, model: model(of: service)).stopGrace
            ?? .seconds(10)
    }
}
