import BlueGreen
import Orchestration

/// The roles of services in a deployment, as far as a compose file tells. Pure.
struct RoleProposal {
    var services: [ProposedService]
    let judged: [String: JudgedService]
    let exposed: ExposedService
    /// Parts that were answered.
    let decided: [String: ProposedService.Part]

    init(
        _ all: [JudgedService], _ exposed: ExposedService,
        decided: [String: ProposedService.Part] = [:]
    ) {
        self.exposed = exposed
        self.decided = decided
        judged = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })
        services = []
        let others = all.filter { $0.name != exposed.service.name }
        services = [entrance] + others.map(proposed)
        for index in services.indices {
            guard let part = decided[services[index].name] else { continue }
            services[index].part = part
            services[index].question = nil
        }
        shareDependencies()
        refuseLeaning()
        tellLeaning()
        followLenders()
        for index in services.indices { settle(&services[index]) }
    }

    private var entrance: ProposedService {
        let service = exposed.service
        var proposed = ProposedService(
            name: service.name, part: .exposed(port: exposed.port),
            reasons: service.reasons(for: .entrance),
            hasHealthCheck: service.scene.service.hasHealthCheck)
        let isOneOfSeveral = exposed.rivals.allSatisfy { judged[$0].map(isVisitedToo) ?? false }
        let likeliest = exposed.isTied ? nil : proposed.part
        if !exposed.isSure, !isOneOfSeveral {
            proposed.question = ProposedService.Question(
                "Do visitors come here, or to \(exposed.rivals.sorted().joined(separator: ", "))? "
                    + "The compose file does not tell, and nginx can reach several.",
                choices: exposures(of: service, first: exposed.port) + [.internal],
                likeliest: likeliest)
        } else if !exposed.rivalPorts.isEmpty {
            proposed.question = Self.portQuestion(service, exposed)
        } else if exposed.isGuessed, !service.scene.isKnownApplication,
            !service.scene.hasStoreImage, service.weight(of: .store) >= Evidence.enough
        {
            proposed.question = Self.namesake(
                service.reasons(for: .store), [.exposed(port: exposed.port), .shared])
        }
        return proposed
    }

    private static func portQuestion(
        _ service: JudgedService, _ exposed: ExposedService
    ) -> ProposedService.Question {
        let told = service.ports.judged.filter {
            $0.number == exposed.port || exposed.rivalPorts.contains($0)
        }
        let best = told.first { $0.number == exposed.port }
        let isTied = exposed.rivalPorts.contains { $0.weight == best?.weight }
        return ProposedService.Question(
            "It publishes several ports that visitors could want: "
                + told.map(\.text).joined(separator: ", ")
                + ". nginx brings requests to one of them, and the others are not published.",
            choices: ([exposed.port] + exposed.rivalPorts.map(\.number)).map { .exposed(port: $0) },
            likeliest: isTied ? nil : .exposed(port: exposed.port))
    }

    /// Each published port by which visitors could be meant to reach it.
    func exposures(of service: JudgedService, first: Int) -> [ProposedService.Part] {
        ([first] + service.ports.rivals.map(\.number).filter { $0 != first })
            .map { .exposed(port: $0) }
    }

    private func proposed(_ service: JudgedService) -> ProposedService {
        var proposed = ProposedService(
            name: service.name, part: .internal,
            hasHealthCheck: service.scene.service.hasHealthCheck)
        if service.isCandidate, StrictGrammar.exposedName.accepts(service.name),
            !service.scene.service.publishedPorts.isEmpty || service.kind == .program,
            service.ports.areTold
        {
            proposed.otherPort = service.ports.best
        }
        if service.scene.service.isRouted, service.scene.service.publishedPorts.isEmpty {
            proposed.routedPort = service.ports.any
        }
        if service.scene.isSearchingProxy, service.kind != .tool {
            proposed.part = .shared
            proposed.reasons = ["image \(service.scene.imageName)"]
            proposed.question = Self.searchingProxy(service)
            return proposed
        }
        if isGuestApplication(service) {
            proposed.part = .shared
            proposed.reasons = ["image \(service.scene.imageName), which is whole by itself"]
            return proposed
        }
        switch service.kind {
        case .store:
            proposed.part = .shared
            proposed.reasons = service.reasons(for: .store)
            if service.mayBeNamedAfterAStore {
                proposed.question = Self.namesake(proposed.reasons, [.shared, .internal])
            }
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
        case .worker where isStranger(service):
            proposed.reasons = service.reasons(for: .worker)
            proposed.question = Self.strangerQuestion
        case .worker:
            proposed.reasons = service.reasons(for: .worker)
            proposed.remark =
                "Each colour has its own. If two must never run at once, as a "
                + "queue's consumer, write: \(service.name): {role: singleton}"
        case .ending:
            proposed.reasons = service.reasons(for: .ending)
            let mayBeRepeated =
                service.scene.service.restart == nil && !service.scene.isEndAwaited
            if mayBeRepeated { proposed.remark = Self.ending }
        case .program:
            judge(service, &proposed)
        }
        return proposed
    }

    private static let ending =
        "It ends by itself. If that may take longer than a deployment, write `restart: \"no\"` in "
        + "the compose file: Docker would start it again and again."

    static let sharing = "Shared: one for both colours, left alone by a deploy."

    private static func namesake(
        _ reasons: [String], _ choices: [ProposedService.Part]
    ) -> ProposedService.Question {
        ProposedService.Question(
            "Its name is that of a store (\(reasons.joined(separator: ", "))), and it may as well "
                + "be a part of the release, so that each release has its own.",
            sharing: sharing, choices: choices, likeliest: nil)
    }

    static func searchingProxy(_ service: JudgedService) -> ProposedService.Question {
        let name = service.name
        let held = service.scene.service.publishedPorts.map(\.published)
            .filter { ["80", "443"].contains($0) }
        let each = held.reduce(into: [String]()) { if !$0.contains($1) { $0.append($1) } }
        let clash =
            each.isEmpty
            ? "" : ", and listens at the host's \(each.joined(separator: " and ")) itself"
        let way =
            KnownNames.ownTLSProxies.contains(service.scene.imageName)
            ? "passes requests on by names that both colours have"
            : "finds containers by labels or variables, and so both colours"
        return ProposedService.Question(
            "\(name) \(way); nginx "
                + "takes its place\(clash). Take it out of what Teal runs, by a profile in the "
                + "compose file (`profiles: [\(name)]`).",
            sharing: "Or leave one of it to other services.",
            choices: [.shared, .internal],
            likeliest: each.isEmpty && KnownNames.searchingProxies.contains(service.scene.imageName)
                ? .shared : nil)
    }

    private func judgeTool(_ service: JudgedService, _ proposed: inout ProposedService) {
        if service.isOwn {
            let isBackup = service.scene.hasWord(in: ["backup", "backups"])
            if isBackup { proposed.part = .singleton }
        } else if service.isKnownTool {
            proposed.part = .shared
        } else {
            proposed.question = ProposedService.Question(
                "Its name is that of a tool (\(proposed.reasons.joined(separator: ", "))), and "
                    + "its image says no more. Internal: each release has its own.",
                sharing: Self.sharing, choices: [.shared, .internal], likeliest: nil)
        }
    }

    /// What follows from its part: volumes with two writers, ports that two cannot hold.
    private func settle(_ proposed: inout ProposedService) {
        guard let service = judged[proposed.name] else { return }
        proposed.belonging = service.belonging
        if let support = colouredSupport(of: service) {
            proposed.sharing = .impossible
            proposed.hindrances = hindrances(of: service)
            refuseSharing(service, since: support, &proposed)
        }
        proposed.noteConsequences(
            service,
            beside: judged.values.filter { other in
                let part = part(of: other.name)
                return other.name != service.name && part != .shared && part != nil
            }.sorted { $0.name < $1.name }, behind: exposed)
        if proposed.part == .internal, proposed.remark == nil,
            let single = dependencies(of: proposed.name).sorted().first(where: {
                part(of: $0) == .singleton
            })
        {
            proposed.remark = "It depends on \(single), which runs in one colour at a time."
        }
    }

    func dependencies(of name: String) -> Set<String> {
        (judged[name]?.scene.service.dependencies ?? []).filter { judged[$0] != nil }
    }

    /// Its owner has yet to say whether it is shared.
    func mayBeShared(_ name: String) -> Bool {
        services.first { $0.name == name }?.question?.choices.contains(.shared) ?? false
    }

    func part(of name: String) -> ProposedService.Part? {
        services.first { $0.name == name }?.part
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
