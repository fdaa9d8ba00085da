package import BlueGreen
package import Orchestration

/// Services that take something from another one's container: both must be in one colour, or both
/// shared, and the lender must be there as long as the borrower is.
extension ComposeProject {
    package func borrowingProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [ServiceProblem] {
        let known = Set(running(settings).map(\.name))
        return service.borrowings.compactMap { borrowing in
            guard known.contains(borrowing.lender) else {
                return ServiceProblem(
                    service.name,
                    "\(service.name) uses \(borrowing.what) of \(borrowing.lender), which does not "
                        + "run. Remove `\(borrowing.key)` from \(service.name) in the compose file."
                )
            }
            return countProblem(service, borrowing, settings)
                ?? placeProblem(service, borrowing, settings)
        }
    }

    private func countProblem(
        _ service: ComposeService, _ borrowing: ComposeService.Borrowing,
        _ settings: [String: ServiceSettings]
    ) -> ServiceProblem? {
        let lender = borrowing.lender
        let count = services.first { $0.name == lender }.map { replicas(of: $0, settings) } ?? 0
        guard count > 1 else { return nil }
        return ServiceProblem(
            service.name,
            "\(service.name) uses \(borrowing.what) of \(lender), which would run \(count) times, "
                + "and takes them of one container only.", [Remedy(lender, [.replicas(1)])],
            otherwise: "remove `\(borrowing.key)` from \(service.name) in the compose file")
    }

    private func placeProblem(
        _ service: ComposeService, _ borrowing: ComposeService.Borrowing,
        _ settings: [String: ServiceSettings]
    ) -> ServiceProblem? {
        let (name, lender) = (service.name, borrowing.lender)
        let cause: String
        var remedies: [Remedy] = []
        switch (role(of: lender, settings), role(of: name, settings)) {
        case (.shared, .shared), (.singleton, .singleton), (.internal, .internal),
            (.internal, .exposed), (.internal, .singleton), (.exposed, .internal),
            (.exposed, .exposed), (.exposed, .singleton):
            return nil
        case (.shared, let own):
            cause = "which is shared, and \(name) has containers of its own in each colour"
            if own != .exposed, sharing(of: name, settings) == .possible {
                remedies = [Remedy(name, [.role(.shared)], "so that both run once")]
            }
        case (.singleton, .internal):
            cause = "which runs in one colour at a time, and \(name) in both"
            remedies = [Remedy(name, [.role(.singleton)])]
        case (.singleton, .exposed):
            cause = "which runs in one colour at a time, and \(name) in both"
        case (.singleton, .shared), (.internal, .shared), (.exposed, .shared):
            cause = "of which each colour has its own, and \(name) is shared"
            remedies = [
                sharing(of: name, settings) == .possible
                    ? Remedy(lender, [.role(.shared)], "so that both run once")
                    : Remedy(name, [.role(.internal)])
            ]
        }
        let text = "\(name) uses \(borrowing.what) of \(lender), \(cause)."
        let way = "remove `\(borrowing.key)` from \(name) in the compose file"
        return remedies.isEmpty
            ? ServiceProblem(name, "\(text) To go on, \(way).", others: [lender])
            : ServiceProblem(name, text, remedies, otherwise: way, others: [lender])
    }
}

extension ComposeService {
    /// One thing that a service takes from another.
    package struct Borrowing: Hashable, Sendable {
        /// Of the compose file.
        package let key: String
        package let what: String
        package let lender: String
    }

    package var borrowings: [Borrowing] {
        let modes = [
            ("network_mode", "the network"), ("pid", "the processes"), ("ipc", "the memory"),
        ]
        let namespaces = modes.compactMap { key, what in
            model[key]?.string.flatMap(Self.lender).map {
                Borrowing(key: key, what: what, lender: $0)
            }
        }
        let volumes = (model["volumes_from"]?.array ?? []).compactMap(\.string)
            .filter { !$0.hasPrefix("container:") }
            .compactMap { $0.split(separator: ":").first }
            .map { Borrowing(key: "volumes_from", what: "the volumes", lender: String($0)) }
        return namespaces + volumes
    }

    /// The service whose network it has.
    package var networkLender: String? { networkMode.flatMap(Self.lender) }

    private static func lender(_ mode: String) -> String? {
        let mark = "service:"
        return mode.hasPrefix(mark) ? String(mode.dropFirst(mark.count)) : nil
    }
}
