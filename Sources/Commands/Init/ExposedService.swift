import Orchestration

/// The service that nginx sends requests to, and those that it could be as well. Pure.
struct ExposedService: Hashable, Sendable {
    let service: JudgedService
    let port: Int
    /// By the user's own word, or far ahead of the others.
    let isSure: Bool
    /// Those for which as much speaks, or nearly, by name.
    let rivals: Set<String>
    /// Just as much speaks for another one.
    let isTied: Bool
    /// The user has not named it.
    let isGuessed: Bool
    /// Its other ports that visitors could want as well; none where the user has named one.
    let rivalPorts: [JudgedPort]

    /// So much more must speak for one than for the next.
    private static let clearLead = 15

    init(
        _ services: [JudgedService], _ wish: Proposal.Wish
    ) throws(ProposalMistake) {
        if let name = wish.service {
            let names = services.map(\.name)
            guard let chosen = services.first(where: { $0.name == name }) else {
                throw .unknownService(name, nearest: names.nearest(to: name), known: names)
            }
            try self.init(chosen, wish, port: chosen.ports.any)
            return
        }
        // One that looks for the others by itself would bring requests to both colours.
        let all = services.filter { $0.isCandidate && !$0.scene.isSearchingProxy }
        // A sign-on server is beside a release, and alone it is what visitors come for.
        let candidates = Self.ranked(
            all.isEmpty ? services.filter { $0.isVisitedAlone } : all)
        guard let best = candidates.first else {
            try self.init(Self.only(services, wish), wish, port: nil)
            return
        }
        if best.isBesideRelease, let web = services.first(where: \.isSilentEntrance) {
            throw .noCandidate(services: [web.name])
        }
        let lead = best.weight(of: .entrance) - Self.clearLead
        let rivals = candidates.dropFirst().filter {
            $0.weight(of: .entrance) > lead
                && ($0.isOffered || !best.isOffered)
                && ($0.kind == best.kind || $0.kind == .program && best.mayBeEntranceAllTheSame)
        }
        try self.init(best, wish, port: best.ports.best, rivals: rivals)
    }

    private init(
        _ chosen: JudgedService, _ wish: Proposal.Wish, port found: Int?,
        rivals: [JudgedService] = []
    ) throws(ProposalMistake) {
        guard StrictGrammar.exposedName.accepts(chosen.name) else {
            throw .unfitName(chosen.name)
        }
        guard let port = wish.port ?? found else {
            throw chosen.scene.service.usesHostNetwork
                ? .hostNetwork(chosen.name) : .noPort(service: chosen.name)
        }
        service = chosen
        self.port = port
        self.rivals = Set(rivals.map(\.name))
        isSure = rivals.isEmpty
        isTied = rivals.contains { $0.weight(of: .entrance) == chosen.weight(of: .entrance) }
        isGuessed = wish.service == nil
        rivalPorts = wish.port == nil ? chosen.ports.rivals : []
    }

    /// Tools and other kinds only where there is nothing else; the alphabet decides the rest.
    private static func ranked(_ candidates: [JudgedService]) -> [JudgedService] {
        func rank(_ service: JudgedService) -> (Int, Int, String) {
            let isPlain = service.kind == .program || service.mayBeEntranceAllTheSame
            return (isPlain ? 0 : 1, -service.weight(of: .entrance), service.name)
        }
        return candidates.sorted { rank($0) < rank($1) }
    }

