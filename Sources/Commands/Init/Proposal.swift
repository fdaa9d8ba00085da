import Orchestration

/// A `teal.yml` for a compose project that has none yet. Pure.
struct Proposal: Hashable, Sendable {
    /// The choices of the user on the command line.
    struct Wish: Hashable, Sendable {
        var service: String?
        var port: Int?
    }

    let app: String
    /// As `teal.yml` is to name them; empty where it finds them by itself.
    let composeFiles: [String]
    /// The exposed one first, the others in alphabetical order.
    let services: [ProposedService]

    /// - Throws: `CommandsError.notProposed` if no service is known that nginx is to reach.
    init(
        _ project: ProjectOutline, _ wish: Wish, composeFiles: [String]
    ) throws(CommandsError) {
        app = project.app
        self.composeFiles = composeFiles
        let exposed: ExposedService
        do throws(ProposalMistake) {
            exposed = try ExposedService(project.services, wish)
        } catch {
            throw .notProposed(error)
        }
        services = RoleProposal(project.services, exposed).services
    }

    /// The services that could take the requests as well as the one that does.
    var otherExposed: [ProposedService] { services.filter { $0.otherPort != nil } }
}

/// Why `teal init` cannot say which service nginx is to reach.
enum ProposalMistake: Error, Hashable, Sendable, CustomStringConvertible {
    case noCandidate(services: [String])
    case noPort(service: String)
    case unknownService(String, nearest: String?, known: [String])
    /// It would take the requests, and nginx's files cannot have its name.
    case unfitName(String)

    var description: String {
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

/// An app's name, made out of what the user called the project.
struct ProposedName: Hashable, Sendable {
    /// The name that Compose gives to the project, and to its volumes.
    let project: String
    /// The same, made to fit the grammar of an app's name.
    let app: String

    /// - Parameter text: the compose file's `name:`, else the name of its folder.
    init(_ text: String) {
        project = Self.projectName(text)
        app = Self.appName(project)
    }

    /// As Compose makes a project's name of a folder's.
    private static func projectName(_ text: String) -> String {
        let kept = text.lowercased().filter {
            $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
        }
        return String(kept.drop { $0 == "-" || $0 == "_" })
    }

    private static func appName(_ project: String) -> String {
        let plain = project.replacing("_", with: "-")
        let begun = plain.first.map { $0.isLetter ? plain : "app-" + plain } ?? "app"
        var name = String(begun.prefix(40))
        while name.hasSuffix("-") { name.removeLast() }
        let isTaken = StrictGrammar.ownEndings.contains { name.hasSuffix($0) }
        return isTaken ? "\(name.prefix(36))-app" : name
    }
}
