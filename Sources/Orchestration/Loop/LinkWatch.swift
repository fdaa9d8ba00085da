import BlueGreen

/// Looks whether traffic is still where a deployment has put it. Where somebody moves the link
/// meanwhile the deployment ends, and its candidate loses the traffic that it has.
struct LinkWatch: Sendable {
    private let ports: Ports
    private let deployment: Deployment

    init(_ ports: Ports, _ deployment: Deployment) {
        self.ports = ports
        self.deployment = deployment
    }

    /// - Parameter stage: nil once the candidate has been watched.
    /// - Returns: nil also where the link is lost, or leads to where nothing serves: that tells of
    ///   nobody's wish, and the next step puts it back.
    /// - Throws: nothing but `CancellationError`.
    func trouble(in stage: ObservationStage? = nil) async throws -> Failure? {
        let expected: Colour? =
            switch stage {
            case .before, .canary: deployment.previous?.colour
            case .bake, nil: deployment.candidate.colour
            }
        guard let expected, let traffic = try await linked(), let found = traffic.colour else {
            return nil
        }
        if found != expected {
            if try await LinkMending(ports).leadsToNobody(found, during: deployment) { return nil }
            return Failure(
                .overtaken,
                "The link was moved from \(expected) to \(found) while this deployment was under "
                    + "way.")
        }
        if case .canary(let share) = stage, traffic.canary != share {
            return Failure(
                .overtaken,
                "The link was moved while this deployment was under way: it gave the candidate "
                    + "\(share.text), and says something else now.")
        }
        return nil
    }

    private func linked() async throws -> Traffic? {
        do {
            guard case .leads(let traffic) = try await ports.router.readLink() else { return nil }
            return traffic
        } catch let error where !(error is CancellationError) {
            return nil
        }
    }
}
