import BlueGreen
import Orchestration

/// All that an app's generated files are made from.
struct Blueprint: Hashable, Sendable {
    let names: AppNames
    let mode: NginxSettings.Mode
    /// The app's folder, `/etc/nginx/teal/shop`.
    let folder: String
    /// The exposed services, each once: those of the settings, then those that only a release
    /// still has.
    let services: [NginxSettings.Service]
    let table: RoutingTable
    /// Where the symlink leads.
    let live: LinkState
    let environment: Environment
    /// The shares that a canary can have, ascending.
    var steps: [CanaryStep]
    let stickiness: NginxSettings.Stickiness
    /// Where nginx is told to write down what it answers.
    var log: LogPlacement
    let preview: NginxSettings.Preview?
    let maintenance: NginxSettings.MaintenanceAnswer

    /// What the running nginx asks of its files.
    struct Environment: Hashable, Sendable {
        let version: NginxVersion
        /// What the status server's `listen` says, `127.0.0.1:8127`.
        let listen: StatusAddress
        /// Who may ask it beside loopback: the bridge gateways of an nginx in a container.
        let gateways: [String]
        /// Where an `access_log` ends none of the user's.
        var log = LogPlacement.nowhere
    }

    init(
        settings: NginxSettings, table: RoutingTable, live: LinkState, environment: Environment,
        folder: String? = nil
    ) {
        names = AppNames(app: settings.app)
        mode = settings.mode
        self.folder = folder ?? "\(settings.directory)/\(settings.app)"
        self.table = table
        self.live = live
        self.environment = environment
        let known = Set(settings.services.map(\.name))
        let others = Set((table.blue + table.green).map(\.service)).subtracting(known)
        // A canary under way goes on, also where its step is no longer asked for.
        steps = Set(settings.rollout.steps.compactMap { CanaryStep($0) } + live.steps).sorted()
        stickiness = settings.rollout.stickiness
        log = settings.rollout.isObserved ? environment.log : .nowhere
        preview = settings.preview
        maintenance = settings.maintenance
        services = settings.services + others.sorted().map { NginxSettings.Service($0) }
    }

    /// The files' names within the folder, and their texts.
    var files: GeneratedFiles {
        var texts: [String: String] = [:]
        for state in states {
            for marker in state.markers + state.steps.flatMap(shareMarkers) {
                texts["\(state.name)/\(marker)"] =
                    heading("nginx looks whether this file is there.")
            }
            if mode == .reload {
                texts["\(state.name)/upstreams.conf"] = upstreamsFile(state)
            }
        }
        for service in services { texts["\(service.name).conf"] = locationFile(service) }
        texts["server.conf"] = serverFile
        texts["http.conf"] = httpFile(fingerprint: GeneratedFiles.noFingerprint)
        let fingerprint = GeneratedFiles(texts: texts).computedFingerprint
        texts["http.conf"] = httpFile(fingerprint: fingerprint)
        return GeneratedFiles(texts: texts)
    }

    /// All that the link can lead to. A watch under way keeps its folder, whatever becomes of its
    /// log.
    var states: [LinkState] {
        LinkState.all(steps: steps, isObserved: isObserved || live.stage == .watched)
    }

    /// Where requests go that no colour can answer. nginx reaches it on loopback even where it
    /// listens on every address.
    var placeholderEndpoint: String { "127.0.0.1:\(environment.listen.port)" }

    func heading(_ purpose: String) -> String {
        """
        # Written by Teal for the app \(names.app); changes are lost at its next deployment.
        # \(purpose)

        """
    }
}
