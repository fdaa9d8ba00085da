package import BlueGreen
import DockerEngine
import FoundationEssentials
import HostSystem
package import Orchestration

extension ComposeEngine {
    package func containers() async throws -> [Container] {
        let listed = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
        await inspections.forgetAll(but: Set(listed.map(\.id)))
        return try await withThrowingTaskGroup(of: Container?.self) { group in
            for container in listed {
                group.addTask { try await observed(container) }
            }
            var all: [Container] = []
            for try await container in group { container.map { all.append($0) } }
            return all.sorted { $0.name < $1.name }
        }
    }

    package func logs(of container: Container, lines: Int) async throws -> [String] {
        try await api.logs(ofContainer: container.id, lines: lines)
    }

    package func memoryUse() async throws -> [String: ByteCount] {
        let running = try await api.containers(labels: ["\(ResourceLabel.app)=\(app)"])
            .filter { $0.state == "running" }
        let local = try localMemory()
        return try await withThrowingTaskGroup(of: (String, ByteCount?).self) { group in
            for container in running {
                group.addTask {
                    let pid = local == nil ? nil : try await inspect(container)?.state.pid
                    return (container.id, try await memoryUse(of: container.id, pid, local))
                }
            }
            var use: [String: ByteCount] = [:]
            for try await (id, held) in group { use[id] = held }
            return use
        }
    }

    package func memoryUse(ofContainer id: String) async throws -> ByteCount? {
        let local = try localMemory()
        // Its cgroup bears the container's name, so that no other process is taken for its own.
        if let held = try held(id, by: await inspections.lastPID(ofContainer: id), local) {
            return held
        }
        let pid = try await api.inspectContainer(id)?.state.pid
        return try await memoryUse(of: id, pid, local)
    }

    /// nil where the daemon may be that of another host.
    func localMemory() throws -> ContainerMemory? {
        switch api.endpoint {
        case .socket: try ContainerMemory()
        case .tcp: nil
        }
    }

    private func memoryUse(
        of id: String, _ pid: Int?, _ local: ContainerMemory?
    ) async throws -> ByteCount? {
        if let held = try held(id, by: pid, local) { return held }
        return try await api.memoryUse(of: id)
    }

    /// nil where this host's kernel does not tell it.
    private func held(_ id: String, by pid: Int?, _ local: ContainerMemory?) throws -> ByteCount? {
        guard let local, let pid, pid > 0 else { return nil }
        return try local.held(by: pid, ofContainer: id)
    }

    package func listeners(of container: Container) async throws -> [Listener] {
        guard let inspected = try await api.inspectContainer(container.id),
            inspected.state.pid > 0
        else { return [] }
        return try TCPConnections().listeners(ofProcess: inspected.state.pid)
    }

    package func execute(
        _ command: [String], in container: Container, timeout: Duration
    ) async throws -> ProbeResult {
        do {
            let code = try await api.execute(
                Execution(words: command, timeLimit: timeout), inContainer: container.id)
            return code == 0 ? .passed : .failed(.exit(code))
        } catch DockerError.noAnswer {
            return .failed(.timedOut(timeout))
        } catch DockerError.engine(_, _, let text) {
            return .failed(.other(text))
        }
    }

    /// nil for one that somebody else labelled, or that went while it was looked at.
    private func observed(_ listed: ListedContainer) async throws -> Container? {
        guard let replica = listed.replica, let role = listed.role else { return nil }
        let placement = listed.placement
        guard role == .shared || placement != nil else { return nil }
        var inspected: InspectedContainer?
        if listed.state != "created" {
            inspected = try await inspect(listed)
            guard inspected != nil else { return nil }
        }
        let networks =
            placement.map { [$0.colour] } ?? Colour.allCases
        return Container(
            id: listed.id, name: listed.name, replica: replica, role: role, placement: placement,
            state: state(of: listed, inspected), health: inspected?.reportedHealth,
            healthOutput: inspected?.state.health?.lastOutput,
            restarts: inspected?.restarts ?? 0,
            keepsRunning: inspected?.keepsRunning ?? false,
            createdAt: inspected?.createdAt, startedAt: inspected?.startedAt,
            address: networks.lazy.compactMap { address(of: listed, in: $0) }.first,
            memoryLimit: inspected?.memoryLimit)
    }

    /// In the colour's own network, else in another of the colour, else in one of the user's.
    private func address(of listed: ListedContainer, in colour: Colour) -> String? {
        let own = ResourceNames.project(app, colour)
        let others = (listed.networkSettings?.networks ?? [:]).keys.sorted()
        let named = others.filter { $0.hasPrefix(ResourceNames.network(app, colour, "")) }
        return ([own] + named + others).lazy.compactMap { listed.address(on: $0) }.first
    }

    func inspect(_ listed: ListedContainer) async throws -> InspectedContainer? {
        if let known = await inspections.container(for: listed) { return known }
        guard let container = try await api.inspectContainer(listed.id) else { return nil }
        await inspections.keep(container, for: listed)
        return container
    }

    /// The inspection is the later of the two looks.
    private func state(
        of listed: ListedContainer, _ inspected: InspectedContainer?
    ) -> Container.State {
        let word = inspected?.state.status ?? listed.state
        switch word {
        case "created": return .created
        case "running": return .running
        case "restarting": return .restarting
        case "exited":
            return .exited(
                code: inspected?.state.exitCode ?? -1,
                outOfMemory: inspected?.state.outOfMemory ?? false)
        default: return .other(word)
        }
    }
}

extension InspectedContainer {
    fileprivate var memoryLimit: ByteCount? {
        hostConfig.memoryLimit.flatMap { $0 > 0 ? ByteCount(bytes: $0) : nil }
    }

    fileprivate var keepsRunning: Bool {
        ["unless-stopped", "always"].contains(hostConfig.restartPolicy?.name)
    }

    /// Docker counts on where a container has lost its policy, and it is not started again.
    fileprivate var restarts: Int {
        hostConfig.restartPolicy?.name == "no" ? 0 : restartCount
    }

    fileprivate var createdAt: Timestamp? { created.flatMap(moment) }
    fileprivate var startedAt: Timestamp? { state.startedAt.flatMap(moment) }

    /// Whole seconds are enough for people and for crash loops.
    private func moment(_ text: String) -> Timestamp? {
        let seconds = try? Date(text.prefix(19) + "Z", strategy: .iso8601)
        return seconds.map { Timestamp(milliseconds: Int64($0.timeIntervalSince1970) * 1000) }
    }

    /// Docker says `none`, or nothing, of a container without a HEALTHCHECK.
    fileprivate var reportedHealth: BlueGreen.Health? {
        state.health.flatMap { BlueGreen.Health(rawValue: $0.status) }
    }
}
