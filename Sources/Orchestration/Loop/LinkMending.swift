import BlueGreen

/// Puts right what nginx's folder has lost. Every command that writes begins so: nothing is decided
/// by a link that tells nothing.
struct LinkMending: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// - Throws: `OrchestrationError.untoldLink`, with nothing changed, where nobody can tell who
    ///   had traffic; `.linkNotPutBack` where nginx could not be shown to follow.
    func mend() async throws {
        try await heal()
        switch try await ports.router.readLink() {
        case .leads: return
        case .unwritten(let lost), .lost(let lost): try await putBack(lost)
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

    private func putBack(_ lost: LostLink) async throws {
        // The link itself tells who it is, so nothing is to be found out.
        if case .unmarked = lost.finding {
            let losses = try await ports.router.losses()
            throw losses.isEmpty
                ? OrchestrationError.lostLink(lost) : OrchestrationError.folderLost(losses)
        }
        let (verdict, situation) = try await judge(lost)
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

    private func judge(_ lost: LostLink) async throws -> (LinkEvidence.Verdict, Situation) {
        // The engine is asked first: before an app's first deployment, nothing is written for one
        // that cannot be deployed.
        let containers: [Container]
        do {
            containers = try await ports.engine.containers()
        } catch let error where lost.finding != .unwritten && !(error is CancellationError) {
            throw OrchestrationError.untoldLink(lost, reason: "\(error)".asClause)
        }
        let deployments = try await ports.store.deployments(limit: 100)
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

extension String {
    /// A sentence as the end of another one.
    fileprivate var asClause: String { hasSuffix(".") ? String(dropLast()) : self }
}
