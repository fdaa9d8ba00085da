import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

/// A status names what was found, and the line that ends it.
@Suite("The status of a lost link")
struct LostLinkStatusTests {
    private func text(
        _ finding: LostLink.Finding, _ verdict: LinkEvidence.Verdict
    ) throws -> String {
        let lost = LostLink(path: "/nginx/shop/live", finding)
        var findings = Condition.Findings()
        findings.lostLink = LostLinkFinding(lost, verdict)
        let situation = Situation(
            live: nil, containers: [], deployments: [Sample.finished(.promoted)], releases: [])
        let condition = Condition(situation, findings)
        #expect(ExitStatus(condition.verdict) == .unknown)
        return StatusText(condition, try CleanTests.app()).text
    }

    @Test("A5: A colour that had traffic is named, and what puts it back")
    func had() throws {
        let text = try text(.missing, .had(.green))
        #expect(text.hasPrefix("shop: the link is lost; traffic belongs to green.\n"))
        #expect(text.contains("Problem: The link /nginx/shop/live is gone"))
        #expect(text.contains("any command that writes, puts the traffic back on green.\n"))
        #expect(!text.contains("no colour has traffic"))
    }

    @Test("A5: Where nobody can tell, the two choices are lines that work")
    func untold() throws {
        let text = try text(.missing, .untold(reason: "there is no history, and both run"))
        #expect(text.hasPrefix("shop: the link is lost; nobody can tell who has traffic.\n"))
        #expect(
            text.contains(
                "`ln -sfn blue /nginx/shop/live` or `ln -sfn green /nginx/shop/live`, and run"))
    }

    @Test("A5: What is in the link's place is moved by a person")
    func taken() throws {
        let line = "mv /nginx/shop/live /nginx/shop/live.aside && ln -sfn green /nginx/shop/live"
        #expect(try text(.taken, .had(.green)).contains("Next: `\(line)`, then"))
    }
}
