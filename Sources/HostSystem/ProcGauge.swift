package import BlueGreen
import Glibc
package import Orchestration

/// Reads the host from `/proc`, and from the cgroups that Docker is confined to.
///
/// Steal, disk wait and swap-in are the host's in any case: no cgroup has other figures of them.
package struct ProcGauge: HostGauge {
    private let clock: any WallClock
    private let proc: String
    private let witnesses: @Sendable () async throws -> [ConfinementWitness]
    private let remembered = RememberedConfinement()

    /// - Parameters:
    ///   - proc: where procfs is mounted; cgroups are looked for where its `self/mountinfo` says.
    ///   - witnesses: asked until there are running containers among them, and again when their
    ///     cgroup is gone. None make it the host's figures.
    package init(
        clock: any WallClock, proc: String = "/proc",
        witnesses: @escaping @Sendable () async throws -> [ConfinementWitness]
    ) {
        self.clock = clock
        self.proc = proc
        self.witnesses = witnesses
    }

    /// - Throws: `HostError.file` where `/proc/meminfo` cannot be read or is of a kernel before
    ///   3.14. Also the error of `witnesses`.
    package func sample() async throws -> HostSample {
        let confinement = try await confinement()
        let now = clock.now
        let host = try memoryInformation()
        let memory = try confinement?.memory(within: host)
        let times = try file("stat").text()
            .flatMap { ProcessorTimes($0, ticksPerSecond: sysconf(Int32(_SC_CLK_TCK))) }
        let quota = try confinement?.tightestProcessorQuota(among: times?.count ?? .max)
        let left = memory?.left ?? host
        let counts = try file("vmstat").text().map { FlatKeyedText($0) }
        let stalled = try memoryPressure(in: memory?.tightest)
        let pageSize = Int64(sysconf(Int32(_SC_PAGESIZE)))
        return HostSample(
            at: now, memoryAvailable: left.available, memoryTotal: left.total,
            cacheInUse: left.cacheInUse, swapFree: left.swapFree,
            processorStalled: try processorStalled(in: quota),
            memoryStalled: stalled?.some, memoryStalledLately: stalled?.someLately,
            stolen: times?.stolen,
            waitedForDisk: times?.waitedForDisk,
            swappedIn: counts?["pswpin"].map { ByteCount(bytes: $0 * pageSize) },
            kills: counts?["oom_kill"])
    }

    private func confinement() async throws -> Confinement? {
        if let known = await remembered.confinement, known.isThere { return known }
        let witnesses = try await witnesses()
        if witnesses.isEmpty { return nil }
        let mounts = CgroupMount.all(in: try file("self/mountinfo").text() ?? "")
        let containers = witnesses.filter(\.isContainer)
        let memberships = try memberships(of: containers)
        if memberships.isEmpty {
            let daemons = witnesses.filter { !$0.isContainer }
            return Confinement(try self.memberships(of: daemons), mounts: mounts)
        }
        let found = Confinement(memberships, mounts: mounts)
        await remembered.set(found)
        return found
    }

    private func memberships(
        of witnesses: [ConfinementWitness]
    ) throws -> [ConfinementWitness: CgroupMembership] {
        try witnesses.reduce(into: [:]) { found, witness in
            let membership = try file("\(witness.pid)/cgroup").text().map { CgroupMembership($0) }
            if let membership, membership.isOf(witness) { found[witness] = membership }
        }
    }

    private func memoryInformation() throws -> MemoryInformation {
        let file = file("meminfo")
        guard let information = try file.text().flatMap({ MemoryInformation($0) }) else {
            throw HostError.file(
                path: file.path, act: "find MemAvailable in",
                reason: "it is not there, or not readable. Linux tells it from 3.14 on")
        }
        return information
    }

    private func processorStalled(in group: Cgroup?) throws -> Duration? {
        if let group { return try group.processorStalled() }
        return try file("pressure/cpu").text().flatMap { Pressure($0)?.some }
    }

    /// The host's figure contains that of the cgroup, and stands in where that is not told.
    private func memoryPressure(in group: Cgroup?) throws -> Pressure? {
        if let pressure = try group?.pressure(on: .memory) { return pressure }
        return try file("pressure/memory").text().flatMap { Pressure($0) }
    }

    private func file(_ name: String) -> KernelFile {
        KernelFile("\(proc)/\(name)")
    }
}

private actor RememberedConfinement {
    private(set) var confinement: Confinement?

    func set(_ confinement: Confinement) {
        self.confinement = confinement
    }
}

/// Times of the processors since boot, from `/proc/stat`, as averages over them.
struct ProcessorTimes: Hashable, Sendable {
    let count: Int
    /// Kept by the hypervisor for others.
    let stolen: Duration
    /// Idle with disk requests open.
    let waitedForDisk: Duration

    /// Takes `cpu  user nice system idle iowait irq softirq steal ...` in ticks, and one such line
    /// for each processor, `cpu0`. nil for another shape.
    init?(_ text: String, ticksPerSecond: Int) {
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"))
            .prefix { $0.starts(with: "cpu".utf8) }
        guard let sum = lines.first, sum.starts(with: "cpu ".utf8), lines.count > 1,
            ticksPerSecond > 0
        else { return nil }
        let ticks = Substring(sum).split(separator: " ").dropFirst().map { Int64($0) }
        guard ticks.count >= 8, let waiting = ticks[4], let kept = ticks[7] else { return nil }
        let processors = lines.count - 1
        count = processors
        func average(_ ticks: Int64) -> Duration {
            .microseconds(ticks * 1_000_000 / Int64(ticksPerSecond) / Int64(processors))
        }
        waitedForDisk = average(waiting)
        stolen = average(kept)
    }
}
