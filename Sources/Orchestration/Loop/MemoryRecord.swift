import BlueGreen

/// Keeps the memory that the app's services are seen to use, for the next room check.
struct MemoryRecord: Sendable {
    private let ports: Ports

    init(_ ports: Ports) {
        self.ports = ports
    }

    /// Looks at all running containers, once. A failed look is only a note: it makes a later
    /// estimate coarser.
    ///
    /// - Parameter active: the release that the shared containers' use is kept with.
    func look(active: ReleaseID) async throws {
        do {
            let use = try await ports.engine.memoryUse()
            var seen: [ReleaseID: [String: MemoryUse]] = [:]
            for container in try await ports.engine.containers() {
                guard let held = use[container.id] else { continue }
                let release = container.placement?.release ?? active
                seen[release, default: [:]][container.replica.service, default: MemoryUse()]
                    .held.raise(to: held)
            }
            for (release, services) in seen.sorted(by: { $0.key < $1.key }) {
                try await ports.store.save(memory: services, of: release)
            }
        } catch let error where !(error is CancellationError) {
            ports.reporter.report(.note("The use of memory was not recorded: \(error)"))
        }
    }

    /// What one container of each service was seen to take. It comes after each start, so that one
    /// that could not be kept is no news.
    func note(_ seen: [String: MemoryUse], of release: ReleaseID) async throws {
        do {
            try await ports.store.save(memory: seen, of: release)
        } catch let error where !(error is CancellationError) {
            return
        }
    }
}

extension ByteCount {
    mutating func raise(to other: ByteCount) { self = max(self, other) }
}
