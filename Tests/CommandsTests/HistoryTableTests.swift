import BlueGreen
import TestSupport
import Testing

@testable import Commands

@Suite("The table of past deployments")
struct HistoryTableTests {
    private static let aborted = SummaryTests.finished(.aborted, kind: .coldRollback)

    @Test("It has a line per deployment, in columns that line up")
    func table() {
        let deployments = [Self.aborted, SummaryTests.finished(.promoted)]
        #expect(
            HistoryTable(deployments, details: .hidden).text == """
                #  started (UTC)        kind            release               label  colour  \
                outcome   took
                1  2026-11-20 21:34:05  rollback, cold  20261120-213407-0002  -      green   \
                aborted   12 s
                1  2026-11-20 21:34:05  deploy          20261120-213407-0002  -      green   \
                promoted  12 s

                """)
    }

    @Test("Details stand under their deployment")
    func details() {
        let lines = HistoryTable([Self.aborted], details: .shown).text.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[2].hasPrefix("    preparing "))
        #expect(lines[3] == "    It failed.")
    }

    @Test("A27: Details say what the starts waited for")
    func waits() {
        var deployment = Sample.deployment(services: [Sample.web])
        while let step = deployment.next(at: Sample.moment).step {
            var result = StepResult.done
            if case .start = step { result = .waited(Waits([.processorPressure: .seconds(9)])) }
            deployment.record(result, at: Sample.moment)
        }
        #expect(
            HistoryTable([deployment], details: .shown).text.split(separator: "\n").contains(
                "    starts waited for: CPU pressure 9 s"))
    }
}
