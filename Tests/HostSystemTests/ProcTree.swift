import BlueGreen
import HostSystem
import TestSupport

/// A folder that looks like `/proc` and `/sys/fs/cgroup` of some host, as far as it is filled.
struct ProcTree {
    private let folder: TemporaryFolder

    /// A host of 1 GB with two processors and the figures that each test starts from.
    init() throws {
        folder = try TemporaryFolder()
        try write(
            "proc/meminfo",
            """
            MemTotal:        1000000 kB
            MemFree:           50000 kB
            MemAvailable:     400000 kB
            SwapTotal:        600000 kB
            SwapFree:         500000 kB

            """)
        try write(
            "proc/stat",
            """
            cpu  67889 0 15701 275748 1600 0 256 400 0 0
            cpu0 32181 0 6930 141063 300 0 83 100 0 0
            cpu1 35708 0 8770 134684 1300 0 172 300 0 0
            intr 9 0 0 9
            ctxt 1231234

            """)
        try write("proc/pressure/cpu", Self.pressure(some: 7_000_000))
        try write("proc/pressure/memory", Self.pressure(some: 250_000))
        try write("proc/vmstat", "nr_free_pages 12\npswpin 3\npswpout 4\noom_kill 13\n")
        try write("proc/self/mountinfo", "22 27 0:21 / /proc rw - proc proc rw\n")
    }

    var proc: String { folder("proc") }

    static func pressure(some: Int) -> String {
        """
        some avg10=7.92 avg60=10.74 avg300=11.39 total=\(some)
        full avg10=0.00 avg60=0.00 avg300=0.00 total=1

        """
    }

    func write(_ name: String, _ text: String) throws {
        let path = folder(name)
        let end = path.lastIndex(of: "/") ?? path.endIndex
        try FileSystem().makeFolder(String(path[..<end]), access: .ownerOnly)
        try AtomicFile.write(text, to: path, access: .ownerOnly)
    }

    /// - Parameter files: by name; each gets the line end that the kernel's have.
    func writeCgroup(_ name: String, _ files: [String: String]) throws {
        for (file, text) in files { try write("cgroup/\(name)/\(file)", text + "\n") }
    }

    func remove(_ name: String) throws {
        try FileSystem().removeTree(folder(name))
    }

    /// - Parameter mounts: below `cgroup`; the root of what is mounted there, its type and options.
    func mount(_ mounts: [(folder: String, root: String, type: String, options: String)]) throws {
        let lines = mounts.map { mount in
            "35 31 0:32 \(mount.root) \(folder("cgroup"))\(mount.folder) rw,relatime shared:9 - "
                + "\(mount.type) \(mount.type) \(mount.options)\n"
        }
        try write("proc/self/mountinfo", lines.joined())
    }

    func mountVersionOne() throws {
        try mount([
            ("/memory", "/", "cgroup", "rw,memory"),
            ("/cpu,cpuacct", "/", "cgroup", "rw,cpu,cpuacct"),
        ])
    }

    func mountVersionTwo() throws {
        try mount([("", "/", "cgroup2", "rw,nsdelegate,memory_recursiveprot")])
    }

    func gauge(_ witnesses: ConfinementWitness...) -> ProcGauge {
        ProcGauge(clock: ManualClock(), proc: proc) { witnesses }
    }
}
