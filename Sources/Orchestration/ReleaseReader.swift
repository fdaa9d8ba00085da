import BlueGreen

/// Reads a new release from today's files, and keeps all that it is started from.
struct ReleaseReader: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    func read(as id: ReleaseID, label: String?) async throws -> Release {
        let draft = try await ports.source.draft()
        draft.notices.forEach(note)
        let release = Release(
            id: id, label: label, createdAt: ports.clock.now, services: draft.services)
        try await draft.record(as: id).forEach(note)
        try await ports.store.save(release)
        return release
    }

    private func note(_ text: String) {
        ports.reporter.report(.note(text))
    }
}
