import DockerEngine
package import HostSystem

extension ComposeEngine {
    /// More would only say the same once more.
    private static let askedContainers = 8

    /// Whose cgroups show what Docker is confined to: some running containers of any app, or the
    /// daemon itself while none runs. A daemon that is not reached by a socket of this host has
    /// none.
    package func confinementWitnesses() async throws -> [ConfinementWitness] {
        switch api.endpoint {
        case .tcp:
            return []
        case .socket(let path):
            let running = try await runningContainers()
            if running.isEmpty {
                return SocketPeer.pid(listeningAt: path).map { [.daemon(pid: $0)] } ?? []
            }
            var witnesses: [ConfinementWitness] = []
            // The app's own were most likely inspected already.
            let own = running.filter { $0.labels[ResourceLabel.app] == app }
            let others = running.filter { $0.labels[ResourceLabel.app] != app }
            for container in (own + others).prefix(Self.askedContainers) {
                // One that has ended meanwhile has the number 0.
                guard let pid = try await inspect(container)?.state.pid, pid > 0
                else { continue }
                witnesses.append(.container(pid: pid, id: container.id))
            }
            return witnesses
        }
    }

    private func runningContainers() async throws -> [ListedContainer] {
        try await api.ask(
            EngineRequest(
                method: .get, path: "/containers/json", act: "list the running containers"))
    }
}
