import BlueGreen
import DockerEngine
import HostSystem
package import Orchestration

extension ComposeEngine: EngineReadiness {
    package func parts() async -> [EnginePart] {
        [
            await part("docker", .running) {
                "\(api.endpoint) answers, \(try await api.ping())"
            },
            await part("compose", .reading) {
                let tool = try await settings.tool()
                let version = try await tool.version(by: settings.runner)
                return "\(tool.call.joined(separator: " ")) \(version)"
            },
        ]
    }

    package func disk() async throws -> EngineDisk? {
        switch api.endpoint {
        case .tcp: return nil
        case .socket: break
        }
        let folders = try await api.information().folders
        // The first is told where it is missing; others need not be there.
        let present = folders.prefix(1) + folders.dropFirst().filter { FileSystem().isFolder($0) }
        return try DiskReserve.tightest(of: Array(present)).map {
            EngineDisk(folder: $0.folder, free: $0.free, command: "docker system df")
        }
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
}
