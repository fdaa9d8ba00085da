import BlueGreen
import HostSystem
import Notices
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Telling how a deployment ended")
struct AnnouncementTests {
    @Test(
        "Each end is an event, and names what to run next, from any folder",
        arguments: [
            (Outcome.promoted, NoticeEvent.promoted, "teal rollback --app shop"),
            (.aborted, .aborted, "teal status --app shop"),
            (.rolledBack, .rolledBack, "teal status --app shop"),
            (.unknown, .unknown, "teal status --app shop"),
        ])
    func events(_ outcome: Outcome, _ event: NoticeEvent, _ next: String) throws {
        let notice = try #require(
            Notice(ending: SummaryTests.finished(outcome), of: "shop", on: "web-1"))
        #expect(notice.event == event)
        #expect(notice.next == next)
        #expect(notice.app == "shop")
        #expect(notice.host == "web-1")
        #expect(notice.release == Sample.release(2))
        #expect(notice.previousRelease == Sample.release(1))
        #expect(notice.took == .seconds(12))
    }

    @Test("Only a release that is still there is offered to go back to")
    func next() {
        let known: Set<ReleaseID> = [Sample.release(2)]
        let first = Notice(
            ending: SummaryTests.finished(.promoted, previous: nil), of: "shop", on: "h")
        let forgotten = Notice(
            ending: SummaryTests.finished(.promoted), of: "shop", on: "h", known: known)
        #expect(first?.next == "teal status --app shop")
        #expect(forgotten?.next == "teal status --app shop")
    }

    @Test("A deployment that has not ended is nothing to tell of")
    func unfinished() {
        #expect(Notice(ending: Sample.deployment(), of: "shop", on: "h") == nil)
    }

    @Test("Who does not want to know is not told, and nothing is said of it")
    func uninterested() async throws {
        let stage = try AnnouncementStage([.aborted]) { _ in .exited(0) }
        await stage.tell(.promoted)
        #expect(stage.runner.commands.isEmpty)
        #expect(stage.said.isEmpty)
    }

    @Test("Who is told is said, and nothing more where it got through")
    func told() async throws {
        let stage = try AnnouncementStage([.promoted]) { _ in .exited(0) }
        await stage.tell(.promoted)
        #expect(stage.runner.commands.map(\.executable) == ["tell"])
        #expect(stage.said == [.note("telling the command tell: promoted")])
    }

    @Test("A notice that did not get through is a warning without the command's arguments")
    func failed() async throws {
        let stage = try AnnouncementStage([.aborted]) { _ in .exited(7) }
        await stage.tell(.aborted)
        guard case .warning(let text) = stage.said.last else {
            Issue.record("no warning")
            return
        }
        #expect(text.hasPrefix("The notice `aborted` did not get through to the command tell"))
        #expect(!text.contains("XXtokenXX"))
    }

    @Test("A signal leaves it five seconds, then what was not sent is given up")
    func interrupted() async throws {
        let stage = try AnnouncementStage([.aborted]) { _ in nil }
        await stage.interruption.receive("SIGTERM")
        await stage.tell(.aborted)
        #expect(stage.clock.waits.contains(Announcement.grace))
        guard case .warning(let text) = stage.said.last else {
            Issue.record("no warning")
            return
        }
        #expect(text.contains("the run ended before it was sent"))
    }
}
