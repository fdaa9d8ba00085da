import BlueGreen
import TestSupport
import Testing

@testable import Orchestration

@Suite("Waiting for the host")
struct SettleWaitTests {
    private let start = Sample.moment

    private func sample(free: Int64) -> HostSample {
        HostSample(
            at: start, memoryAvailable: .mebibytes(free), memoryTotal: .mebibytes(1000))
    }

    private func settle(
        _ host: ScriptedHost, pause: Duration = .seconds(3), atMost: Duration = .seconds(60)
    ) async throws -> StepResult {
        try await SettleWait(host.ports, SettleBounds(memoryFree: .mebibytes(96)))
            .settle(notBefore: start + pause, until: start + pause + atMost)
    }

    private func strains(_ host: ScriptedHost) -> [[Strain]] {
        host.with { script in
            script.events.compactMap {
                if case .settling(let strains) = $0 { strains } else { nil }
            }
        }
    }

    @Test("A host at rest costs the pause and nothing more")
    func atRest() async throws {
        let host = ScriptedHost()
        #expect(try await settle(host) == .waited(Waits([.pause: .seconds(3)])))
        #expect(host.now == start + .seconds(3))
        #expect(strains(host).isEmpty)
    }

    @Test("With nothing to wait for beyond the pause, the host is not even looked at")
    func pauseOnly() async throws {
        let host = ScriptedHost { $0.gauge.error = "no /proc" }
        #expect(
            try await settle(host, atMost: .zero) == .waited(Waits([.pause: .seconds(3)])))
        #expect(host.now == start + .seconds(3))
    }

    @Test("It waits until there is memory, and says for what, at most once a second")
    func waits() async throws {
        let host = ScriptedHost {
            $0.gauge.samples = (0..<30).map { sample(free: 60 + $0) } + [sample(free: 500)]
        }
        guard case .waited(let waited) = try await settle(host) else {
            Issue.record("it did not settle")
            return
        }
        #expect(waited[.memory] == .milliseconds(4250))
        #expect(host.now == start + .milliseconds(7500))
        let texts = strains(host).map { $0.map(\.text) }
        #expect(texts.first == ["memory 60M of 96M free"])
        #expect(texts.count == 8)
    }

    @Test("A27: A wait of more than a second is told once it is over, with what it was for")
    func told() async throws {
        let host = ScriptedHost {
            $0.gauge.samples = Array(repeating: sample(free: 60), count: 20) + [sample(free: 500)]
        }
        _ = try await settle(host)
        _ = try await settle(host, pause: .milliseconds(900), atMost: .zero)
        let told = host.with { script in
            script.events.compactMap {
                if case .rested(let whole, let waits) = $0 {
                    "\(whole.text): \(waits.text)"
                } else {
                    nil
                }
            }
        }
        #expect(told == ["5 s: start.pause 3 s, memory 1.8 s, a look at the host 250 ms"])
    }

    @Test("The same figures are said once")
    func once() async throws {
        let host = ScriptedHost {
            $0.gauge.samples = Array(repeating: sample(free: 60), count: 40) + [sample(free: 500)]
        }
        _ = try await settle(host)
        #expect(strains(host).count == 1)
    }

    @Test("At its bound the start goes on, with what was wrong as a warning")
    func bound() async throws {
        let host = ScriptedHost { $0.gauge.samples = [sample(free: 71)] }
        let result = try await settle(host)
        #expect(host.now == start + .seconds(63))
        let strain = Strain.memory(free: .mebibytes(71), wanted: .mebibytes(96))
        #expect(
            result
                == .unsettled(
                    [strain], SettleBounds(memoryFree: .mebibytes(96)),
                    Waits([.pause: .seconds(3), .memory: .seconds(60)])))
    }

    @Test("A host that cannot be read costs the pause and a warning")
    func blind() async throws {
        let host = ScriptedHost { $0.gauge.error = "no /proc here" }
        #expect(
            try await settle(host)
                == .doneWithWarning("The host's load could not be read: no /proc here"))
        #expect(host.now == start + .seconds(3))
    }
}
