import BlueGreen

/// Puts right what nginx's folder has lost. Every command that writes begins so: nothing is decided
/// by a link that tells nothing.
struct LinkMending: Sendable {
    /// As many as a check's own `fall` is by default.
    private static let looks = 3

    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Throws: `OrchestrationError.untoldLink`, with nothing changed, where nobody can tell who
    ///   had traffic; `.linkNotPutBack` or `.moveNotPutBack` where nginx could not be shown to
    ///   follow.
    func mend() async throws {
        try await heal()
        switch try await ports.router.readLink() {
        case .leads(let traffic): try await putBackMoved(traffic)
        case .unwritten(let lost), .lost(let lost): try await putBack(lost)
        }
    }

    /// Puts a link back in the middle of a deployment, which knows who has traffic: one that was
    /// lost, or that others moved to where nothing serves. Where that fails the deployment's next
    /// steps tell of it.
    ///
    /// - Returns: whether it is put back, without a canary or a watch that it spoke of.
    /// - Throws: nothing but `CancellationError`.
    func putBack(during deployment: Deployment) async throws -> Bool {
        do {
            switch try await ports.router.readLink() {
            case .unwritten: return false
            case .lost(let lost):
                try await putBack(lost, during: deployment)
                return true
            case .leads(let traffic):
                guard let live = traffic.colour else { return false }
                return try await putBackUnserved(live, during: deployment)
            }
        } catch let error where !(error is CancellationError) {
            return false
        }
    }

    private func putBackUnserved(
        _ live: Colour, during deployment: Deployment
    ) async throws -> Bool {
        guard try await leadsToNobody(live, during: deployment) else { return false }
        try await putBack(
            live, on: live.other, reason: "where not all that takes requests is up")
        return true
    }

    /// Whether the link was moved away from the set that has traffic by what the deployment has
    /// done, and that serves, to one that does not.
    ///
    /// - Throws: nothing but `CancellationError`.
    func leadsToNobody(_ live: Colour, during deployment: Deployment) async throws -> Bool {
        guard let serving = deployment.serving, serving.colour == live.other else { return false }
        do {
            let situation = try await Situation.observe(ports, recent: 10)
            let health = try await situation.exposedHealth(ports)
            return situation.serves(serving, health)
                && !(situation.active.map { situation.serves($0, health) } ?? false)
        } catch let error where !(error is CancellationError) {
            return false
        }
    }

    /// The remains of a killed run keep nobody from what comes next.
    private func heal() async throws {
        do {
            for sentence in try await ports.router.heal() {
                ports.reporter.report(.note(sentence))
            }
        } catch let error where !(error is CancellationError) {
            ports.reporter.report(.warning("\(error)"))
        }
        // A state that the command does not need must not keep it from acting.
        for loss in try await ports.router.losses() {
            ports.reporter.report(.warning(loss.description))
        }
    }

    /// A link that was moved to where nothing serves, or that nginx's workers have not followed,
    /// goes back to the colour that serves. Any other move is traffic's own, and is written down.
    private func putBackMoved(_ traffic: Traffic) async throws {
        guard case .all(let live) = traffic.division,
            let newest = try await ports.store.deployments(limit: 1).first,
            let from = newest.place(beside: live), from.colour != live
        else { return }
        let situation = try await Situation.observe(ports, recent: 10)
        // After a reboot a set may take its time: a deployment that was cut off judges that itself.
        let found = newest.outcome == nil ? situation.linkMove([:]) : try await judged(situation)
        guard let move = found, move.fromServes else { return }
        let reason: String
        if !move.toServes {
            reason = "where not all that takes requests is up"
        } else if newest.outcome == nil {
            // A run that was cut off may have gone back already.
            return
        } else if try await isFollowed(move.to) {
            return
        } else if try await isFollowed(from.colour) {
            reason = "which nginx has not followed"
        } else {
            return
        }
        try await putBack(move.to, on: from.colour, reason: reason)
    }

    /// One probe that fails takes no traffic from a set that runs.
    private func judged(_ situation: Situation) async throws -> LinkMove? {
        var move = situation.linkMove(try await situation.exposedHealth(ports))
        guard situation.linkMove([:])?.toServes == true else { return move }
        for _ in 1..<Self.looks where move?.toServes == false {
            try await ports.clock.sleep(until: ports.clock.now + .seconds(1))
            move = situation.linkMove(try await situation.exposedHealth(ports))
        }
        return move
    }

    /// A link to where nothing serves, which nginx's workers have not followed, while they send
    /// requests to a set that runs: as where a move could not be written down, and a person moved
    /// the link after it.
    ///
    /// - Returns: whether it was so, and is put right.
    func putBackUnserved(_ live: Colour) async throws -> Bool {
        let situation = try await Situation.observe(ports, recent: 10)
        let health = try await situation.exposedHealth(ports)
        guard let other = situation.idle, situation.serves(other, health),
            !(situation.active.map { situation.serves($0, health) } ?? false),
            try await isFollowed(other.colour)
        else { return false }
        try await putBack(
            live, on: other.colour, reason: "where not all that takes requests is up")
        return true
    }

