import BlueGreen
import Orchestration

/// All that an app's generated files are made from, and nothing else: equal files are of equal
/// blueprints.
struct Blueprint: Hashable, Codable, Sendable {
    let app: String
    let mode: SwitchMode
    let paths: AppPaths
    /// The exposed services, each once: those of the settings, then those that only a release
    /// still has.
    let services: [String]
    /// Without routes that lead nowhere, by service.
    let table: RoutingTable
    /// Whether the link names a colour, and so has a say.
    private(set) var isServing: Bool
    /// The shares that a canary can have, ascending.
    let steps: [CanaryStep]
    let stickiness: Stickiness
    /// Where nginx is told to write down what it answers.
    let log: LogPlacement
    /// Whether the link can lead to a watched colour.
    let hasWatchedStates: Bool
    let preview: NginxSettings.Preview?
    /// Regular expressions for the paths that are answered as before in maintenance.
    let healthPatterns: [String]
    /// The address in the status server's `listen`.
    let listen: StatusAddress
    /// The addresses that may ask it beside loopback.
    let gateways: [String]
    let knowsKeepaliveMinTimeout: Bool
    let proxies: TrustedProxies?
    /// Whether nginx was built with `limit_req` and `limit_conn`.
    let knowsLimits: Bool
    /// Milliseconds; nil for the usual time.
    let connectTime: Int64?

    /// The demands of the running nginx on its files.
    struct Environment: Hashable, Sendable {
        let version: NginxVersion
        /// The address in the status server's `listen`, `127.0.0.1:8127`.
        let listen: StatusAddress
        /// The bridge gateways of an nginx in a container, which may ask it beside loopback.
        let gateways: [String]
        /// Where an `access_log` ends none of the user's.
        var log = LogPlacement.nowhere
        var hasRealIP = false
        /// Whether nginx was built with `limit_req` and `limit_conn`.
        var knowsLimits = true
    }

    /// - Parameter live: where the link leads.
    init(
        settings: NginxSettings, table: RoutingTable, live: LinkState, environment: Environment
    ) {
        app = settings.app
        mode = settings.mode
        paths = AppPaths(settings)
        self.table = table.withoutEmptyRoutes
        isServing = live.colour != nil
        let known = Set(settings.services)
        let others = Set((table.blue + table.green).map(\.service)).subtracting(known)
        services = settings.services + others.sorted()
        // A canary under way goes on, also where its step is no longer asked for.
        steps = Set(settings.rollout.steps.compactMap { CanaryStep($0) } + live.steps).sorted()
        stickiness = steps.isEmpty ? .client : settings.rollout.stickiness
        log = settings.rollout.isObserved ? environment.log : .nowhere
        // A watch under way keeps its folder, whatever becomes of its log.
        hasWatchedStates = log != .nowhere || live.stage == .watched
        preview = settings.preview
        healthPatterns = Set(settings.maintenance.healthPaths).sorted().map(\.pattern)
        listen = environment.listen
        gateways = environment.gateways
        knowsKeepaliveMinTimeout = environment.version.knowsKeepaliveMinTimeout
        proxies = TrustedProxies(settings.trustedProxies, hasRealIP: environment.hasRealIP)
        knowsLimits = environment.knowsLimits
        connectTime = settings.connectTimeout?.wholeMilliseconds
    }

    var names: AppNames { AppNames(app: app) }

    /// The same while the link leads there: only `server.conf` knows a colour from none, and with
    /// it the fingerprint.
    func with(_ live: LinkState) -> Blueprint {
        var other = self
        other.isServing = live.colour != nil
        return other
    }

    /// Whether files of this do until the next arming: Teal can ask their status server, and they
    /// know all that the link may say before.
    func suffices(for wanted: Blueprint) -> Bool {
        listen == wanted.listen && Set(gateways).isSuperset(of: wanted.gateways)
            && steps == wanted.steps && log == wanted.log
            && Set(services).isSuperset(of: wanted.services)
    }

    /// The files' names within the folder, and their texts.
    var files: GeneratedFiles {
        get throws {
            var texts: [String: String] = [:]
            for state in states {
                for name in names(in: state) {
                    texts[state.path(of: name)] =
                        name == AppPaths.groupsName
                        ? upstreamsFile(state) : heading("nginx looks whether this file is there.")
                }
            }
            for service in services {
                texts[AppPaths.snippetName(of: service)] = locationFile(service)
            }
            texts[AppPaths.serverName] = serverFile
            // A file cannot hold its own fingerprint, so it is taken with a dash in its place.
            texts[AppPaths.httpName] = try httpFile(Manifest(fingerprint: "-", blueprint: self))
            let manifest = Manifest(
                fingerprint: GeneratedFiles.fingerprint(of: texts), blueprint: self)
            texts[AppPaths.httpName] = try httpFile(manifest)
            return GeneratedFiles(texts: texts, manifest: manifest)
        }
    }

    /// The files of a state's folder, the colour's marker first.
    func names(in state: LinkState) -> [String] {
        state.markers + state.steps.flatMap(shareMarkers)
            + (mode == .reload ? [AppPaths.groupsName] : [])
    }

    /// All that the link can lead to.
    var states: [LinkState] {
        LinkState.all(steps: steps, isObserved: hasWatchedStates)
    }

    /// Where requests go that no colour can answer. nginx reaches it on loopback even where it
    /// listens on every address.
    var placeholderEndpoint: String { "127.0.0.1:\(listen.port)" }

    /// Every generated file begins with it.
    static let mark = "# Written by Teal "

    func heading(_ purpose: String) -> String {
        """
        \(Self.mark)for the app \(app); changes are lost at its next deployment.
        # \(purpose)

        """
    }
}

extension Blueprint {
    /// Says what the short forms of long names stand for.
    var shortNames: String {
        let stem = names.hasShortStem ? ["$_\(names.stem)_... is of the app \(app)"] : []
        let others = services.filter(names.hasShortVariable).map {
            "$\(names.variable(of: $0)) is of the service \($0)"
        }
        return (stem + others).map { "# \($0), whose whole name nginx does not take.\n" }
            .joined()
    }
}

extension RoutingTable {
    fileprivate var withoutEmptyRoutes: RoutingTable {
        RoutingTable(blue: Self.sorted(blue), green: Self.sorted(green))
    }

    private static func sorted(_ routes: [Route]) -> [Route] {
        routes.filter { !$0.endpoints.isEmpty }.sorted { $0.service < $1.service }
    }
}
