package import BlueGreen
package import DockerEngine

/// One release of an app as values: what its compose models are made of.
package struct ContainerSet: Hashable, Sendable {
    package let project: ComposeProject
    package let settings: [String: ServiceSettings]
    package let release: ReleaseID
    /// In start order.
    package let services: [PlannedService]

    /// - Parameter services: the project's, as `ComposeProject.plan` has made them of the settings.
    init(
        project: ComposeProject, settings: [String: ServiceSettings], release: ReleaseID,
        services: [PlannedService]
    ) {
        self.project = project
        self.settings = settings
        self.release = release
        self.services = services
    }

    /// A set that was accepted on its day. Teal may have learned to refuse it since, and one can
    /// go back to it all the same.
    init(
        recorded project: ComposeProject, settings: [String: ServiceSettings], release: ReleaseID
    ) {
        self.init(
            project: project, settings: settings, release: release,
            services: project.services(settings))
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
