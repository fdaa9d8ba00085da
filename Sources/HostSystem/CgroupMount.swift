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

    /// A line is `35 31 0:32 ROOT FOLDER rw shared:9 - cgroup cgroup rw,memory`, with any number of
    /// fields before the dash.
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

    /// nil for a cgroup that is outside of what is mounted.
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
