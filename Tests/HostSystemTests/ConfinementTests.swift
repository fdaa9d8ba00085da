import BlueGreen
import Testing

@testable import HostSystem

@Suite("The cgroup that Docker is confined to")
struct ConfinementTests {
    private let tree: ProcTree
    private let container = ConfinementWitness.container(pid: 8, id: "c0ffee")
    private static let unlimited = "9223372036854771712"

    init() throws { tree = try ProcTree() }

    @Test("Version 1: the limit above the container counts, its own and \"no limit\" do not")
    func versionOneMemory() async throws {
        try tree.mountVersionOne()
        try tree.write(
            "proc/8/cgroup", "4:memory:/small/c0ffee\n2:cpu,cpuacct:/small/c0ffee\n0::/\n")
        try tree.writeCgroup(
            "memory", ["memory.limit_in_bytes": Self.unlimited, "memory.usage_in_bytes": "9"])
        try tree.writeCgroup(
            "memory/small",
            [
                "memory.limit_in_bytes": "300000000", "memory.usage_in_bytes": "200000000",
                "memory.stat": "inactive_file 7\ntotal_inactive_file 50000000",
                "memory.memsw.limit_in_bytes": "350000000",
                "memory.memsw.usage_in_bytes": "210000000",
            ])
        try tree.writeCgroup(
            "memory/small/c0ffee",
            ["memory.limit_in_bytes": "1000", "memory.usage_in_bytes": "999"])
        let sample = try await tree.gauge(container).sample()
        #expect(sample.memoryTotal == ByteCount(bytes: 300_000_000))
        #expect(sample.memoryAvailable == ByteCount(bytes: 150_000_000))
        #expect(sample.swapFree == ByteCount(bytes: 40_000_000))
        // Version 1 has no pressure of its own.
        #expect(sample.memoryStalled == .milliseconds(250))
        #expect(sample.processorStalled == .seconds(7))
    }

    @Test(
        "Version 1: a cgroup swaps by its limit of both, or as the host where there is none",
        arguments: [
            (["memory.memsw.limit_in_bytes": "1000", "memory.memsw.usage_in_bytes": "10"], 0),
            (["memory.memsw.limit_in_bytes": unlimited, "memory.memsw.usage_in_bytes": "10"], nil),
            ([:], nil),
        ] as [([String: String], Int64?)])
    func versionOneSwap(files: [String: String], left: Int64?) async throws {
        try tree.mountVersionOne()
        try tree.write("proc/8/cgroup", "4:memory:/small/c0ffee\n")
        try tree.writeCgroup(
            "memory/small", ["memory.limit_in_bytes": "1000", "memory.usage_in_bytes": "10"])
        try tree.writeCgroup("memory/small", files)
        let sample = try await tree.gauge(container).sample()
        #expect(sample.swapFree == left.map { ByteCount(bytes: $0) } ?? .kibibytes(500_000))
    }

    @Test("Version 1: the time of a quota is that of the periods in which it was used up")
    func versionOneQuota() async throws {
        try tree.mountVersionOne()
        try tree.write("proc/8/cgroup", "2:cpu,cpuacct:/small/containers/c0ffee\n")
        try tree.writeCgroup("cpu,cpuacct/small", Self.quotaOfOne(throttled: 17))
        try tree.writeCgroup("cpu,cpuacct/small/containers", ["cpu.cfs_quota_us": "-1"])
        let sample = try await tree.gauge(container).sample()
        #expect(sample.processorStalled == .milliseconds(1700))
        #expect(sample.memoryTotal == .kibibytes(1_000_000))
    }

    @Test("Both versions mounted: the cgroup of the same name tells the pressure")
    func hybrid() async throws {
        try tree.mount([
            ("/memory", "/", "cgroup", "rw,memory"), ("/cpu", "/", "cgroup", "rw,cpu"),
            ("/unified", "/", "cgroup2", "rw"),
        ])
        try tree.write(
            "proc/8/cgroup", "4:memory:/small/c0ffee\n1:cpu:/small/c0ffee\n0::/small/c0ffee\n")
        try tree.writeCgroup("cpu/small", Self.quotaOfOne(throttled: 17))
        try tree.writeCgroup(
            "memory/small", ["memory.limit_in_bytes": "1000", "memory.usage_in_bytes": "10"])
        try tree.writeCgroup(
            "unified/small",
            [
                "cpu.pressure": ProcTree.pressure(some: 3_000_000),
                "memory.pressure": ProcTree.pressure(some: 20_000),
            ])
        let sample = try await tree.gauge(container).sample()
        #expect(sample.processorStalled == .seconds(3))
        #expect(sample.memoryStalled == .milliseconds(20))
    }

    @Test("Version 2: memory, swap and pressure are those of the tightest cgroup above")
    func versionTwo() async throws {
        try tree.mountVersionTwo()
        try tree.write("proc/8/cgroup", "0::/docker.slice/small.slice/docker-c0ffee.scope\n")
        try tree.writeCgroup(
            "docker.slice",
            [
                "memory.max": "500000000", "memory.current": "480000000",
                "memory.stat": "anon 1\ninactive_file 10000000\n", "cpu.max": "150000 100000",
                "cpu.pressure": ProcTree.pressure(some: 1),
                "memory.pressure": ProcTree.pressure(some: 2),
                "memory.swap.max": "5000", "memory.swap.current": "1000",
            ])
        try tree.writeCgroup(
            "docker.slice/small.slice",
            [
                "memory.max": "300000000", "memory.current": "200000000",
                "memory.stat": "inactive_file 0", "cpu.max": "50000 100000",
                "cpu.pressure": ProcTree.pressure(some: 3_000_000),
                "memory.pressure": ProcTree.pressure(some: 20_000),
                "memory.swap.max": "max", "memory.swap.current": "0",
            ])
        let sample = try await tree.gauge(container).sample()
        #expect(sample.memoryTotal == ByteCount(bytes: 300_000_000))
        #expect(sample.memoryAvailable == ByteCount(bytes: 30_000_000))
        #expect(sample.swapFree == ByteCount(bytes: 4000))
        #expect(sample.processorStalled == .seconds(3))
        #expect(sample.memoryStalled == .milliseconds(20))
    }

