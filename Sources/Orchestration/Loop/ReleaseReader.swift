import BlueGreen
import Synchronization

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

/// Remembers why the files could not be read, since a step's failure is but a sentence.
final class ErrorKeepingSource: ReleaseSource {
    private let source: any ReleaseSource
    private let kept = Mutex<(any Error)?>(nil)

    init(_ source: any ReleaseSource) {
        self.source = source
    }

    var error: (any Error)? { kept.withLock(\.self) }

    func findPrograms() async throws { try await source.findPrograms() }

    func draft() async throws -> any ReleaseDraft {
        do {
            return try await source.draft()
        } catch let error where !(error is CancellationError) {
            kept.withLock { $0 = error }
            throw error
        }
    }
}