    /// Where none tells a port the user's port settles it, if there is one service only.
    private static func only(
        _ services: [JudgedService], _ wish: Proposal.Wish
    ) throws(ProposalMistake) -> JudgedService {
        let own = services.filter { $0.kind == .program }
        if wish.port != nil, own.count == 1 { return own[0] }
        if let host = own.first(where: { $0.scene.service.usesHostNetwork }) {
            throw .hostNetwork(host.name)
        }
        let speaking = services.filter { $0.kind != .store && $0.kind != .ending }
        let others = speaking.map { service in
            ProposalMistake.OtherProtocol(
                service: service.name, ports: service.ports.published + service.ports.listening)
        }
        if !others.isEmpty, speaking.allSatisfy(\.speaksOnlyOthers) { throw .noHTTP(others) }
        let usable = own.isEmpty ? services.filter { $0.kind != .store } : own
        let likeliest = (usable.isEmpty ? services : usable)
            .sorted { ($1.weight(of: .entrance), $0.name) < ($0.weight(of: .entrance), $1.name) }
        let silent = ProposalMistake.noCandidate(services: likeliest.map(\.name))
        let doubtful = services.filter { $0.mayBeMisjudged && $0.ports.best != nil }
        throw doubtful.isEmpty
            ? silent
            : .judgedOtherwise(
                doubtful.map { service in
                    ProposalMistake.Judged(
                        service: service.name, port: service.ports.best ?? 0,
                        kind: service.kind, reason: service.kindReasons.first ?? "")
                })
    }
}

extension JudgedService {
    /// Somebody outside can reach it, by a port of the host or a proxy that is told about it.
    fileprivate var isOffered: Bool {
        !ports.published.isEmpty || scene.service.isRouted
    }

    /// A tool, another's program, or a part whose name does not say that visitors come there.
    fileprivate var isBesideRelease: Bool {
        let isFirst = scene.service.publishedPorts.contains {
            ["80", "443"].contains($0.published)
        }
        if scene.isProxy || isFirst && isOwn { return false }
        return kind == .tool || !isOwn
            || !isCalledAsEntrance && !scene.isKnownApplication
                && !["api", "backend", "client", "main"].contains(scene.name)
    }

    /// A part of the release that is called as what visitors come for, and tells no port.
    fileprivate var isSilentEntrance: Bool {
        kind == .program && isOwn && ports.any == nil && !scene.service.usesHostNetwork
            && !scene.service.borrowsNetwork && isCalledAsEntrance
    }

    private var isCalledAsEntrance: Bool {
        KnownNames.entrances.contains(scene.name) || scene.name == scene.project
            || KnownNames.fronts.contains(scene.name)
    }

    /// Visitors arrive at it, or its image is an application, and no more than a word of its name
    /// says that it is something else.
    var mayBeEntranceAllTheSame: Bool {
        let claims: [ServiceKind: Evidence.Claim] = [
            .store: .store, .worker: .worker, .scheduler: .scheduler,
        ]
        guard let claim = claims[kind] else { return false }
        if KnownNames.applications.contains(scene.imageName) { return true }
        return weight(of: claim) <= 12
            && scene.service.publishedPorts.contains {
                $0.published == "80" && ports.published.contains($0.target)
            }
    }

    /// The evidence for its kind.
    fileprivate var kindReasons: [String] {
        switch kind {
        case .store: reasons(for: .store)
        case .tool: reasons(for: .tool)
        case .registry: reasons(for: .registry)
        case .scheduler: reasons(for: .scheduler)
        case .worker: reasons(for: .worker)
        case .ending: reasons(for: .ending)
        case .program: []
        }
    }

    /// It is no known store by its image, or one that speaks HTTP, and the rest may be a
    /// namesake's.
    fileprivate var mayBeMisjudged: Bool {
        let isVisited = ports.best.map(ServicePorts.usual.contains) ?? false
        let isPlainStore = scene.hasStoreImage && !isVisited
        return !isPlainStore && !scene.service.usesHostNetwork && !scene.service.borrowsNetwork
    }

    /// Each port that it tells is known for another protocol than HTTP.
    fileprivate var speaksOnlyOthers: Bool {
        ports.best == nil && !(ports.published + ports.listening).isEmpty
    }

    /// A store by its image, and with pages that people come for.
    fileprivate var isVisitedAlone: Bool {
        KnownNames.visitedAlone.contains(scene.imageName) && ports.best != nil
            && !scene.service.usesHostNetwork && !scene.service.borrowsNetwork
    }

    /// nginx could send requests to it.
    var isCandidate: Bool {
        guard ports.best != nil, !scene.service.usesHostNetwork, !scene.service.borrowsNetwork
        else { return false }
        if mayBeEntranceAllTheSame { return true }
        return switch kind {
        case .program, .tool: true
        case .registry, .scheduler, .worker: false
        case .store, .ending: false
        }
    }
}
