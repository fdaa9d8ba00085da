import BlueGreen
import TestSupport
import Testing

@Suite("The room for a set")
struct RoomTests {
    private func need(
        _ service: String, _ megabytes: Int64, replicas: Int = 1, oneShot: Bool = false
    ) -> RoomNeed {
        RoomNeed(
            service: service, replicas: replicas, each: .mebibytes(megabytes), source: .declared,
            isOneShot: oneShot)
    }

    private func report(
        _ needs: [RoomNeed], available: Int64, swap: Int64 = 0, freed: Int64 = 0,
        previous: Int64 = 0, reserve: Int64 = 0
    ) -> RoomReport {
        RoomReport(
            needs: needs, memoryAvailable: .mebibytes(available), swapFree: .mebibytes(swap),
            freed: .mebibytes(freed), heldByPrevious: .mebibytes(previous),
            reserve: .mebibytes(reserve))
    }

    @Test("A need is the declared one, else what was seen, else assumed")
    func sources() {
        let declared = PlannedService(
            name: "web", role: .exposed, replicas: 2, memory: .mebibytes(200))
        #expect(
            RoomNeed(declared, seen: MemoryUse(held: .mebibytes(90)))
                == RoomNeed(
                    service: "web", replicas: 2, each: .mebibytes(200), source: .declared))
        let plain = PlannedService(name: "api", role: .internal, isOneShot: true)
        #expect(
            RoomNeed(plain, seen: MemoryUse(held: .mebibytes(90)))
                == RoomNeed(
                    service: "api", replicas: 1, each: .mebibytes(90), source: .seen,
                    isOneShot: true))
        #expect(RoomNeed(plain, seen: nil).source == .assumed)
        #expect(RoomNeed(plain, seen: nil).total == RoomNeed.assumption)
    }

    @Test("The need is the most that is held at once: one-shots give theirs back")
    func oneShots() {
        let migrate = need("migrate", 300, oneShot: true)
        let seed = need("seed", 200, oneShot: true)
        #expect(report([], available: 0).needed == .zero)
        #expect(
            report([migrate, need("web", 100, replicas: 2)], available: 0).needed
                == .mebibytes(300))
        #expect(
            report([need("db", 100), migrate, seed, need("web", 100)], available: 0).needed
                == .mebibytes(400))
        #expect(
            report([need("db", 100), need("web", 300), seed], available: 0).needed
                == .mebibytes(600))
    }

    @Test("A24: All is held, and the greatest start takes more: services start one by one")
    func starts() {
        func starting(_ service: String, held: Int64, peak: Int64, replicas: Int = 1) -> RoomNeed {
            RoomNeed(
                PlannedService(name: service, role: .internal, replicas: replicas),
                seen: MemoryUse(held: .mebibytes(held), peak: .mebibytes(peak)))
        }
        let chat = starting("chat", held: 86, peak: 225)
        #expect(chat.each == .mebibytes(86))
        #expect(chat.atStart == .mebibytes(139))
        #expect(starting("mail", held: 50, peak: 30).atStart == .zero)
        #expect(starting("new", held: 0, peak: 70).each == .mebibytes(70))
        let set = [starting("web", held: 60, peak: 90, replicas: 2), chat]
        let report = report(set, available: 341, reserve: 64)
        #expect(report.summary == "needs 345 MB of 277 MB")
        #expect(!report.fits)
        #expect(
            report.table == """
                  service  containers  each   MB  start  known from
                  web               2    60  120    +30  an earlier release
                  chat              1    86   86   +139  an earlier release
                  services start one by one: the start of chat counts, 139 MB more
                  memory available 341 MB, kept free 64 MB
                """)
    }

    @Test(
        "A24: A limit bounds a start, a one-shot is all start, and a place that is taken needs none"
    )
    func boundedStarts() {
        let seen = MemoryUse(held: .mebibytes(60), peak: .mebibytes(200))
        let limited = PlannedService(name: "web", role: .exposed, memory: .mebibytes(200))
        #expect(RoomNeed(limited, seen: seen).atStart == .zero)
        let job = PlannedService(name: "job", role: .internal, isOneShot: true)
        #expect(RoomNeed(job, seen: seen).each == .mebibytes(200))
        #expect(RoomNeed(job, seen: seen).atStart == .zero)
        let worker = PlannedService(name: "worker", role: .singleton)
        let taking = RoomNeed(worker, missing: 0, seen: seen)
        #expect(taking.total == .zero)
        #expect(report([taking], available: 140).fits)
        #expect(!report([taking], available: 139).fits)
    }

    @Test(
        "A26: An assumption alone refuses no first set; what is known refuses any",
        arguments: [
            (100, 0, RoomPolicy.refuse, true, RoomVerdict.fits),
            (500, 0, .refuse, false, .refused), (500, 0, .refuse, true, .refused),
            (100, 9, .refuse, false, .triedOnAssumption),
            (100, 9, .stopFirst, false, .triedOnAssumption),
            (100, 9, .refuse, true, .refused), (100, 9, .warn, false, .tried),
            (500, 0, .warn, true, .tried), (500, 0, .stopFirst, true, .stopsFirst),
            (900, 0, .stopFirst, true, .refused), (500, 0, .stopFirst, false, .refused),
        ])
    func verdicts(
        _ known: Int64, _ assumed: Int, _ policy: RoomPolicy, _ hasPrevious: Bool,
        _ verdict: RoomVerdict
    ) {
        let unknown = (0..<assumed).map {
            RoomNeed(PlannedService(name: "new-\($0)", role: .internal), seen: nil)
        }
        let report = report([need("web", known)] + unknown, available: 400, previous: 200)
        #expect(report.verdict(policy, hasPrevious: hasPrevious) == verdict)
    }

    @Test("A26: Where only an assumption keeps a set from fitting, the table says what to say")
    func assumption() {
        func note(_ names: [String]) -> String? {
            let unknown = names.map {
                RoomNeed(PlannedService(name: $0, role: .internal), seen: nil)
            }
            return report([need("web", 100)] + unknown, available: 120).table
                .split(separator: "\n").map(String.init).first { $0.contains("assumed it fits") }
        }
        #expect(
            note(["mail"])
                == "  without what is assumed it fits: say what mail takes (`memory:` in teal.yml)")
        #expect(note(["a", "b"])?.contains("say what a, b take (") == true)
        #expect(note(["a", "b", "c", "d"])?.contains("say what these services take (") == true)
        #expect(note([]) == nil)
    }

    @Test("Memory, swap and what goes first count, what must stay free does not")
    func fits() {
        let set = [need("web", 500)]
        #expect(report(set, available: 500).fits)
        #expect(!report(set, available: 499).fits)
        #expect(!report(set, available: 500, reserve: 1).fits)
        #expect(report(set, available: 300, swap: 100, freed: 200, reserve: 100).fits)
        #expect(!report(set, available: 300, previous: 500).fits)
        #expect(report(set, available: 300, previous: 200).fitsAlone)
        #expect(!report(set, available: 300, previous: 199).fitsAlone)
        #expect(report([], available: 10, reserve: 10).fits)
    }

    @Test("The table has a line per service, in MB, and says where its figures come from")
    func table() {
        let needs = [
            need("web", 200, replicas: 2),
            RoomNeed(service: "gateway", replicas: 1, each: .mebibytes(96), source: .seen),
            RoomNeed(service: "api", replicas: 1, each: .mebibytes(128), source: .assumed),
        ]
        let report = report(
            needs, available: 500, swap: 20, freed: 30, previous: 400, reserve: 64)
        #expect(report.summary == "needs 624 MB of 486 MB")
        #expect(
            report.table == """
                  service  containers  each   MB  known from
                  web               2   200  400  its memory limit
                  gateway           1    96   96  an earlier release
                  api               1   128  128  nothing: assumed
                  memory available 500 MB, swap free 20 MB, freed by the set that goes 30 MB, \
                kept free 64 MB
                """)
        #expect(
            self.report([], available: 5, reserve: 64).summary == "needs 0 MB of 0 MB")
    }

    @Test(
        "A size is written in the unit that people read it in",
        arguments: [
            (0, "0K"), (1023, "0K"), (524_288, "512K"), (1_048_576, "1M"), (1_572_864, "2M"),
            (74_448_896, "71M"), (-3_145_728, "-3M"), (-2048, "-2K"),
            (1_073_217_535, "1023M"), (1_073_217_536, "1.0G"), (1_073_741_824, "1G"),
            (1_610_612_736, "1.5G"), (2_104_533_975, "2.0G"), (2_147_483_648, "2G"),
            (10_683_731_148, "9.9G"), (10_700_000_000, "10G"), (25_276_514_304, "24G"),
            (70_690_799_616, "66G"), (-1_610_612_736, "-1.5G"),
            (Int64.max, "8589934592G"), (Int64.min, "-8589934592G"),
        ])
    func sizes(bytes: Int64, text: String) {
        #expect(ByteCount(bytes: bytes).text == text)
    }

    @Test("A limit that means none is a size to reckon with, not a crash")
    func endless() {
        let none = ByteCount(bytes: 0x7FFF_FFFF_FFFF_F000)
        let endless = RoomNeed(
            service: "web", replicas: 3, each: none, source: .declared)
        #expect(endless.total == ByteCount(bytes: .max))
        #expect(!report([endless, endless], available: 500).fits)
        #expect([none, none, none].total == ByteCount(bytes: .max))
        #expect(.zero - none - none == ByteCount(bytes: .min))
    }
}
