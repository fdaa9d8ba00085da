import BlueGreen
import Orchestration

extension GeneratedFiles {
    /// These files as they must be while the link names this colour, or none: only `server.conf`
    /// knows the difference, and with it the fingerprint.
    func adapted(to live: Colour?, settings: NginxSettings) throws -> GeneratedFiles {
        guard let http = texts["http.conf"], let old = answer(routingTo: live)?.fingerprint else {
            return self
        }
        let blueprint = Blueprint(
            settings: try NginxSettings(
                app: settings.app, services: services.map { NginxSettings.Service($0) },
                mode: mode,
                place: NginxSettings.Place(directory: settings.directory)),
            table: RoutingTable(blue: [], green: []), live: live,
            environment: Blueprint.Environment(
                version: .oldestSupported, listen: settings.status, gateways: []))
        guard texts["server.conf"] != blueprint.serverFile else { return self }
        var adapted = texts
        adapted["server.conf"] = blueprint.serverFile
        adapted["http.conf"] = http.replacing(
            "fingerprint \(old)", with: "fingerprint \(Self.noFingerprint)")
        let new = GeneratedFiles(texts: adapted).computedFingerprint
        adapted["http.conf"] = http.replacing("fingerprint \(old)", with: "fingerprint \(new)")
        return GeneratedFiles(texts: adapted)
    }

    /// Whether their status server listens where it is asked, and answers whoever asks.
    func fits(_ environment: Blueprint.Environment) -> Bool {
        guard let http = texts["http.conf"] else { return false }
        return http.contains("    listen \(environment.listen);\n")
            && environment.gateways.allSatisfy { http.contains("    \($0) open;\n") }
    }
}
