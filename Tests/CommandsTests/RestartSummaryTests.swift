import BlueGreen
import TestSupport
import Testing

@testable import Commands
@testable import Orchestration

@Suite("The last lines of `teal restart`")
struct RestartSummaryTests {
    private static let one = Replica(service: "web", index: 1)
    private static let two = Replica(service: "web", index: 2)

    static func outcome(
        restarted: [Replica] = [], failed: Replica? = nil, left: [Replica] = [],
        role: ServiceRole = .exposed
    ) -> ServiceRestart.Outcome {
        var outcome = ServiceRestart.Outcome(
            service: PlannedService(name: "web", role: role, replicas: 2),
            active: DocumentSamples.green)
        outcome.restarted = restarted
        outcome.failure = failed.map {
            ServiceRestart.Failed(
                replica: $0,
                failure: Failure(
                    .unhealthy($0), "green \($0) ended with exit code 1.", logLines: ["no disk"]))
        }
        outcome.left = left
        return outcome
    }

    private func summary(
        _ outcome: ServiceRestart.Outcome, signal: String? = nil
    ) throws -> RestartSummary {
        RestartSummary(outcome, try CleanTests.app(), interruption: signal)
    }

    @Test("All that were restarted are named")
    func done() throws {
        let summary = try summary(Self.outcome(restarted: [Self.two, Self.one]))
        #expect(summary.status == .done)
        #expect(summary.text == "Restarted: web-2, web-1 of green.\nTraffic is on green.\n")
    }

    @Test("A failure says which, why, what runs, and what to run next")
    func failure() throws {
        let summary = try summary(
            Self.outcome(restarted: [Self.two], failed: Self.one, left: []))
        #expect(summary.status == .unhealthy)
        #expect(
            summary.text == """
                Unhealthy: web-1 was restarted and did not come back. green web-1 ended with exit \
                code 1.
                Up again: web-2.
                Traffic is on green.
                Next: `teal status --app shop` shows what serves, and \
                `teal compose --app shop green logs web-1` its log.

                """)
    }

    @Test("The log of the only replica goes by its service's name, which Compose knows")
    func onlyReplica() throws {
        var outcome = ServiceRestart.Outcome(
            service: PlannedService(name: "web", role: .exposed), active: DocumentSamples.green)
        outcome.failure = ServiceRestart.Failed(
            replica: Self.one, failure: Failure(.unhealthy(Self.one), "It ended."))
        #expect(try summary(outcome).text.contains("`teal compose --app shop green logs web` its"))
    }

    @Test("One that was asked to end names the rest, and how to go on")
    func interrupted() throws {
        let summary = try summary(
            Self.outcome(restarted: [Self.one], left: [Self.two]), signal: "SIGTERM")
        #expect(summary.status == .unexpectedError)
        #expect(
            summary.text == """
                Not all of web was restarted: SIGTERM asked it to end.
                Left as they were: web-2.
                Traffic is on green.
                Next: `teal restart web --app shop`.

                """)
    }

    @Test(
        "A refusal says why, and what to do first",
        arguments: [
            (RestartRefusal.unfinished(number: 3, isWaiting: true), "`teal promote --app shop`"),
            (.unfinished(number: 3, isWaiting: false), "`teal resume --app shop`"),
            (.unknownService("wbe", known: ["db", "web"]), "did you mean \"web\"?"),
            (.unknownService("x", known: ["db", "web"]), "it has db, web."),
            (.unknownReplica(3, of: "web", count: 2), "web has 2 replicas, and no web-3."),
            (.oneShot("migrate"), "migrate runs to its end once"),
            (.noContainer(one), "web-1 has no container."),
        ])
    func refusals(_ refusal: RestartRefusal, _ words: String) throws {
        let text = refusal.text(try CleanTests.app())
        #expect(text.contains(words), "\(text)")
        #expect(text.hasPrefix("Nothing was restarted: "))
        #expect(ExitStatus(CommandsError.notRestarted(reason: text)).rawValue == 64)
    }
}
