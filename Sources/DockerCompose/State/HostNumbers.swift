package import BlueGreen
import DockerEngine

/// Which host number each exposed replica has in both colours' networks, 10 for `web-1`.
///
/// A replica keeps its number for as long as any release has it. Numbers that were counted out of
/// the sorted names would move when a service is added, and every deployment that moves an address
/// costs nginx a reload. So they are kept in a file of the app's state folder; a lost file costs
/// one such reload and nothing else.
package struct HostNumbers: Hashable, Codable, Sendable {
    private static let currentVersion = 1
    private static let first = 10

    private let version: Int
    /// By replica, `web-1`.
    private var hosts: [String: Int]

    package init() {
        version = Self.currentVersion
        hosts = [:]
    }

    package subscript(replica: Replica) -> Int? {
        hosts[Self.key(replica)]
    }

    /// Gives each exposed replica that has none the lowest number that nobody has.
    package mutating func assign(_ services: [PlannedService]) {
        var taken = Set(hosts.values)
        for replica in Self.exposedReplicas(services) where self[replica] == nil {
            var number = Self.first
            while taken.contains(number) { number += 1 }
            hosts[Self.key(replica)] = number
            taken.insert(number)
        }
    }

    /// Forgets the numbers of replicas that no kept release has.
    package mutating func keep(_ services: [PlannedService]) {
        let kept = Set(Self.exposedReplicas(services).map(Self.key))
        hosts = hosts.filter { kept.contains($0.key) }
    }

    private static func exposedReplicas(_ services: [PlannedService]) -> [Replica] {
        services.filter { $0.role == .exposed }
            .flatMap { service in
                (1...max(service.replicas, 1)).map { Replica(service: service.name, index: $0) }
            }
            .sorted()
    }

    /// A slash is in no service's name, so that replica 1 of `web-1` is not replica 1-1 of `web`.
    private static func key(_ replica: Replica) -> String {
        "\(replica.service)/\(replica.index)"
    }
}