    private func putBack(_ live: Colour, on colour: Colour, reason: String) async throws {
        do {
            try await ports.router.route(.all(colour))
            try await ports.router.confirm(.all(colour))
        } catch let error where !(error is CancellationError) {
            throw OrchestrationError.moveNotPutBack(live, colour, reason: "\(error)")
        }
        ports.reporter.report(
            .warning(
                "The link led to \(live), \(reason). Traffic is put back on \(colour), which is "
                    + "up. `teal rollback` moves it with all that belongs to it."))
    }

    private func isFollowed(_ colour: Colour) async throws -> Bool {
        do {
            try await ports.router.confirm(.all(colour))
            return true
        } catch let error where !(error is CancellationError) {
            return false
        }
    }

    /// - Parameter deployment: the one that is under way in this run, which knows more than its
    ///   record.
    private func putBack(_ lost: LostLink, during deployment: Deployment? = nil) async throws {
        // The link itself tells who it is, so nothing is to be found out.
        if case .unmarked = lost.finding {
            let losses = try await ports.router.losses()
            throw losses.isEmpty
                ? OrchestrationError.lostLink(lost) : OrchestrationError.folderLost(losses)
        }
        let (verdict, situation) = try await judge(lost, deployment)
        switch verdict {
        case .nobodyHad:
            if lost.finding == .unwritten { return }
            try await ports.router.putBackLink(to: nil, nil)
            ports.reporter.report(.warning("\(lost) Nobody had traffic; it says so again."))
        case .had(let colour):
            if lost.finding == .taken {
                throw OrchestrationError.linkNotPutBack(
                    lost, colour,
                    reason: "that is in the way. Move it: `mv \(lost.path) "
                        + "\(lost.path).aside`.")
            }
            do {
                try await ports.router.putBackLink(
                    to: colour,
                    lost.finding == .unwritten ? try await routes(colour, in: situation) : nil)
                try await prove(colour)
            } catch let error where !(error is CancellationError) {
                throw OrchestrationError.linkNotPutBack(lost, colour, reason: "\(error)")
            }
            ports.reporter.report(
                .warning(
                    "\(lost) Traffic is put back on \(colour), which had it last. A maintenance "
                        + "page or a canary of before is over."))
        case .untold(let reason):
            throw OrchestrationError.untoldLink(lost, reason: reason)
        }
    }

    private func judge(
        _ lost: LostLink, _ underway: Deployment?
    ) async throws -> (LinkEvidence.Verdict, Situation) {
        // The engine is asked first: before an app's first deployment, nothing is written for one
        // that cannot be deployed.
        let containers: [Container]
        do {
            containers = try await ports.engine.containers()
        } catch let error where lost.finding != .unwritten && !(error is CancellationError) {
            throw OrchestrationError.untoldLink(lost, reason: "\(error)".asClause)
        }
        let recorded = try await ports.store.deployments(limit: 100)
        let deployments =
            [underway].compactMap(\.self) + recorded.filter { $0.number != underway?.number }
        let verdict = LinkEvidence(lost, deployments, containers).verdict
        let colour: Colour? = if case .had(let colour) = verdict { colour } else { nil }
        return (
            verdict,
            Situation(
                live: colour, containers: containers, deployments: deployments,
                releases: try await ports.store.releases())
        )
    }

    private func routes(_ colour: Colour, in situation: Situation) async throws -> RoutingTable {
        guard let active = situation.active else {
            throw OrchestrationError.activeUnknown(colour)
        }
        guard let services = situation.services(of: active) else {
            throw OrchestrationError.servicesUnknown(active)
        }
        let others = situation.services(of: situation.idle) ?? services
        return RoutingTable(
            colour, own: try await ports.engine.routes(for: services, in: colour),
            other: try await ports.engine.routes(for: others, in: colour.other))
    }

    private func prove(_ colour: Colour) async throws {
        do {
            try await ports.router.confirm(.all(colour))
        } catch let error where !(error is CancellationError) {
            // The workers are told again.
            try await ports.router.route(.all(colour))
            try await ports.router.confirm(.all(colour))
        }
    }
}

extension Deployment {
    /// The set with traffic, or most of it, on the way forward and at the end; nil where none has, while
    /// it moves, and where that is not known.
    fileprivate var serving: Placement? {
        guard let position else { return recordedPlacement }
        guard position.way == .forward, !facts.has(.madeRoom) else { return nil }
        if case .route = position.stage { return nil }
        return facts.has(.switched) ? candidate : previous
    }
}

extension String {
    /// A sentence as the end of another one.
    fileprivate var asClause: String { hasSuffix(".") ? String(dropLast()) : self }
}
