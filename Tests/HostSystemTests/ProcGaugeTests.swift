import BlueGreen
import Glibc
import HostSystem
import Synchronization
import TestSupport
import Testing

@Suite("The gauge of the host")
struct ProcGaugeTests {
    private let tree: ProcTree

    init() throws { tree = try ProcTree() }

    @Test("Without anything that confines Docker the figures are the host's")
    func host() async throws {
        let page = Int64(sysconf(Int32(_SC_PAGESIZE)))
        let ticks = Int64(sysconf(Int32(_SC_CLK_TCK)))
        let sample = try await tree.gauge().sample()
        #expect(
            sample
                == HostSample(
                    at: Sample.moment, memoryAvailable: .kibibytes(400_000),
                    memoryTotal: .kibibytes(1_000_000), swapFree: .kibibytes(500_000),
                    processorStalled: .seconds(7), memoryStalled: .milliseconds(250),
                    memoryStalledLately: 7.92, stolen: .milliseconds(200_000 / ticks),
                    waitedForDisk: .milliseconds(800_000 / ticks),
                    swappedIn: ByteCount(bytes: 3 * page), kills: 13))
    }

    @Test("A figure that the kernel does not tell is nil and no failure")
    func untold() async throws {
        for name in ["stat", "pressure", "vmstat", "self"] { try tree.remove("proc/\(name)") }
        let sample = try await tree.gauge(.daemon(pid: 7)).sample()
        #expect(sample.processorStalled == nil)
        #expect(sample.memoryStalled == nil)
        #expect(sample.stolen == nil)
        #expect(sample.waitedForDisk == nil)
        #expect(sample.swappedIn == nil)
        #expect(sample.kills == nil)
        #expect(sample.memoryAvailable == .kibibytes(400_000))
    }

    @Test("A kernel that does not tell MemAvailable is a failure that says so")
    func oldKernel() async throws {
        try tree.write("proc/meminfo", "MemTotal: 12 kB\nMemFree: 6 kB\n")
        let error = await #expect(throws: HostError.self) { try await tree.gauge().sample() }
        let text = error?.description ?? ""
        #expect(text.hasPrefix("Could not find MemAvailable in \(tree.proc)/meminfo: "))
    }

    @Test("Witnesses are asked for until there are containers among them, and then no more")
    func remembered() async throws {
        try tree.mountVersionTwo()
        try tree.writeCgroup("docker", ["memory.max": "1000", "memory.current": "1"])
        try tree.write("proc/7/cgroup", "0::/system.slice/docker.service\n")
        try tree.write("proc/8/cgroup", "0::/docker/c0ffee\n")
        let daemon = [ConfinementWitness.daemon(pid: 7)]
        let container = ConfinementWitness.container(pid: 8, id: "c0ffee")
        let gone = ConfinementWitness.container(pid: 9, id: "dead")
        let answers = Mutex([[], daemon, [gone], [container, gone]])
        let gauge = ProcGauge(clock: ManualClock(), proc: tree.proc) {
            answers.withLock { $0.removeFirst() }
        }
        for expected in [1_024_000_000, 1_024_000_000, 1_024_000_000, 1000, 1000] as [Int64] {
            #expect(try await gauge.sample().memoryTotal.bytes == expected)
        }
        let left = answers.withLock { $0.count }
        #expect(left == 0)
    }

    @Test("When the cgroup is gone, as of a daemon that was stopped, witnesses are asked again")
    func gone() async throws {
        try tree.mountVersionTwo()
        try tree.writeCgroup("old", ["memory.max": "1000", "memory.current": "1"])
        try tree.writeCgroup("new", ["memory.max": "2000", "memory.current": "1"])
        try tree.write("proc/8/cgroup", "0::/old/c0ffee\n")
        let gauge = tree.gauge(.container(pid: 8, id: "c0ffee"))
        #expect(try await gauge.sample().memoryTotal == ByteCount(bytes: 1000))
        try tree.remove("cgroup/old")
        try tree.write("proc/8/cgroup", "0::/new/c0ffee\n")
        #expect(try await gauge.sample().memoryTotal == ByteCount(bytes: 2000))
    }

    @Test("The running kernel tells a whole sample, whose counters do not fall")
    func running() async throws {
        let witness = ConfinementWitness.daemon(pid: Int(getpid()))
        let gauge = ProcGauge(clock: ManualClock()) { [witness] }
        let first = try await gauge.sample()
        let second = try await gauge.sample()
        #expect(first.memoryAvailable > .zero)
        #expect(first.memoryAvailable <= first.memoryTotal)
        #expect(try #require(first.stolen) <= #require(second.stolen))
        #expect(try #require(first.swappedIn) <= #require(second.swappedIn))
    }
}
