package import BlueGreen
import Synchronization

/// The records of a store as far as they can be read. What cannot be read is not there, and why is
/// remembered: nginx and the engine still tell who has traffic.
package final class ReadableHistory: DeploymentStore {
    private let store: (any DeploymentStore)?
    private let trouble: Mutex<String?>

    /// - Parameter open: opens the store for reading.
    package init(_ open: () throws -> any DeploymentStore) {
        do {
            store = try open()
            trouble = Mutex(nil)
        } catch {
            store = nil
            trouble = Mutex("\(error)")
        }
    }

    /// Why a part of it could not be read; nil while all of it could.
    package var problem: String? { trouble.withLock(\.self) }

    package func deployments(limit: Int) async throws -> [Deployment] {
        await read([]) { try await $0.deployments(limit: limit) }
    }

    package func releases() async throws -> [Release] {
        await read([]) { try await $0.releases() }
    }

    package func memoryUses() async throws -> [String: MemoryUse] {
        await read([:]) { try await $0.memoryUses() }
    }

    package func save(_ deployment: Deployment) async throws {
        try await store?.save(deployment)
    }

    package func save(_ release: Release) async throws {
        try await store?.save(release)
    }

    package func deleteRelease(_ id: ReleaseID) async throws {
        try await store?.deleteRelease(id)
    }

    package func save(memory seen: [String: MemoryUse], of release: ReleaseID) async throws {
        try await store?.save(memory: seen, of: release)
    }

    private func read<Records>(
        _ none: Records, _ body: (any DeploymentStore) async throws -> Records
    ) async -> Records {
        guard let store else { return none }
        do {
            return try await body(store)
        } catch {
            let reason = "\(error)"
            trouble.withLock { $0 = $0 ?? reason }
            return none
        }
    }
}
