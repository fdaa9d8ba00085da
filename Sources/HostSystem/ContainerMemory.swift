package import BlueGreen

/// The memory of a container on this host, read from its cgroup. Docker's own answer takes up to
/// a second, since it waits for the next round of its collector.
package struct ContainerMemory: Sendable {
    private let proc: String
    private let mounts: [CgroupMount]

    /// - Parameter proc: where procfs is mounted.
    package init(proc: String = "/proc") throws {
        self.proc = proc
        mounts = CgroupMount.all(in: try KernelFile("\(proc)/self/mountinfo").text() ?? "")
    }

    /// Without the file cache that the kernel would take back at once.
    ///
    /// - Parameters:
    ///   - pid: of the container's first process.
    ///   - id: the container's, after which Docker names its cgroup.
    /// - Returns: nil where it is no process of this host, or its cgroup cannot be read from here.
    package func held(by pid: Int, ofContainer id: String) throws -> ByteCount? {
        try cgroup(of: pid, ofContainer: id)?.held()
    }

    /// How many of the container's processes were OOM-killed since it was started.
    ///
    /// - Returns: nil where that is not told.
    package func kills(by pid: Int, ofContainer id: String) throws -> Int64? {
        try cgroup(of: pid, ofContainer: id)?.kills()
    }

    private func cgroup(of pid: Int, ofContainer id: String) throws -> Cgroup? {
        guard let text = try KernelFile("\(proc)/\(pid)/cgroup").text() else { return nil }
        let membership = CgroupMembership(text)
        let separate = mounts.filter { $0.has(.memory) }
        for mount in separate.isEmpty ? mounts.filter({ $0.version == .two }) : separate {
            guard let path = membership.path(in: mount, for: .memory)?.through(nameContaining: id),
                let folder = mount.folder(of: path)
            else { continue }
            return Cgroup(version: mount.version, folder: folder, pressureFolder: nil)
        }
        return nil
    }
}

extension CgroupPath {
    /// The outermost cgroup whose name contains the part; nil where none does.
    fileprivate func through(nameContaining part: String) -> CgroupPath? {
        above(nameContaining: part).map {
            CgroupPath(names: Array(names.prefix($0.names.count + 1)))
        }
    }
}
