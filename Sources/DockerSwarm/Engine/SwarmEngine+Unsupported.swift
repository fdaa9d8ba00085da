package import BlueGreen
import DockerEngine
package import Orchestration

/// Parts of an engine that verbs ask for which `engine: swarm` refuses.
extension SwarmEngine: HookRunner {
    package func run(
        _ hook: Hook, _ circumstances: HookCircumstances,
        onLine: @escaping @Sendable (String) -> Void
    ) async throws -> HookEnding {
        throw SwarmError.unsupported(act: "run a hook inside a container")
    }
}

extension SwarmEngine: Housekeeping {
    package func clutter(keeping needed: Set<ReleaseID>) async throws -> [Clutter] { [] }

    package func remove(_ clutter: [Clutter]) async throws -> ByteCount { .zero }

    package func takeDown() async throws {
        throw SwarmError.unsupported(act: "take the app down")
    }

    package func removeVolumes() async throws {
        throw SwarmError.unsupported(act: "remove the volumes of its nodes")
    }
}

extension SwarmEngine: EngineReadiness {
    package func parts() async -> [EnginePart] { [] }

    package func disk() async throws -> EngineDisk? { nil }

    package func networkRoom() async throws -> NetworkRoom {
        throw SwarmError.unsupported(act: "count the networks of its nodes")
    }
}
