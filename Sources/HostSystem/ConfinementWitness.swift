/// A process whose cgroups show what Docker is confined to.
package enum ConfinementWitness: Hashable, Sendable {
    /// A running container's first process. Docker names the container's own cgroup after its id;
    /// what confines Docker are the cgroups above that one.
    case container(pid: Int, id: String)
    /// The Docker daemon, which is believed only where no container can be asked: its containers
    /// need not be where it is.
    case daemon(pid: Int)

    var pid: Int {
        switch self {
        case .container(let pid, _), .daemon(let pid): pid
        }
    }

    var isContainer: Bool {
        switch self {
        case .container: true
        case .daemon: false
        }
    }

    /// The innermost cgroup that confines Docker, as this process tells it.
    ///
    /// - Parameter path: of the process in one hierarchy.
    /// - Returns: nil where the path is not that of the container.
    func confining(_ path: CgroupPath) -> CgroupPath? {
        switch self {
        case .container(_, let id):
            return path.above(nameContaining: id)
        case .daemon:
            // systemd gives a service a cgroup for itself; containers get theirs beside it, or in
            // a slice above it.
            let isService = path.names.last?.hasSuffix(".service") ?? false
            return isService ? path.parent : path
        }
    }
}
