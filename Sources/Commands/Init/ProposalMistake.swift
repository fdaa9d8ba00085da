/// Why `teal init` cannot say which service nginx is to reach.
package enum ProposalMistake: Error, Hashable, Sendable, CustomStringConvertible {
    case noCandidate(services: [String])
    case noPort(service: String)
    case unknownService(String, nearest: String?, known: [String])
    /// It would take the requests, and nginx's files cannot have its name.
    case unfitName(String)

    package var description: String {
        switch self {
        case .noCandidate(let services):
            "No service of the compose file tells a port (`ports:` or `expose:`) that nginx could "
                + "send requests to. Say which one takes them: "
                + "`teal init --service \(Self.likely(services)) --port 8080`. "
                + "The compose file has: \(services.joined(separator: ", "))."
        case .noPort(let service):
            "The compose file tells no port of \(service). Say which one it listens on: "
                + "`teal init --service \(service) --port 8080`."
        case .unknownService(let name, let nearest, let known):
            "The service \"\(name)\" is not in the compose file"
                + (nearest.map { ", did you mean \"\($0)\"?" } ?? ".")
                + " It has: \(known.joined(separator: ", "))."
        case .unfitName(let name):
            "nginx cannot reach the service \"\(name)\" by that name: it must be "
                + "\(StrictGrammar.exposedName.name). Rename it in the compose file, or name "
                + "another one with --service."
        }
    }

    private static func likely(_ services: [String]) -> String {
        let usual = ["web", "app", "site", "frontend", "gateway", "api"]
        return usual.first(where: services.contains) ?? services.first ?? "web"
    }
}
