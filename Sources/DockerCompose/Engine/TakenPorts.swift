import BlueGreen
import DockerEngine
import HostSystem
import Orchestration

/// The ports of the host that a set's shared services publish, and that somebody else has already.
/// Docker would refuse to start them.
struct TakenPorts {
    /// All of the host.
    let containers: [ListedContainer]
    /// Whether anything on the host listens there already.
    let isListening: (_ host: String, _ port: Int) -> Bool

    func obstacles(to set: ContainerSet) -> [Obstacle] {
        set.shared.filter { !isRunning($0, in: set) }.flatMap { service in
            set.publishedAddresses(of: service).compactMap { address in
                holder(of: address).map { obstacle(service, address, $0) }
            }
        }
    }

    /// It has its ports by itself.
    private func isRunning(_ service: PlannedService, in set: ContainerSet) -> Bool {
        containers.contains {
            $0.isOwn(of: set.app) && $0.mayRun && $0.replica?.service == service.name
        }
    }

    /// nil where the port is free.
    private func holder(of address: PublishedAddress) -> String? {
        let holder = containers.first { container in
            container.mayRun && (container.ports ?? []).contains(where: address.meets)
        }
        if let holder { return "the container \(holder.name)" }
        guard address.transport == "tcp", isListening(address.host, address.port) else {
            return nil
        }
        return "a program of the host (`ss -tlnp sport = :\(address.port)` tells which)"
    }

    private func obstacle(
        _ service: PlannedService, _ address: PublishedAddress, _ holder: String
    ) -> Obstacle {
        Obstacle(
            "\(service.name) publishes the host's port \(address.port), which \(holder) has "
                + "already. Stop that, publish another port in the compose file, or leave it "
                + "unpublished in teal.yml, if nothing outside the app needs it: `unpublished: "
                + "[\(address.port)]` for \(service.name).",
            hindersWayBack: false)
    }
}

/// A single port of the host, at an address of its own or at all of them.
struct PublishedAddress: Hashable, Sendable {
    /// `0.0.0.0` for all.
    let host: String
    let port: Int
    /// `tcp` or `udp`.
    let transport: String

    /// nil where the engine chooses the port, also from a range.
    init?(_ entry: JSONValue) {
        let published = entry["published"]
        guard let port = published?.integer ?? published?.string.flatMap({ Int($0) }), port > 0
        else { return nil }
        self.port = port
        host = entry["host_ip"]?.string ?? "0.0.0.0"
        transport = entry["protocol"]?.string ?? "tcp"
    }

    func meets(_ other: ListedContainer.Port) -> Bool {
        guard other.published == port, other.transport == transport else { return false }
        let all: Set = ["0.0.0.0", "::", ""]
        let theirs = other.host ?? ""
        return all.contains(host) || all.contains(theirs) || host == theirs
    }
}

extension ContainerSet {
    fileprivate func publishedAddresses(of service: PlannedService) -> [PublishedAddress] {
        let ports = ComposeService(name: service.name, model: model(of: service))
            .ports(settings[service.name] ?? ServiceSettings())
        return (ports?.array ?? []).compactMap { PublishedAddress($0) }
    }
}
