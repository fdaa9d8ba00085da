import BlueGreen
import HostSystem
import Nginx
import Orchestration

extension Wiring {
    static func router(
        _ app: AppContext, runner: any CommandRunner, clock: any WallClock,
        onArmed: @escaping @Sendable () -> Void
    ) throws -> NginxRouter {
        let configuration = app.configuration
        let exposed = configuration.services.filter { $0.value.port != nil }.keys.sorted()
        do {
            var settings = try NginxSettings(
                app: app.name, services: exposed,
                mode: configuration.trafficSwitch, place: place(app),
                rollout: rollout(configuration))
            settings.preview = try configuration.preview.map {
                try NginxSettings.Preview(listen: $0.address, service: $0.service)
            }
            settings.maintenance = NginxSettings.MaintenanceAnswer(
                healthPaths: configuration.healthPaths, page: app.file.maintenancePage)
            settings.trustedProxies = configuration.nginx.trustedProxies
            var router = NginxRouter(settings, runner: runner, clock: clock)
            router.onArmed = onArmed
            return router
        } catch {
            throw CommandsError.nginxSettings(reason: "\(error)")
        }
    }

    private static func place(_ app: AppContext) -> NginxSettings.Place {
        let nginx = app.configuration.nginx
        var place = NginxSettings.Place(directory: nginx.directory, config: nginx.config)
        if let binary = nginx.binary { place.binary = binary }
        if let status = nginx.status { place.statusAddress = status }
        place.container = nginx.container.map { name in
            NginxSettings.Container(
                name: name, networks: Colour.allCases.map { "\(app.name)-\($0)" })
        }
        return place
    }

    /// A rest without bake and canary costs no request anything.
    private static func rollout(_ configuration: AppConfiguration) -> NginxSettings.Rollout {
        NginxSettings.Rollout(
            isObserved: isObserved(configuration), steps: configuration.deployment.canary.steps,
            stickiness: configuration.stickiness)
    }

    /// Whether a deployment of this app is watched by what nginx writes down.
    static func isObserved(_ configuration: AppConfiguration) -> Bool {
        let deployment = configuration.deployment
        return deployment.bake.duration > .zero || !deployment.canary.steps.isEmpty
    }

    /// Where the status server listens unless `teal.yml` says otherwise.
    static var usualStatusAddress: String { NginxSettings.Place().statusAddress }

    /// For an app that has no `teal.yml` yet.
    static func nginxLines(for proposal: Proposal) throws -> NginxLines {
        let settings = try NginxSettings(
            app: proposal.app, services: [],
            place: NginxSettings.Place(directory: NginxAccess().directory))
        return NginxLines(
            http: settings.httpLine, server: settings.serverLine,
            locations: proposal.services.filter { $0.port != nil && $0.question == nil }.map {
                NginxLines.Location(service: $0.name, line: settings.locationLine($0.name))
            })
    }
}

/// The lines by which a user's nginx configuration reads what Teal generates.
struct NginxLines {
    struct Location {
        let service: String
        let line: String
    }

    /// Once per host, at http level.
    let http: String
    /// Once per server block of the app's site.
    let server: String
    /// One per exposed service, the entrance first; none for one that is undecided, of which there
    /// may never be a file.
    let locations: [Location]
}
