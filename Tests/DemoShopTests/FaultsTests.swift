import NIOCore
import Testing

@testable import DemoShop

@Suite("Faults of the demo shop")
struct FaultsTests {
    private let start = NIODeadline.uptimeNanoseconds(1_000_000_000)

    private func effects(of faults: Faults, requests: Int) -> [Faults.Effect] {
        var faults = faults
        return (0..<requests).map { _ in faults.next(at: start) }
    }

    @Test("A release without faults answers every request at once and stays healthy")
    func none() {
        #expect(effects(of: Faults(), requests: 100).allSatisfy { $0 == Faults.Effect() })
        #expect(!Faults().isUnhealthy)
    }

    @Test("Every twentieth request fails, and no other")
    func failsEvery() {
        var faults = Faults()
        faults.failsEvery = 20
        let failed = effects(of: faults, requests: 100).enumerated().filter(\.element.fails)
        #expect(failed.map { $0.offset + 1 } == [20, 40, 60, 80, 100])
    }

    @Test("A leak begins at the first request, or so long after it")
    func leaks() {
        var faults = Faults()
        faults.leak = 2
        #expect(effects(of: faults, requests: 3).map(\.leak) == [2, 2, 2])
        faults.leakAfter = .seconds(3)
        let moments = [0, 2, 3, 9].map { start + .seconds($0) }
        #expect(moments.map { faults.next(at: $0).leak } == [0, 0, 2, 2])
    }

    @Test("The release's health wears out with its requests")
    func wearsOut() {
        var faults = Faults()
        faults.unhealthyAfter = 2
        _ = faults.next(at: start)
        #expect(!faults.isUnhealthy)
        _ = faults.next(at: start)
        #expect(faults.isUnhealthy)
    }

    @Test("The process ends at the request after so many")
    func crashes() {
        var faults = Faults()
        faults.crashAfter = 2
        #expect(effects(of: faults, requests: 3).map(\.crashes) == [false, false, true])
    }

    @Test("The environment sets every fault")
    func environment() throws {
        let variables = [
            "SHOP_FAIL_EVERY": "20", "SHOP_DELAY_MS": "100", "SHOP_LEAK_MB": "2",
            "SHOP_LEAK_AFTER_MS": "3000", "SHOP_UNHEALTHY_AFTER": "40", "SHOP_CRASH_AFTER": "50",
        ]
        let faults = try Settings(environment: Environment { variables[$0] }).faults
        #expect(faults.failsEvery == 20)
        #expect(faults.delay == .milliseconds(100))
        #expect(faults.leak == 2)
        #expect(faults.leakAfter == .seconds(3))
        #expect(faults.unhealthyAfter == 40)
        #expect(faults.crashAfter == 50)
    }

    @Test("A share of nothing is no share")
    func mistake() {
        let error = #expect(throws: Settings.Mistake.self) {
            try Settings(environment: Environment { $0 == "SHOP_FAIL_EVERY" ? "0" : nil })
        }
        #expect(error?.description.contains("SHOP_FAIL_EVERY=0") == true)
    }
}
