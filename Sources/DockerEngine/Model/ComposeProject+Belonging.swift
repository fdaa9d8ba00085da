package import BlueGreen
package import Orchestration

/// The part of a service in the release, as far as the compose file tells without a look at names.
extension ComposeProject {
    package func belonging(
        of name: String, _ settings: [String: ServiceSettings]
    ) -> Remedy.Belonging {
        guard let service = services.first(where: { $0.name == name }), !service.looksLikeStore
        else { return .unknown }
        if isOneShot(name) { return .oneShot }
        let isBuilt = service.model["build"] != nil
        return isBuilt || isOfReleaseImage(service, settings) ? .program : .unknown
    }

    /// Whether it has the image of what visitors reach, or of what is built here.
    private func isOfReleaseImage(
        _ service: ComposeService, _ settings: [String: ServiceSettings]
    ) -> Bool {
        guard let image = service.model["image"]?.string else { return false }
        return services.contains { other in
            other.name != service.name && other.model["image"]?.string == image
                && (other.model["build"] != nil || role(of: other.name, settings) == .exposed)
        }
    }

    /// Whether others wait for its end.
    package func isOneShot(_ name: String) -> Bool {
        services.contains { $0.dependencies[name] == "service_completed_successfully" }
    }

    /// Whether the service could be shared: nothing that it waits for or takes something from, or
    /// that these do, is exposed, or a program of the release that only this service's own role
    /// would make shared. One that lends it something goes where it does.
    package func sharing(
        of service: String, _ settings: [String: ServiceSettings]
    ) -> Remedy.Sharing {
        let supports = supports(of: service, settings)
        if supports.all.contains(where: { role(of: $0, settings) == .exposed }) {
            return .impossible
        }
        let programs = supports.all.subtracting(supports.lenders).filter { name in
            role(of: name, settings) != .shared && belonging(of: name, settings) != .unknown
        }
        // Data that must not be doubled may be worth a shared dependency; a program is not.
        let isFine =
            programs.isEmpty || holdsOthersData(service, settings)
            || isNeededByData(service, settings)
        return isFine ? .possible : .impossible
    }

    private func holdsOthersData(_ name: String, _ settings: [String: ServiceSettings]) -> Bool {
        belonging(of: name, settings) == .unknown
            && services.first { $0.name == name }?.keepsData(kinds) == true
    }

    /// Whether a shared service with data cannot be without it.
    private func isNeededByData(_ name: String, _ settings: [String: ServiceSettings]) -> Bool {
        running(settings).contains { other in
            role(of: other.name, settings) == .shared && holdsOthersData(other.name, settings)
                && supports(of: other.name, settings).all.contains(name)
        }
    }

    /// All that it waits for or takes something from, and what these do.
    private func supports(
        of service: String, _ settings: [String: ServiceSettings]
    ) -> (all: Set<String>, lenders: Set<String>) {
        let running = running(settings)
        var seen: Set<String> = [service]
        var lenders: Set<String> = []
        var waiting = [service]
        while let name = waiting.popLast() {
            guard let next = running.first(where: { $0.name == name }) else { continue }
            let lending = Set(next.borrowings.map(\.lender))
            lenders.formUnion(lending)
            for next in lending.union(next.dependencies.keys) where seen.insert(next).inserted {
                waiting.append(next)
            }
        }
        return (seen.subtracting([service]), lenders)
    }
}

extension ComposeService {
    /// A volume or folder stands where a usual store keeps its data.
    fileprivate var looksLikeStore: Bool {
        mounts.contains { mount in StoreFolders.all.contains(where: mount.target.hasPrefix) }
    }
}
