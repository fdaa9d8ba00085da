import Orchestration

/// What a service is, by the evidence about it. Pure.
enum ServiceKind: Hashable, Sendable {
    case store
    case tool
    case registry
    case scheduler
    case worker
    case ending
    /// Any other program, which may be the release's own.
    case program
}

extension ServiceKind {
    /// With its article, for a sentence.
    var text: String {
        switch self {
        case .store: "a store"
        case .tool: "a tool"
        case .registry: "a registry"
        case .scheduler: "a scheduler"
        case .worker: "a worker"
        case .ending: "something that ends by itself"
        case .program: "a program"
        }
    }
}

/// A service with the evidence about it.
struct JudgedService: Hashable, Sendable {
    let scene: ServiceScene
    let findings: [Evidence.Finding]
    let kind: ServiceKind

    init(_ scene: ServiceScene) {
        let findings = Evidence.findings(scene)
        self.scene = scene
        self.findings = findings
        func weight(_ claim: Evidence.Claim) -> Int { Self.weight(of: claim, findings) }
        let claims: [(Evidence.Claim, ServiceKind)] = [
            (.registry, .registry), (.tool, .tool), (.store, .store), (.scheduler, .scheduler),
            (.worker, .worker),
        ]
        let best = claims.filter { weight($0.0) >= Evidence.enough }
            .max { weight($0.0) < weight($1.0) }
        let isKnownImage = weight(.store) >= 20 || weight(.tool) >= 20
        kind =
            if weight(.ending) >= Evidence.enough, weight(.ending) >= 20 || !isKnownImage {
                .ending
            } else if best?.1 == .store, Self.isContradicted(findings, scene) {
                .program
            } else { best?.1 ?? .program }
    }

    /// Words alone say that it is a store, and facts say that it is something else:
    /// `frontend-pgsql` is made for such a store.
    private static func isContradicted(
        _ findings: [Evidence.Finding], _ scene: ServiceScene
    ) -> Bool {
        findings.allSatisfy { $0.claim != .store || $0.basis == .word }
            && (scene.isOtherThanStore
                || scene.twin != nil && !scene.hasStoreImage && scene.words.count > 1
                || ServicePorts(scene.service).published.contains(
                    where: ServicePorts.usual.contains))
    }

    var name: String { scene.service.name }
    var ports: ServicePorts { ServicePorts(scene.service) }

    func weight(of claim: Evidence.Claim) -> Int { Self.weight(of: claim, findings) }

    private static func weight(
        of claim: Evidence.Claim, _ findings: [Evidence.Finding]
    ) -> Int {
        findings.reduce(0) { $1.claim == claim ? $0 + $1.weight : $0 }
    }

    /// The reasons that speak for a claim, the strongest first, each once.
    func reasons(for claim: Evidence.Claim) -> [String] {
        let told = findings.filter { $0.claim == claim && $0.weight > 0 }
            .enumerated().sorted { ($1.element.weight, $0.offset) < ($0.element.weight, $1.offset) }
            .map(\.element.reason)
        return told.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
    }

    /// The release's own by what it is made of, and a store by a word that other things have too:
    /// `vault`, `mortgage-broker`.
    var mayBeNamedAfterAStore: Bool {
        weight(of: .own) >= Evidence.enough && weight(of: .store) < 20
            && Set(scene.words + scene.imageWords).isDisjoint(with: KnownNames.plainStoreWords)
            && scene.storeAddress == nil
    }

    /// Its image says that it is a tool; a name alone does not.
    var isKnownTool: Bool { findings.contains { $0.weight == Evidence.knownTool } }

    /// Built here, or another sign that each release has its own.
    var isOwn: Bool {
        switch kind {
        // Versions of well-known images are often in variables, and two may have the same one.
        case .store: false
        case .tool where isKnownTool: scene.service.build != nil
        case .tool, .registry, .scheduler, .worker, .ending, .program:
            weight(of: .own) >= Evidence.enough
        }
    }
}
