/// Where a hierarchy of cgroups, or a part of one, can be read.
struct CgroupMount: Hashable, Sendable {
    let version: CgroupVersion
    /// The mount's options: with version 1 the names of its controllers are among them.
    private let options: Set<String>
    /// The cgroup that stands at `folder`.
    private let root: CgroupPath
    private let folder: String

    /// All that `/proc/self/mountinfo` lists.
    static func all(in text: String) -> [CgroupMount] {
        text.split(separator: "\n").compactMap { CgroupMount(line: $0) }
    }

    /// A line is `35 31 0:32 ROOT FOLDER rw shared:9 - cgroup cgroup rw,memory`. Any number of
    /// fields may precede the dash.
    private init?(line: Substring) {
        let fields = line.split(separator: " ").map(String.init)
        guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3,
            let root = CgroupPath(Self.unescaped(fields[3]))
        else { return nil }
        switch fields[dash + 1] {
        case "cgroup": version = .one
        case "cgroup2": version = .two
        default: return nil
        }
        self.root = root
        folder = Self.unescaped(fields[4])
        options = Set(fields[dash + 3].split(separator: ",").map(String.init))
    }

    /// Of version 1; which ones version 2 has is not told here.
    func has(_ controller: CgroupController) -> Bool {
        version == .one && options.contains(controller.rawValue)
    }

    /// nil for a cgroup outside of the mounted part.
    func folder(of path: CgroupPath) -> String? {
        guard path.isWithin(root) else { return nil }
        return ([folder] + path.names.dropFirst(root.names.count)).joined(separator: "/")
    }

    /// The kernel writes spaces and the like as `\040`.
    private static func unescaped(_ field: String) -> String {
        guard field.contains("\\") else { return field }
        var bytes: [UInt8] = []
        var rest = Array(field.utf8)[...]
        while let byte = rest.popFirst() {
            let digits = String(decoding: rest.prefix(3), as: UTF8.self)
            if byte == UInt8(ascii: "\\"), digits.count == 3, let code = UInt8(digits, radix: 8) {
                bytes.append(code)
                rest = rest.dropFirst(3)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

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

    /// Whether it is the witness's. A daemon in another process namespace tells ids that mean other
    /// processes here. Their cgroups do not have the container's name.
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

/// Where a cgroup stands in its hierarchy, `/system.slice/docker.service`.
struct CgroupPath: Hashable, Sendable {
    /// From the root down; none for the root itself.
    let names: [String]

    init(names: [String]) {
        self.names = names
    }

    /// nil for a text that is no path, and for a place outside of this process's cgroup namespace,
    /// `/../other`.
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
