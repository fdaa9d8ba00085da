package import BlueGreen
package import Orchestration

extension NginxRouter: EdgeProbe {
    package func probe(
        _ service: PlannedService, through target: EdgeTarget
    ) async -> EdgeResult {
        do {
            let address = try await known.address()
            let request = EdgeRequest(
                AppNames(app: settings.app), to: service, through: target,
                address: try endpoint(of: service, target) ?? "\(address)")
            guard let answer = try await nginx.status.answer(to: request, at: address) else {
                return try await silence(on: request, at: address)
            }
            return result(answer.finding(request.need), of: request)
        } catch {
            return .brokenEdge(
                EdgeFault(
                    .silent, "could not be asked", remedy: "\(error)"))
        }
    }

    /// The first of the service's containers, as the files on disk have them.
    private func endpoint(
        of service: PlannedService, _ target: EdgeTarget
    ) throws -> String? {
        guard let table = try folder.manifest()?.blueprint.table else { return nil }
        let colour: Colour? =
            switch target {
            case .live: try folder.state().colour
            case .colour(let colour): colour
            }
        guard let colour else { return nil }
        return table[colour].first { $0.service == service.name }?.endpoints.first
    }

    /// nginx would have told by now that it cannot connect, so that the service is slow, unless
    /// nginx itself is.
    private func silence(
        on request: EdgeRequest, at address: StatusAddress
    ) async throws -> EdgeResult {
        _ = try await nginx.status.status(of: settings.app, at: address)
        switch request.need {
        case .connection: return .passed
        case .answer: return .brokenApp(.timedOut(request.limit))
        }
    }

    private func result(_ finding: EdgeAnswer.Finding, of request: EdgeRequest) -> EdgeResult {
        switch finding {
        case .passed: .passed
        case .status(let status): .brokenApp(.status(status))
        case .unanswered: .brokenApp(.noAnswer)
        case .unconnected(let address?):
            .brokenEdge(
                EdgeFault(
                    .unconnected, "could not connect to \(address)",
                    remedy: EdgeRemedy(settings).text))
        case .unconnected(nil), .refused:
            .brokenEdge(
                EdgeFault(
                    .unrouted, "has no address of it",
                    remedy: "Its error log says why; `teal plan` shows the files that it should "
                        + "have."))
        }
    }
}
