/// The cgroups of one process, as `/proc/PID/cgroup` tells them.
struct CgroupMembership: Hashable, Sendable {
    /// In the one hierarchy of version 2.
    private(set) var unified: CgroupPath?
    /// By the controllers of version 1; several may share a hierarchy.
    private var separate: [String: CgroupPath] = [:]

    /// Lines are `4:memory:/path`, `2:cpu,cpuacct:/path` and, for version 2, `0::/path`; those of
    /// another shape are passed over.
    init(_ text: String) {
        for line in text.split(separator: "\n") {
            let fields = line.split(
                separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3, let path = CgroupPath(String(fields[2])) else { continue }
            if fields[1].isEmpty { unified = path }
            for controller in fields[1].split(separator: ",") {
                separate[String(controller)] = path
            }
        }
    }

    /// Whether it is the witness's: a daemon in another process namespace tells numbers that mean
    /// other processes here, and no cgroup of those has the container's name.
    func isOf(_ witness: ConfinementWitness) -> Bool {
        ([unified].compactMap(\.self) + separate.values).contains { witness.confining($0) != nil }
    }

    func path(in mount: CgroupMount, for controller: CgroupController) -> CgroupPath? {
        switch mount.version {
        case .one: separate[controller.rawValue]
        case .two: unified
        }
    }
}
