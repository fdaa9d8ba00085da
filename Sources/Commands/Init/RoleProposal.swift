import BlueGreen
import Orchestration

/// The roles of services in a deployment, as far as a compose file tells. Pure.
struct RoleProposal {
    private(set) var services: [ProposedService]
    private let judged: [String: JudgedService]
    private let exposed: ExposedService

    init(_ all: [JudgedService], _ exposed: ExposedService) {
        self.exposed = exposed
        judged = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        services = []
        let others = all.filter { $0.name != exposed.service.name }
        services = [entrance] + others.map(proposed)
        shareDependencies()
        refuseLeaning()
        for index in services.indices { settle(&services[index]) }
    }

    private var entrance: ProposedService {
        var proposed = ProposedService(
            name: exposed.service.name, part: .exposed(port: exposed.port),
            reasons: exposed.service.reasons(for: .entrance),
            hasHealthCheck: exposed.service.scene.service.hasHealthCheck)
        if !exposed.isSure {
            proposed.question = ProposedService.Question(
                text:
                    "Do visitors come here, or to \(exposed.rivals.sorted().joined(separator: ", "))? "
                    + "The compose file does not tell, and nginx can reach several.",
                choices: [proposed.part, .internal], hasProposal: true)
        }
        return proposed
    }

    private func proposed(_ service: JudgedService) -> ProposedService {
        var proposed = ProposedService(
            name: service.name, part: .internal,
            hasHealthCheck: service.scene.service.hasHealthCheck)
        if service.isCandidate, StrictGrammar.exposedName.accepts(service.name),
            !service.scene.service.publishedPorts.isEmpty || service.kind == .program
        {
            proposed.otherPort = service.ports.best
        }
        if service.scene.isSearchingProxy, service.kind != .tool {
            proposed.part = .shared
            proposed.question = Self.searchingProxy(service.name)
            return proposed
        }
        switch service.kind {
        case .store:
            proposed.part = .shared
            proposed.reasons = service.reasons(for: .store)
            if service.mayBeNamedAfterAStore { proposed.question = Self.namesake(proposed) }
        case .tool:
            proposed.reasons = service.reasons(for: .tool)
            judgeTool(service, &proposed)
        case .registry:
            proposed.reasons = service.reasons(for: .registry)
            proposed.remark =
                "In one registry for both colours each would find the other's "
                + "addresses, so each colour has its own."
        case .scheduler:
            proposed.part = .singleton
            proposed.reasons = service.reasons(for: .scheduler)
        case .worker:
            proposed.reasons = service.reasons(for: .worker)
            proposed.remark =
                "Each colour has its own. If two must never run at once, as a "
                + "queue's consumer, write: \(service.name): {role: singleton}"
        case .ending:
            proposed.reasons = service.reasons(for: .ending)
        case .program:
            judge(service, &proposed)
        }
        return proposed
    }

    private static func namesake(_ proposed: ProposedService) -> ProposedService.Question {
        ProposedService.Question(
            text:
                "Its name is that of a store (\(proposed.reasons.joined(separator: ", "))), and it "
                + "is a part of the release. Shared: one for both colours, left alone by a deploy. "
                + "Internal: each release has its own.",
            choices: [.shared, .internal], hasProposal: false)
    }

    private static func searchingProxy(_ name: String) -> ProposedService.Question {
        ProposedService.Question(
            text: "\(name) finds containers by labels or variables, and so both colours; nginx "
                + "takes its place. Take it out of what Teal runs, by a profile in the compose "
                + "file (`profiles: [\(name)]`), or leave one of it to other services.",
            choices: [.shared, .internal], hasProposal: true)
    }

    private func judgeTool(_ service: JudgedService, _ proposed: inout ProposedService) {
        if service.isOwn {
            let isBackup = service.scene.hasWord(in: ["backup", "backups"])
            if isBackup { proposed.part = .singleton }
        } else if service.isKnownTool {
            proposed.part = .shared
        } else {
            proposed.question = ProposedService.Question(
                text:
                    "Its name is that of a tool (\(proposed.reasons.joined(separator: ", "))), and "
                    + "its image says no more. Shared: one for both colours, left alone by a "
                    + "deploy. Internal: each release has its own.",
                choices: [.shared, .internal], hasProposal: false)
        }
    }

