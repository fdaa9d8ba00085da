/// Where a cgroup stands in its hierarchy, `/system.slice/docker.service`.
struct CgroupPath: Hashable, Sendable {
    /// From the root down; none for the root itself.
    let names: [String]

    init(names: [String]) {
        self.names = names
    }

    /// nil for a place outside of this process's cgroup namespace, which is told as `/../other`,
    /// and for what is no path.
    init?(_ text: String) {
        guard text.hasPrefix("/") else { return nil }
        names = text.split(separator: "/").map(String.init)
        if names.contains("..") { return nil }
    }

    var parent: CgroupPath { CgroupPath(names: names.dropLast()) }

    /// The root, and each cgroup on the way down to this one, which is the last.
    var levels: [CgroupPath] {
        (0...names.count).map { CgroupPath(names: Array(names.prefix($0))) }
    }

    /// nil where no name on the way contains it.
    func above(nameContaining part: String) -> CgroupPath? {
        names.firstIndex { $0.contains(part) }.map { CgroupPath(names: Array(names.prefix($0))) }
    }

    func isWithin(_ other: CgroupPath) -> Bool {
        names.starts(with: other.names)
    }

    /// The innermost cgroup that holds both.
    func shared(with other: CgroupPath) -> CgroupPath {
        let pairs = zip(names, other.names).prefix { $0 == $1 }
        return CgroupPath(names: pairs.map { $0.0 })
    }
}
