import BlueGreen
import DockerEngine
import Orchestration

extension ContainerSet {
    /// A release keeps copies of its configs and secrets under names of their own, which say
    /// nothing of a difference.
    private static let incomparable: Set<String> = ["configs", "secrets"]

    /// The differences from an earlier release, by service, in alphabetical order.
    func changes(since earlier: ContainerSet) -> [ServiceChange] {
        let names = Set(services.map(\.name)).union(earlier.services.map(\.name)).sorted()
        return names.compactMap { name in
            let now = services.first { $0.name == name }
            let before = earlier.services.first { $0.name == name }
            guard let now else { return ServiceChange(name, .removed) }
            guard let before else { return ServiceChange(name, .added) }
            let own = definition(of: now)
            let other = earlier.definition(of: before)
            var keys = Set(own.keys(differingFrom: other)).subtracting(Self.incomparable)
            if now.role != before.role { keys.insert("role") }
            if now.replicas != before.replicas { keys.insert("replicas") }
            guard !keys.isEmpty else { return nil }
            return ServiceChange(
                name, .changed, keys: keys.sorted(),
                variables: keys.contains("environment") ? own.variables(differingFrom: other) : [])
        }
    }
}

extension ServiceDefinition {
    fileprivate func variables(differingFrom other: ServiceDefinition) -> [String] {
        let own = json["environment"]?.object ?? [:]
        let others = other.json["environment"]?.object ?? [:]
        return Set(own.keys).union(others.keys).filter { own[$0] != others[$0] }.sorted()
    }
}
