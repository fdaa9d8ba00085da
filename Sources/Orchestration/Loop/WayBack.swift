import BlueGreen

/// The colour that a deployment takes traffic back to.
struct WayBack: Sendable {
    private let ports: Ports
    private let deployment: Deployment

    init(_ ports: Ports, _ deployment: Deployment) {
        self.ports = ports
        self.deployment = deployment
    }

    /// Whether traffic was never away from there, or is back: the link says so, and nginx's workers
    /// answer so. Then nothing is written, which may be what has just failed.
    ///
    /// - Throws: where traffic would go to nothing.
    func isOver(at division: Division) async throws -> Bool {
        guard deployment.position?.way == .back else { return false }
        try await refuseNothing(division)
        if try await ports.router.traffic().division == division {
            do {
                try await ports.router.confirm(division)
                return true
            } catch let error where !(error is CancellationError) { return false }
        }
        return false
    }

    /// A record may be older than the acts after it, as on a full disk, and the previous colour
    /// stopped since. Traffic never goes from a colour that runs to one where nothing does.
    ///
    /// nginx tells whom it reaches, at once. An engine that does not answer is no reason to keep
    /// traffic on a candidate that failed.
    private func refuseNothing(_ division: Division) async throws {
        guard !deployment.facts.has(.madeRoom), case .all(let colour) = division else { return }
        let reached = await reached
        if reached == colour { return }
        let serving: Set<Colour>
        do {
            let containers = try await ports.engine.containers().filter {
                $0.role == .exposed && $0.mayRun
            }
            serving = Set(containers.compactMap { $0.placement?.colour })
        } catch let error where !(error is CancellationError) {
            serving = reached.map { [$0] } ?? []
        }
        if serving == [colour.other] { throw OrchestrationError.nothingToGoBackTo(colour) }
    }

    /// The colour of which nginx reaches an exposed service, the previous one before the other; nil
    /// where it reaches neither.
    private var reached: Colour? {
        get async {
            let candidate = deployment.candidate.colour
            for (colour, services) in [
                (candidate.other, deployment.order.otherServices), (candidate, deployment.services),
            ] {
                for service in services where service.role == .exposed {
                    let result = await ports.edge.probe(service, through: .colour(colour))
                    if result == .passed { return colour }
                }
            }
            return nil
        }
    }
}
