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

    package func removeVolumes(_ unnamed: [UnnamedVolume]) async throws {
        throw SwarmError.unsupported(act: "remove the volumes of its nodes")
    }
}

extension SwarmEngine: EngineReadiness {
    package func parts() async -> [EnginePart] {
        [
            await part("docker", .running) {
                "\(settings.api.endpoint) answers, \(try await settings.api.ping())"
            },
            await part("swarm", .running) {
                let nodes = try await api.nodes().filter { $0.absence == nil }
                return "this node is a manager; ready: \(nodes.map(\.name).joined(separator: ", "))"
            },
            await part("compose", .reading) {
                let tool = try await settings.tool()
                let version = try await tool.version(by: settings.runner)
                return "\(tool.call.joined(separator: " ")) \(version)"
            },
        ]
    }

    private func part(
        _ name: String, _ purpose: EnginePart.Purpose, _ look: () async throws -> String
    ) async -> EnginePart {
        do {
            return EnginePart(name: name, purpose: purpose, finding: .works(try await look()))
        } catch {
            return EnginePart(name: name, purpose: purpose, finding: .fails("\(error)"))
        }
    }

    package func disk() async throws -> EngineDisk? { nil }

    package func networkRoom() async throws -> NetworkRoom {
        throw SwarmError.unsupported(act: "count the networks of its nodes")
    }
}
