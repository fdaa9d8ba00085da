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
    private(set) var services: [ProposedService]
    private let judged: [JudgedService]
    private let exposed: ExposedService
    private var decisions: [Decision] = []

    /// - Throws: `CommandsError.notProposed` if no service is known that nginx is to reach.
    init(
        _ project: ProjectOutline, _ wish: Wish, composeFiles: [String],
        _ facts: ProjectFacts = ProjectFacts()
    ) throws(CommandsError) {
        app = project.app
        self.composeFiles = composeFiles
        judged = project.services.map { service in
            JudgedService(
                ServiceScene(service, among: project.services, of: project.app, facts))
        }
        do throws(ProposalMistake) {
            exposed = try ExposedService(judged, wish)
        } catch {
            throw .notProposed(error)
        }
        services = RoleProposal(judged, exposed).services
    }

    /// The services that could take the requests as well as the one that does.
    var otherExposed: [ProposedService] {
        services.filter { service in
            service.port == nil && service.question == nil
                && (service.otherPort != nil
                    || service.part == .shared && service.routedPort != nil)
        }
    }

    /// Remarks about single services.
    var asides: [String] {
        services.flatMap { service in
            let source =
                service.part == .shared ? nil : service.sourceMounts.sourceWarning(of: service.name)
            let unnamed = service.part == .shared ? service.unnamedData : nil
            let tls =
                service.question == nil ? service.ownTLS.map { "\(service.name): \($0)" } : nil
            return [source, unnamed, tls].compactMap(\.self)
        }
    }

    /// The doubts that the compose file leaves, in the order of the services. One that another answer
    /// settles is not among them.
    var questions: [ProposalQuestion] {
        services.filter { $0.waitsFor == nil }.flatMap(\.questions)
    }

    /// The parts that follow from this one are proposed anew.
    mutating func settle(_ question: ProposalQuestion, by answer: ProposalQuestion.Answer) {
        guard let service = services.first(where: { $0.name == question.service }) else { return }
        let isChange =
            switch answer {
            case .part(let part): question.proposed != answer && service.part != part
            case .writers, .empty, .noPorts: false
            }
        decisions.append(
            Decision(
                service: service.name, answer: answer, isChange: isChange,
                tellsOfWriters: service.question?.tellsOfWriters == true))
        services = RoleProposal(judged, exposed, decided: decidedParts).services
        for decision in decisions { take(decision) }
    }

    private var decidedParts: [String: ProposedService.Part] {
        decisions.reduce(into: [:]) { parts, decision in
            if case .part(let part) = decision.answer { parts[decision.service] = part }
        }
    }

    private mutating func take(_ decision: Decision) {
        guard let index = services.firstIndex(where: { $0.name == decision.service }) else {
            return
        }
        services[index].take(decision.answer)
        if decision.tellsOfWriters, case .part = decision.answer {
            services[index].acceptsWriters = true
        }
        if decision.isChange { services[index].reasons = ["as answered"] }
    }

    /// Gives one service the answer, and leaves the others as they are.
    mutating func assume(_ answer: ProposalQuestion.Answer, of service: String) {
        guard let index = services.firstIndex(where: { $0.name == service }) else { return }
        services[index].take(answer)
    }

    /// With the likeliest answer to each question that has one.
    func settled() -> Proposal {
        var settled = self
        // An answer about a part may bring a question about its volumes.
        while let question = settled.questions.first(where: { $0.proposed != nil }),
            let answer = question.proposed
        {
            settled.settle(question, by: answer)
        }
        return settled
    }
}

extension Proposal {
    /// An answer of the owner, or of the evidence.
    private struct Decision: Hashable, Sendable {
        let service: String
        let answer: ProposalQuestion.Answer
        /// Whether it is another one than what was proposed.
        let isChange: Bool
        /// Whether its question told that both colours write.
        let tellsOfWriters: Bool
    }
}

/// Why `teal init` cannot say which service nginx is to reach.
enum ProposalMistake: Error, Hashable, Sendable, CustomStringConvertible {
    struct OtherProtocol: Hashable, Sendable {
        let service: String
        let ports: [Int]
    }

    struct Judged: Hashable, Sendable {
        let service: String
        let port: Int
        let kind: ServiceKind
        /// `"db" in its name`
        let reason: String
    }

    /// All that tell a port speak other protocols than HTTP; not empty.
    case noHTTP([OtherProtocol])
    /// None that visitors could be meant to reach tells a port.
    case noCandidate(services: [String])
    /// Each that tells a port looks like something else than what visitors reach; not empty.
    case judgedOtherwise([Judged])
    case noPort(service: String)
    case unknownService(String, nearest: String?, known: [String])
    /// It would take the requests, and nginx's files cannot have its name.
    case unfitName(String)
    /// It listens on the host's own ports.
    case hostNetwork(String)

    var description: String {
        switch self {
        case .noHTTP(let services):
            "Teal moves HTTP traffic behind nginx, and nothing in the compose file speaks it by its "
                + "ports: "
                + services.map { service in
                    let ports = service.ports.map(String.init).joined(separator: ", ")
                    return "\(service.service) has \(ports)"
                }.joined(separator: "; ")
                + ". What has no HTTP at all is not for Teal. If one of them answers HTTP at "
                + "another port, name both with --service and --port."
        case .noCandidate(let services):
            "No service that visitors could be meant to reach tells a port (`ports:` or "
                + "`expose:`) in the compose file. Say which one takes them: "
                + "`teal init --service \(services.first ?? "web") --port 8080`. "
                + "The compose file has: \(services.joined(separator: ", "))."
        case .judgedOtherwise(let services):
            "Each service of the compose file that tells a port looks like something else than "
                + "what visitors reach: "
                + services.map { "\($0.service) like \($0.kind.text) (\($0.reason))" }
                .joined(separator: ", ")
                + ". If one of them takes their requests, say so: "
                + services.map { "`teal init --service \($0.service) --port \($0.port)`" }
                .joined(separator: ", or ") + "."
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
        case .hostNetwork(let name):
            "\(name) has `network_mode: host` in the compose file, where two colours would meet on "
                + "the same ports. Remove that line, and say which port \(name) listens on: "
                + "`teal init --service \(name) --port 8080`."
        }
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
