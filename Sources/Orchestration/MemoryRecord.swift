import BlueGreen

/// Keeps what the app's services are seen to use of memory, so that the next room check knows.
struct MemoryRecord: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// Looks at all running containers, once. What cannot be seen is a note and nothing more: it
    /// only makes a later estimate coarser.
    ///
    /// - Parameter active: the release that the shared containers' use is kept with.
    func look(active: ReleaseID) async throws {
        do {
            let use = try await ports.engine.memoryUse()
            var seen: [ReleaseID: [String: ByteCount]] = [:]
            for container in try await ports.engine.containers() {
                guard let held = use[container.id] else { continue }
                let release = container.placement?.release ?? active
                let service = container.replica.service
                seen[release, default: [:]][service] = max(
                    held, seen[release]?[service] ?? .zero)
            }
            for (release, services) in seen.sorted(by: { $0.key < $1.key }) {
                try await ports.store.save(memory: services, of: release)
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            ports.reporter.report(.note("The use of memory was not recorded: \(error)"))
        }
    }
}
