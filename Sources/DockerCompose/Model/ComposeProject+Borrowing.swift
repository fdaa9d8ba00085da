import BlueGreen

/// Services that take something from another one's container.
extension ComposeProject {
    /// - Returns: a sentence for each service that is not one container of the borrower's own
    ///   colour.
    func borrowingProblems(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> [String] {
        service.borrowings.filter { borrowing in
            let isSplit = services.contains {
                $0.name == borrowing.lender && replicas(of: $0, settings) > 1
            }
            let isApart =
                (role(of: borrowing.lender, settings) == .shared)
                != (role(of: service.name, settings) == .shared)
            return isSplit || isApart
        }.map { borrowing in
            "\(service.name) uses \(borrowing.what) of \(borrowing.lender), which is not one "
                + "container of its own colour. Remove `\(borrowing.key)`."
        }
    }
}

extension ComposeService {
    /// One thing that a service takes from another.
    struct Borrowing: Hashable, Sendable {
        /// Of the compose file.
        let key: String
        let what: String
        let lender: String
    }

    var borrowings: [Borrowing] {
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

    private static func lender(_ mode: String) -> String? {
        let mark = "service:"
        return mode.hasPrefix(mark) ? String(mode.dropFirst(mark.count)) : nil
    }
}
