import BlueGreen
import HostSystem
import Orchestration
import TestSupport
import Testing

@testable import Notices

@Suite("Announcing how a deployment ended")
struct AnnouncerTests {
    @Test(
        "Each end is an event, and names the command to run next, from any folder",
        arguments: [
            (Outcome.promoted, NoticeEvent.promoted, "teal rollback --app shop"),
            (.aborted, .aborted, "teal status --app shop"),
            (.rolledBack, .rolledBack, "teal status --app shop"),
            (.unknown, .unknown, "teal status --app shop"),
        ])
    func events(_ outcome: Outcome, _ event: NoticeEvent, _ next: String) throws {
        let notice = try #require(Notice(ending: Sample.finished(outcome), from: .sample))
        var expected = Notice(event, from: .sample, at: Sample.moment + .seconds(12))
        expected.kind = .deploy
        expected.colour = .green
        expected.release = Sample.release(2)
        expected.previousRelease = Sample.release(1)
        expected.reason = outcome == .promoted ? nil : "It failed."
        expected.next = next
        expected.took = .seconds(12)
        #expect(notice == expected)
    }

    @Test("Only a release that is still there is offered to go back to")
    func next() {
        let first = Notice(ending: Sample.finished(.promoted, previous: nil), from: .sample)
        let forgotten = Notice(
            ending: Sample.finished(.promoted), from: .sample, known: [Sample.release(2)])
        #expect(first?.next == "teal status --app shop")
        #expect(forgotten?.next == "teal status --app shop")
    }

    @Test("A deployment that has not ended, and waits for nobody, is not announced")
    func unfinished() async throws {
        let stage = try AnnouncerStage(Set(NoticeEvent.allCases)) { _ in .exited(0) }
        await stage.announce(Sample.deployment())
        #expect(stage.said.isEmpty)
        await stage.announce(Sample.finished(.promoted))
        #expect(stage.said == [.note("telling the command tell: promoted")])
    }

    @Test("A target that does not want the event is not told, and no line names it")
    func uninterested() async throws {
        let stage = try AnnouncerStage([.aborted]) { _ in .exited(0) }
        await stage.tell(.promoted)
        #expect(stage.runner.commands.isEmpty)
        #expect(stage.said.isEmpty)
    }

    @Test("One line names the targets that are told, and no other follows where all got through")
    func told() async throws {
        let stage = try AnnouncerStage([.promoted]) { _ in .exited(0) }
        await stage.tell(.promoted)
        #expect(stage.runner.commands.map(\.executable) == ["tell"])
        #expect(stage.said == [.note("telling the command tell: promoted")])
    }

    @Test("A notice that did not get through is a warning without the command's arguments")
    func failed() async throws {
        let stage = try AnnouncerStage([.aborted]) { _ in .exited(7) }
        await stage.tell(.aborted)
        guard case .warning(let text) = stage.said.last else {
            Issue.record("no warning")
            return
        }
        #expect(text.hasPrefix("The notice `aborted` did not get through to the command tell"))
        #expect(!text.contains("XXtokenXX"))
    }

    @Test("A signal leaves the targets five seconds; then the notices are given up")
    func interrupted() async throws {
        let stage = try AnnouncerStage([.aborted]) { _ in nil }
        stage.interruption.receive("SIGTERM")
        await stage.tell(.aborted)
        #expect(stage.clock.waits.contains(NoticeAnnouncer.grace))
        guard case .warning(let text) = stage.said.last else {
            Issue.record("no warning")
            return
        }
        #expect(text.contains("the run ended before it was sent"))
    }
}
