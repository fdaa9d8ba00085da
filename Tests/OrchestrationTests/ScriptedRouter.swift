import BlueGreen
import Orchestration

struct ScriptedRouter {
    var live: Colour? = .blue
    var canary: Share?
    var linkMadeAt: Timestamp?
    var divertError: String?
    /// Moves of traffic to this colour fail.
    var switchError: (colour: Colour, reason: String)?
    /// The link stays when traffic is taken from both colours.
    var ignoresTakingDown = false
    /// The link does not tell who has traffic.
    var lost: LinkReading?
    var losses: [FolderLoss] = []
    var prepareError: String?
    var obstacles: [Obstacle] = []
    /// The site asks for what no release has as soon as this colour has traffic.
    var obstaclesOnceOn: Colour?
    var confirmError: String?
    /// The workers send requests here, whatever the link says, until traffic is moved; nil where
    /// they follow it.
    var workers: Colour?
    /// The cluster behind the router refuses to be armed.
    var armFault: ClusterFailureMeaning?
    var remaining: [RemainingTraffic] = [RemainingTraffic(connections: 0, oldWorkers: 0)]
    /// So many counts of them fail first.
    var failingCounts = 0
    /// The first count of them finds the link lost.
    var lostInDrain: LinkReading?
    var previewURL: String?
    /// nginx's findings, in order; the last one stays.
    var edges: [EdgeResult] = [.passed]
}

private struct ClusterRefusal: ClusterFailure {
    let meaning: ClusterFailureMeaning?
}

struct ScriptedObserver {
    /// nginx's figures, in order; the last ones stay.
    var figures: [[Colour: RequestFigures]] = [[:]]
    /// What of the site is not counted.
    var unseen: [String] = []
    var error: String?
}

extension ScriptedHost: TrafficRouter {
    func prepare() async throws {
        note("router.prepare")
        try refuse { $0.router.prepareError }
    }

    func obstacles(to services: [PlannedService]) async throws -> [Obstacle] {
        with { script in
            guard let colour = script.router.obstaclesOnceOn, colour == script.router.live else {
                return script.router.obstacles
            }
            return [Obstacle("The site asks for more.")]
        }
    }

    func arm(_ table: RoutingTable) async throws {
        note("arm \(table.blue.flatMap(\.endpoints)) \(table.green.flatMap(\.endpoints))")
        if let fault = with({ $0.router.armFault }) { throw ClusterRefusal(meaning: fault) }
    }

    func route(_ division: Division) async throws {
        switch division {
        case .nobody: try switchTraffic(to: nil)
        case .all(let colour): try switchTraffic(to: colour)
        case .share(let share, let colour):
            note("divert \(share.text) to \(colour)")
            try refuse { $0.router.divertError }
            with { $0.router.canary = share }
        }
    }

    private func switchTraffic(to colour: Colour?) throws {
        try with { script in
            script.calls.append("switch \(colour?.rawValue ?? "none")")
            if let refusal = script.router.switchError, refusal.colour == colour {
                throw Refusal(description: refusal.reason)
            }
            if colour == nil, script.router.ignoresTakingDown { return }
            script.router.live = colour
            script.router.canary = nil
            script.router.workers = nil
        }
    }

    func confirm(_ division: Division) async throws {
        switch division {
        case .nobody: note("confirm none")
        case .all(let colour): note("confirm \(colour)")
        case .share(let share, let colour): note("confirm \(share.text) to \(colour)")
        }
        try refuse { script in
            let strays = script.router.workers.map { division != .all($0) } ?? false
            return strays ? "The workers send requests elsewhere." : script.router.confirmError
        }
    }

    func setMaintenance(_ maintenance: Maintenance) async throws {
        note("maintenance \(maintenance)")
    }

    func readLink() throws -> LinkReading {
        with { script in
            script.router.lost
                ?? .leads(Traffic(script.router.live, canary: script.router.canary))
        }
    }

    func linkMadeAt() -> Timestamp? { with { $0.router.linkMadeAt } }

    func putBackLink(to colour: Colour?, _ table: RoutingTable?) async throws {
        let addresses = table.map { " at \($0.blue.flatMap(\.endpoints))" } ?? ""
        note("put back \(colour?.rawValue ?? "none")\(addresses)")
        with { script in
            script.router.lost = nil
            script.router.live = colour
        }
    }

    func losses() throws -> [FolderLoss] { with { $0.router.losses } }

    func heal() async throws -> [String] {
        with { script in
            let healed = script.router.losses.filter { $0.remedy == .nextCommand }
            script.router.losses.removeAll { $0.remedy == .nextCommand }
            return healed.map { "\($0) It was written again." }
        }
    }

    func remainingTraffic(to colour: Colour) async throws -> RemainingTraffic {
        try with { script in
            if let lost = script.router.lostInDrain {
                script.router.lost = lost
                script.router.lostInDrain = nil
            }
            if script.router.failingCounts > 0 {
                script.router.failingCounts -= 1
                throw Refusal(description: "nginx cannot say what it reads.")
            }
            return script.router.remaining.takeFirstButKeepLast()
                ?? RemainingTraffic(connections: 0, oldWorkers: 0)
        }
    }

    func previewURL() async throws -> String? { with { $0.router.previewURL } }

    func remove() async throws { note("router.remove") }
}

extension ScriptedHost: EdgeProbe {
    func probe(_ service: PlannedService, through target: EdgeTarget) async -> EdgeResult {
        switch target {
        case .live: note("edge \(service.name)")
        case .colour(let colour): note("edge \(service.name) in \(colour)")
        }
        return with { $0.router.edges.takeFirstButKeepLast() ?? .passed }
    }
}

extension ScriptedHost: TrafficObserver {
    func begin(until: Timestamp) async throws -> [String] {
        note("watch")
        try refuse { $0.observer.error }
        return with { $0.observer.unseen }
    }

    func look() async throws -> [Colour: RequestFigures] {
        try refuse { $0.observer.error }
        return with { $0.observer.figures.takeFirstButKeepLast() ?? [:] }
    }

    func end() async throws { note("end watch") }
}