    /// A program that may be the release's own, or a stranger that nothing identifies.
    private func judge(_ service: JudgedService, _ proposed: inout ProposedService) {
        let outline = service.scene.service
        proposed.reasons = service.reasons(for: .own)
        let port = service.ports.published.isEmpty ? nil : proposed.otherPort
        if exposed.rivals.contains(service.name), let port = proposed.otherPort {
            proposed.part = outline.publishedPorts.isEmpty ? .internal : .exposed(port: port)
            proposed.question = ProposedService.Question(
                text: "Do visitors come here as well as to \(exposed.service.name), or instead?",
                choices: [.exposed(port: port), .internal],
                hasProposal: proposed.part != .internal)
        } else if service.weight(of: .store) > 0 {
            proposed.question = ProposedService.Question(
                text: "\(service.reasons(for: .store).joined(separator: ", ")): does it hold data, "
                    + "or a part of the release that asks such a service? Shared: one for both "
                    + "colours, left alone by a deploy. Internal: each colour has its own.",
                choices: [.shared, .internal], hasProposal: false)
        } else if !service.isOwn, WrittenData(outline) != nil {
            let parts: [ProposedService.Part] = [.shared, .singleton, .internal]
            proposed.question = ProposedService.Question(
                text: "\(service.name) writes to \(WrittenData(outline)?.text ?? "a volume"), and "
                    + "nothing tells what it is. Shared: one for both colours, left alone by a "
                    + "deploy, as a database. Singleton: part of the release, in one colour at a "
                    + "time. Internal: in both colours, and both write.",
                choices: parts + (port.map { [.exposed(port: $0)] } ?? []), hasProposal: false)
        } else if let port, !exposed.passesOn {
            proposed.part = .exposed(port: port)
            proposed.question = ProposedService.Question(
                text:
                    "It publishes port \(port). Do visitors' requests go there? Then nginx brings "
                    + "them; else each colour has its own, and the port is not published.",
                choices: [.exposed(port: port), .internal],
                // Media or mail beside it would be cut off from those outside.
                hasProposal: outline.publishedPorts.allSatisfy {
                    $0.transport == "tcp" && !ServicePorts.outward.contains($0.target)
                })
        } else if !service.isOwn, !outline.publishedPorts.isEmpty, port == nil,
            !service.ports.published.allSatisfy(ServicePorts.inward.contains)
        {
            proposed.question = ProposedService.Question(
                text: "It publishes ports that nginx cannot bring to it, and two colours cannot "
                    + "hold them. Shared: one for both colours, left alone by a deploy. Internal: "
                    + "each colour has its own, and the ports are not published.",
                choices: [.shared, .internal], hasProposal: false)
        } else if !service.isOwn, service.scene.service.image != nil {
            proposed.remark =
                "Nothing tells what it is, so each colour has its own. If it holds data or "
                + "messages, write: \(service.name): {role: shared}"
        }
    }

    /// A shared service can only depend on shared services. What is known, and not the release's
    /// own, is shared with it.
    private mutating func shareDependencies() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for asking in services where asking.part == .shared {
                for index in services.indices where services[index].part == .internal {
                    let name = services[index].name
                    guard dependencies(of: asking.name).contains(name), let service = judged[name],
                        !service.isOwn, service.kind != .program, service.kind != .worker,
                        services[index].question == nil,
                        dependencies(of: name).allSatisfy({ part(of: $0) != .singleton })
                    else { continue }
                    services[index].part = .shared
                    services[index].reasons = ["\(asking.name), which is shared, depends on it"]
                    services[index].remark = nil
                    isSettled = false
                }
            }
        }
    }

    /// What depends on a service of the colours cannot be shared, however well it is known.
    private mutating func refuseLeaning() {
        var isSettled = false
        while !isSettled {
            isSettled = true
            for index in services.indices where services[index].part == .shared {
                let name = services[index].name
                guard
                    let support = dependencies(of: name).sorted().first(where: {
                        part(of: $0) != .shared
                    }), let service = judged[name]
                else { continue }
                isSettled = false
                services[index].part = .internal
                services[index].question = nil
                services[index].reasons = [
                    "it depends on \(support), of which each colour has its own"
                ]
                if service.scene.isSearchingProxy {
                    services[index].question = Self.searchingProxy(name)
                    continue
                }
                if service.kind == .store {
                    services[index].question = Self.leaningStore(name, on: support)
                    continue
                }
                guard let data = WrittenData(service.scene.service) else { continue }
                services[index].part = .singleton
                services[index].question = ProposedService.Question(
                    text: "\(name) writes to \(data.text) and depends on \(support), of which each "
                        + "colour has its own, so it cannot be shared. Singleton: in one colour at "
                        + "a time. To share it, remove the dependency in the compose file.",
                    choices: [.singleton, .internal], hasProposal: true)
            }
        }
    }

    private static func leaningStore(
        _ name: String, on support: String
    ) -> ProposedService.Question {
        ProposedService.Question(
            text: "\(name) holds data and depends on \(support), of which each colour has its own. "
                + "Shared: one for both colours; then \(support) must be shared too, or the "
                + "dependency must go. Internal: each colour has its own, with data of its own.",
            choices: [.shared, .internal], hasProposal: false)
    }

    private func dependencies(of name: String) -> Set<String> {
        (judged[name]?.scene.service.dependencies ?? []).filter { judged[$0] != nil }
    }

    private func part(of name: String) -> ProposedService.Part? {
        services.first { $0.name == name }?.part
    }

    /// What follows from its part: volumes with two writers, ports that two cannot hold.
    private func settle(_ proposed: inout ProposedService) {
        guard let service = judged[proposed.name] else { return }
        proposed.noteConsequences(
            service,
            beside: judged.values.filter { other in
                let part = part(of: other.name)
                return other.name != service.name && part != .shared && part != nil
            }, behind: exposed)
        if proposed.part == .internal, proposed.remark == nil,
            let single = dependencies(of: proposed.name).sorted().first(where: {
                part(of: $0) == .singleton
            })
        {
            proposed.remark = "It depends on \(single), which runs in one colour at a time."
        }
    }
}

extension ExposedService {
    /// The others are reached through it, so that their own ports are for looking only.
    var passesOn: Bool {
        service.scene.isProxy
            || !["gateway", "proxy", "nginx", "edge", "ingress", "router", "traefik", "caddy"]
                .filter(service.scene.words.contains).isEmpty
    }
}
