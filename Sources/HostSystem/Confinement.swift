import BlueGreen

/// The cgroups that hold all of Docker's containers, limits or not; those of a container alone
/// are its own business.
struct Confinement: Hashable, Sendable {
    /// Outermost first, down to the innermost.
    private let memory: [Cgroup]
    private let processor: [Cgroup]

    /// - Parameter memberships: of all the witnesses that could be found. Containers that stand
    ///   in different cgroups are confined by what these have in common.
    init(_ memberships: [ConfinementWitness: CgroupMembership], mounts: [CgroupMount]) {
        memory = Self.cgroups(of: .memory, memberships, mounts)
        processor = Self.cgroups(of: .processor, memberships, mounts)
    }

    /// A daemon that was started anew may have put its containers elsewhere.
    var isThere: Bool {
        let files = FileSystem()
        return [memory.last, processor.last].allSatisfy { group in
            group.map { files.exists($0.folder) } ?? true
        }
    }

    /// The rest of the host's memory, and the cgroup with the lowest limit.
    func memory(
        within host: MemoryInformation
    ) throws -> (left: MemoryInformation, tightest: Cgroup?) {
        var left = host
        var tightest: Cgroup?
        for group in memory {
            guard let found = try group.memory(below: host.total) else { continue }
            if found.limit < left.total { tightest = group }
            left = left.within(found)
        }
        return (left, tightest)
    }

    /// The cgroup with the lowest quota; nil where each leaves the containers all processors.
    func tightestProcessorQuota(among processors: Int) throws -> Cgroup? {
        var lowest = Double(processors)
        var tightest: Cgroup?
        for group in processor {
            guard let quota = try group.processorQuota(), quota < lowest else { continue }
            lowest = quota
            tightest = group
        }
        return tightest
    }

    private static func cgroups(
        of controller: CgroupController, _ memberships: [ConfinementWitness: CgroupMembership],
        _ mounts: [CgroupMount]
    ) -> [Cgroup] {
        // A controller is in one version only: where version 1 has it, version 2 has it not.
        let separate = mounts.filter { $0.has(controller) }
        let unified = mounts.filter { $0.version == .two }
        let candidates = separate.isEmpty ? unified : separate
        for mount in candidates {
            guard let path = innermost(memberships, { $0.path(in: mount, for: controller) })
            else { continue }
            let groups = path.levels.compactMap { level in
                mount.folder(of: level).map { folder in
                    Cgroup(
                        version: mount.version, folder: folder,
                        pressureFolder: pressureFolder(of: level, memberships, unified))
                }
            }
            if !groups.isEmpty { return groups }
        }
        return []
    }

    private static func pressureFolder(
        of level: CgroupPath, _ memberships: [ConfinementWitness: CgroupMembership],
        _ unified: [CgroupMount]
    ) -> String? {
        guard let path = innermost(memberships, \.unified), path.isWithin(level) else {
            return nil
        }
        return unified.lazy.compactMap { $0.folder(of: level) }.first
    }

    private static func innermost(
        _ memberships: [ConfinementWitness: CgroupMembership],
        _ path: (CgroupMembership) -> CgroupPath?
    ) -> CgroupPath? {
        let paths = memberships.compactMap { witness, membership in
            path(membership).flatMap(witness.confining)
        }
        return paths.dropFirst().reduce(paths.first) { $0?.shared(with: $1) }
    }
}

/// A process whose cgroups show the limits of Docker.
package enum ConfinementWitness: Hashable, Sendable {
    /// A running container's first process. Docker names the container's own cgroup after its id;
    /// the cgroups above that one confine Docker.
    case container(pid: Int, id: String)
    /// The Docker daemon, asked only where no container can be: its containers need not be where it
    /// is.
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
