import BlueGreen
import TestSupport
import Testing

@Suite("Readings out of bounds")
struct SettleBoundsTests {
    private let bounds = SettleBounds(
        memoryFree: .mebibytes(96), processorPressure: Share(percent: 60),
        memoryPressure: Share(percent: 10), steal: Share(percent: 50),
        diskWait: Share(percent: 60), swapIn: .mebibytes(4))

    /// Two seconds in which the counters grew by these.
    private func strains(
        memory: Int64 = 500, processor: Duration? = .zero, memoryStalled: Duration? = .zero,
        stolen: Duration? = .zero, disk: Duration? = .zero, swapped: ByteCount? = .zero
    ) -> [Strain] {
        let before = HostSample(
            at: Sample.moment, memoryAvailable: .mebibytes(1), memoryTotal: .mebibytes(1000),
            processorStalled: .seconds(100), memoryStalled: .seconds(100),
            stolen: .seconds(100), waitedForDisk: .seconds(100), swappedIn: .mebibytes(100))
        let after = HostSample(
            at: Sample.moment + .seconds(2), memoryAvailable: .mebibytes(memory),
            memoryTotal: .mebibytes(1000),
            processorStalled: processor.map { .seconds(100) + $0 },
            memoryStalled: memoryStalled.map { .seconds(100) + $0 },
            stolen: stolen.map { .seconds(100) + $0 },
            waitedForDisk: disk.map { .seconds(100) + $0 },
            swappedIn: swapped.map { .mebibytes(100) + $0 })
        return bounds.strains(from: before, to: after)
    }

    @Test("Within all bounds there is nothing to say, and what lies on a bound is within it")
    func within() {
        #expect(strains().isEmpty)
        #expect(
            strains(
                memory: 96, processor: .milliseconds(1200), memoryStalled: .milliseconds(200),
                stolen: .seconds(1), disk: .milliseconds(1200), swapped: .mebibytes(8)
            ).isEmpty)
    }

    @Test("Each kind of strain is told alone, with its figure and its bound")
    func kinds() {
        #expect(
            strains(memory: 71).map(\.text) == ["memory 71M of 96M free"])
        #expect(
            strains(processor: .milliseconds(1210)).map(\.text)
                == ["CPU pressure 61%, at most 60%"])
        #expect(
            strains(memoryStalled: .milliseconds(300)).map(\.text)
                == ["memory pressure 15%, at most 10%"])
        #expect(strains(stolen: .milliseconds(1500)).map(\.text) == ["steal 75%, at most 50%"])
        #expect(strains(disk: .seconds(2)).map(\.text) == ["disk wait 100%, at most 60%"])
        #expect(
            strains(swapped: .mebibytes(20)).map(\.text) == ["swap-in 10M/s, at most 4M/s"])
    }

    @Test("All that is out of bounds is told together")
    func together() {
        let found = strains(
            memory: 1, processor: .seconds(2), memoryStalled: .seconds(2), stolen: .seconds(2),
            disk: .seconds(2), swapped: .mebibytes(100))
        #expect(found.count == 6)
    }

    @Test("A reading that the host does not tell is never out of bounds")
    func missing() {
        #expect(
            strains(
                processor: nil, memoryStalled: nil, stolen: nil, disk: nil, swapped: nil
            ).isEmpty)
    }

    @Test("One sample alone tells of memory and of nothing else, and counters that fell are none")
    func edges() {
        let one = HostSample(
            at: Sample.moment, memoryAvailable: .mebibytes(10), memoryTotal: .mebibytes(1000),
            processorStalled: .seconds(100), swappedIn: .mebibytes(100))
        let memory = Strain.memory(free: .mebibytes(10), wanted: .mebibytes(96))
        #expect(bounds.strains(from: one, to: one) == [memory])
        #expect(strains(processor: .seconds(-100), swapped: .mebibytes(-100)).isEmpty)
    }

    @Test(
        "A share is written in whole percent",
        arguments: [(0.0, "0%"), (0.104, "10%"), (0.605, "61%"), (1.5, "150%")])
    func shares(fraction: Double, text: String) {
        #expect(Share(fraction: fraction).text == text)
    }

    @Test("A share of no time at all is none")
    func shareOfNothing() {
        #expect(Share(.seconds(1), of: .zero) == Share(fraction: 0))
        #expect(Share(.milliseconds(500), of: .seconds(2)) == Share(percent: 25))
        #expect(Share(percent: 10) < Share(percent: 11))
    }
}
