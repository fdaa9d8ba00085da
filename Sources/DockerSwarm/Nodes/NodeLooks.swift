import Synchronization

/// The looks at nodes of one run, so that `teal plan` asks each node once.
final class NodeLooks: Sendable {
    private let known = Mutex<[NodeNeeds: [NodeLook.Finding]]>([:])

    func findings(
        _ needs: NodeNeeds, by look: NodeLook
    ) async throws -> [NodeLook.Finding] {
        if let found = known.withLock({ $0[needs] }) { return found }
        let found = try await look.ask(needs)
        known.withLock { $0[needs] = found }
        return found
    }
}
