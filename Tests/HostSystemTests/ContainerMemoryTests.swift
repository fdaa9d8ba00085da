import BlueGreen
import HostSystem
import TestSupport
import Testing

@Suite("A container's memory")
struct ContainerMemoryTests {
    private static let id = "0123456789abcdef"

    /// A procfs and a cgroup hierarchy with one container in it.
    private func read<Figure>(
        _ mount: (String) -> String, membership: String, folder: String,
        _ files: [String: String],
        _ figure: (ContainerMemory) throws -> Figure? = { try $0.held(by: 42, ofContainer: id) }
    ) throws -> Figure? {
        let temporary = try TemporaryFolder()
        let root = temporary.path
        let system = FileSystem()
        for path in ["\(root)/proc/self", "\(root)/proc/42", "\(root)/cgroup\(folder)"] {
            try system.makeFolder(path, access: .ownerOnly)
        }
        try write(mount("\(root)/cgroup"), to: "\(root)/proc/self/mountinfo")
        try write(membership, to: "\(root)/proc/42/cgroup")
        for (name, text) in files { try write(text, to: "\(root)/cgroup\(folder)/\(name)") }
        return try withExtendedLifetime(temporary) {
            try figure(try ContainerMemory(proc: "\(root)/proc"))
        }
    }

    private func write(_ text: String, to path: String) throws {
        try AtomicFile.write(text, to: path, access: .ownerOnly)
    }

    @Test("In cgroup v1 the memory is the usage without the inactive cache of the whole group")
    func versionOne() throws {
        let held = try read(
            { "35 31 0:32 / \($0) rw - cgroup cgroup rw,memory\n" },
            membership: "4:memory:/docker/\(Self.id)\n", folder: "/docker/\(Self.id)",
            [
                "memory.usage_in_bytes": "5242880\n",
                "memory.stat": "cache 4096\ntotal_inactive_file 1048576\n",
            ])
        #expect(held == .mebibytes(4))
    }

    @Test("In cgroup v2 a process further down counts for its container")
    func versionTwo() throws {
        let scope = "/system.slice/docker-\(Self.id).scope"
        let held = try read(
            { "35 31 0:32 / \($0) rw - cgroup2 cgroup2 rw\n" },
            membership: "0::\(scope)/init\n", folder: scope,
            ["memory.current": "3145728\n", "memory.stat": "inactive_file 1048576\n"])
        #expect(held == .mebibytes(2))
    }

    @Test("A24: The kernel counts the OOM kills of each container by itself")
    func kills() throws {
        let one = try read(
            { "35 31 0:32 / \($0) rw - cgroup cgroup rw,memory\n" },
            membership: "4:memory:/docker/\(Self.id)\n", folder: "/docker/\(Self.id)",
            ["memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 2\n"]
        ) { try $0.kills(by: 42, ofContainer: Self.id) }
        #expect(one == 2)
        let scope = "/system.slice/docker-\(Self.id).scope"
        let two = try read(
            { "35 31 0:32 / \($0) rw - cgroup2 cgroup2 rw\n" },
            membership: "0::\(scope)\n", folder: scope,
            ["memory.events": "low 0\nhigh 0\nmax 3\noom 1\noom_kill 1\n"]
        ) { try $0.kills(by: 42, ofContainer: Self.id) }
        #expect(two == 1)
    }

    @Test("A process of another container is not believed")
    func stranger() throws {
        let held = try read(
            { "35 31 0:32 / \($0) rw - cgroup2 cgroup2 rw\n" },
            membership: "0::/docker/fedcba\n", folder: "/docker/fedcba",
            ["memory.current": "3145728\n"])
        #expect(held == nil)
    }
}