    @Test("Version 2 without pressure: the periods in which the quota was used up")
    func versionTwoWithoutPressure() async throws {
        try tree.mountVersionTwo()
        try tree.write("proc/8/cgroup", "0::/small/c0ffee\n")
        try tree.writeCgroup(
            "small", ["cpu.max": "25000 50000", "cpu.stat": "usage_usec 1\nnr_throttled 4"])
        #expect(
            try await tree.gauge(container).sample().processorStalled == .milliseconds(200))
    }

    @Test("Limits that the host itself is not above are none")
    func limitsAboveTheHost() async throws {
        try tree.mountVersionTwo()
        try tree.write("proc/8/cgroup", "0::/small/c0ffee\n")
        try tree.writeCgroup(
            "small",
            [
                "memory.max": "1024000000", "memory.current": "1023999999",
                "cpu.max": "200000 100000", "cpu.pressure": ProcTree.pressure(some: 3_000_000),
            ])
        let sample = try await tree.gauge(container).sample()
        #expect(sample.memoryAvailable == .kibibytes(400_000))
        #expect(sample.processorStalled == .seconds(7))
    }

    @Test("Containers in different cgroups are confined by the cgroups above all of them")
    func severalContainers() async throws {
        try tree.mountVersionTwo()
        try tree.write("proc/8/cgroup", "0::/all/one/c0ffee\n")
        try tree.write("proc/9/cgroup", "0::/all/other/beef\n")
        try tree.writeCgroup("all", ["memory.max": "5000", "memory.current": "0"])
        try tree.writeCgroup("all/one", ["memory.max": "1000", "memory.current": "0"])
        let other = ConfinementWitness.container(pid: 9, id: "beef")
        #expect(
            try await tree.gauge(container, other).sample().memoryTotal == ByteCount(bytes: 5000))
    }

    @Test("A process that is another one here, and a cgroup that is not mounted, confine nothing")
    func unseen() async throws {
        let whole = ByteCount.kibibytes(1_000_000)
        try tree.mountVersionTwo()
        try tree.writeCgroup("small", ["memory.max": "5000", "memory.current": "0"])
        try tree.write("proc/8/cgroup", "0::/small/another\n")
        #expect(try await tree.gauge(container).sample().memoryTotal == whole)
        try tree.write("proc/8/cgroup", "0::/../small/c0ffee\n")
        #expect(try await tree.gauge(container).sample().memoryTotal == whole)
        try tree.mount([("", "/teal", "cgroup2", "rw")])
        try tree.write("proc/8/cgroup", "0::/small/c0ffee\n")
        #expect(try await tree.gauge(container).sample().memoryTotal == whole)
    }

    @Test("Where only a part of the hierarchy is mounted, paths count from that part")
    func partlyMounted() async throws {
        try tree.mount([("", "/outer/inner", "cgroup2", "rw")])
        try tree.write("proc/8/cgroup", "0::/outer/inner/small/c0ffee\n")
        try tree.writeCgroup("small", ["memory.max": "5000", "memory.current": "0"])
        #expect(try await tree.gauge(container).sample().memoryTotal == ByteCount(bytes: 5000))
    }

    @Test(
        "The daemon's own cgroup counts, unless it is a service's, where containers never are",
        arguments: [
            ("/small/dind", 1000), ("/small/docker.service", 5000),
        ] as [(String, Int64)])
    func daemon(path: String, limit: Int64) async throws {
        try tree.mountVersionTwo()
        try tree.write("proc/7/cgroup", "0::\(path)\n")
        try tree.writeCgroup("small", ["memory.max": "5000", "memory.current": "0"])
        try tree.writeCgroup(
            String(path.dropFirst()), ["memory.max": "1000", "memory.current": "0"])
        let sample = try await tree.gauge(.daemon(pid: 7)).sample()
        #expect(sample.memoryTotal == ByteCount(bytes: limit))
    }

    @Test("A mount's folder is read with its escapes undone")
    func escapes() throws {
        let text = #"35 31 0:32 / /sys/my\040cgroups\134x rw - cgroup2 cgroup2 rw"#
        let mount = try #require(CgroupMount.all(in: text).first)
        let path = try #require(CgroupPath("/a/b"))
        #expect(mount.folder(of: path) == #"/sys/my cgroups\x/a/b"#)
    }

    @Test(
        "Lines of another shape are passed over",
        arguments: [
            "", "\n", "35 31 0:32 /", "35 31 0:32 / /a rw - ext4 /dev/a rw", "- - - - - - -",
        ])
    func otherShapes(text: String) {
        #expect(CgroupMount.all(in: text).isEmpty)
        #expect(CgroupMembership(text) == CgroupMembership("4:memory"))
    }

    private static func quotaOfOne(throttled: Int) -> [String: String] {
        [
            "cpu.cfs_quota_us": "100000", "cpu.cfs_period_us": "100000",
            "cpu.stat": "nr_periods 20\nnr_throttled \(throttled)\nthrottled_time 9",
        ]
    }
}
