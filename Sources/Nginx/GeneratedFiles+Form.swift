import BlueGreen
import Orchestration

extension GeneratedFiles {
    /// These files as they must be while the link leads there: only `server.conf` knows a colour
    /// from none, and with it the fingerprint.
    func adapted(to live: LinkState, settings: NginxSettings) throws -> GeneratedFiles {
        guard let http = texts["http.conf"], let old = answer(routingTo: live)?.fingerprint else {
            return self
        }
        var blueprint = Blueprint(
            settings: try NginxSettings(
                app: settings.app, services: services.map { NginxSettings.Service($0) },
                mode: mode,
                place: NginxSettings.Place(directory: settings.directory)),
            table: RoutingTable(blue: [], green: []), live: live,
            environment: Blueprint.Environment(
                version: .oldestSupported, listen: settings.status, gateways: []))
        blueprint.steps = steps
        blueprint.log = log
        guard texts["server.conf"] != blueprint.serverFile else { return self }
        var adapted = texts
        adapted["server.conf"] = blueprint.serverFile
        adapted["http.conf"] = http.replacing(
            "fingerprint \(old)", with: "fingerprint \(Self.noFingerprint)")
        let new = GeneratedFiles(texts: adapted).computedFingerprint
        adapted["http.conf"] = http.replacing("fingerprint \(old)", with: "fingerprint \(new)")
        return GeneratedFiles(texts: adapted)
    }

    private var steps: [CanaryStep] { Set(states.flatMap(\.steps)).sorted() }

    /// Whether their status server listens where it is asked, and answers whoever asks; and
    /// whether they know all that the link may say before others are written.
    func fits(_ wanted: Blueprint) -> Bool {
        guard let http = texts["http.conf"] else { return false }
        let environment = wanted.environment
        return http.contains("    listen \(environment.listen);\n")
            && environment.gateways.allSatisfy { http.contains("    \($0) open;\n") }
            && states.contains(LinkState(nil, isInMaintenance: true))
            && steps == wanted.steps && log == wanted.log
    }
}
