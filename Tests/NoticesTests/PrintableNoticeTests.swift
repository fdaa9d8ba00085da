import BlueGreen
import TestSupport
import Testing

@testable import Notices

@Suite("A notice in words")
struct PrintableNoticeTests {
    @Test("A rollback says what happened, why, who has traffic and what to run next")
    func rolledBack() {
        #expect(
            PrintableNotice(.full).text == """
                shop on web-1: release 20261120-213407-0002 (v42) was rolled back after 63 s: \
                it had traffic and lost it. Traffic is on release 20261120-213406-0001.
                Why: green answered 5xx to 8 % of 240 requests, <5 %> & no more are allowed.
                Next: run `teal deploy --app shop`.
                """)
    }

    @Test("A deployment that waits says until when, where to look, and the lines that answer it")
    func waiting() {
        #expect(
            PrintableNotice(.waiting).text == """
                shop on web-1: release 20261120-213407-0002 in green has no traffic yet and waits \
                for promotion until 2026-11-20T22:34:05Z, and is then aborted. Look at it: \
                http://127.0.0.1:8089/
                Next: run `teal promote --app shop`, or `teal abort --app shop`.
                """)
        #expect(
            PrintableNotice(.waiting).subject
                == "shop on web-1: waits for promotion of release 20261120-213407-0002")
    }

    @Test(
        "Each event has a headline of its own",
        arguments: [
            (NoticeEvent.promoted, "the active release was promoted."),
            (.aborted, "the active release was aborted, before the switch: it got no traffic."),
            (.unhealthy, "the active release is unhealthy."),
            (.recovered, "the active release is healthy again."),
            (.restarted, "the active release was restarted."),
            (
                .circuitOpen,
                "the active release is not restarted any more: restarts did not help. Act now."
            ),
            (.unknown, "traffic could not be shown to be anywhere. Act now."),
            (.maintenanceOn, "maintenance is on; visitors get its page."),
            (.maintenanceOff, "maintenance is off; visitors get the app again."),
        ])
    func headlines(event: NoticeEvent, words: String) {
        #expect(PrintableNotice(.plain(event)).text == "shop on web-1: \(words)")
    }

    @Test(
        "The watch names the replica, its release, since when, why and what to run next",
        arguments: [
            (NoticeEvent.unhealthy, "%@ has been unhealthy for 45 s."),
            (.recovered, "%@ is healthy again after 45 s."),
            (.restarted, "%@ was restarted; it had been unhealthy for 45 s."),
            (.circuitOpen, "%@ is not restarted any more: restarts did not help. Act now."),
            (
                .rolledBack,
                "the watch took the traffic from release 20261120-213407-0002 in green, since web-2 "
                    + "stayed unhealthy for 45 s. Traffic is on release 20261120-213406-0001."
            ),
        ])
    func watch(event: NoticeEvent, words: String) {
        var notice = Notice.watch(event)
        if event == .rolledBack { notice.previousRelease = Sample.release(1) }
        let patient = "web-2 in green (release 20261120-213407-0002)"
        #expect(
            PrintableNotice(notice).text == """
                shop on web-1: \(words.replacing("%@", with: patient))
                Why: GET http://10.0.0.2:8080/ answered 503.
                Next: run `teal status --app shop`.
                """)
    }

    @Test("A subject of the watch names the replica")
    func watchSubject() {
        #expect(
            PrintableNotice(.watch(.unhealthy)).subject
                == "shop on web-1: unhealthy web-2, release 20261120-213407-0002")
        let edge = Notice(.unhealthy, about: "nginx", from: .sample, at: Sample.moment)
        #expect(PrintableNotice(edge).subject == "shop on web-1: unhealthy nginx")
        #expect(PrintableNotice(edge).text == "shop on web-1: nginx is unhealthy.")
    }

    @Test("A candidate that only had room made for it is not said to have had traffic")
    func madeRoom() {
        var notice = Notice.full
        notice.course = .madeRoom
        #expect(
            PrintableNotice(notice).text.hasPrefix(
                "shop on web-1: release 20261120-213407-0002 (v42) failed after 63 s after room "
                    + "was made for it, and the previous release was started again. Traffic is on"))
    }

    @Test("A notice of a set that is back in part does not say that traffic is nowhere")
    func impaired() {
        var notice = Notice.full.renamed(.unknown)
        notice.course = .impaired
        let words = PrintableNotice(notice)
        #expect(words.text.contains("could not be started again as it was. Act now."))
        #expect(words.subject.contains("not all of it runs, act now"))
    }

    @Test("A rollback that somebody asked for is no failed release")
    func asked() {
        var notice = Notice.full.renamed(.promoted)
        notice.kind = .warmRollback
        #expect(
            PrintableNotice(notice).text.hasPrefix(
                "shop on web-1: rolled back to release 20261120-213407-0002 (v42) after 63 s; "
                    + "it runs in green.\n"))
    }

    @Test("Escapes, line breaks and reversed text do not get out")
    func control() {
        var notice = Notice.plain(.unhealthy)
        notice.reason = "one\u{1B}[31m red\r\ntwo\u{202E}\u{7}\u{0}"
        notice.label = "v\n1"
        notice.release = Sample.release(1)
        let words = PrintableNotice(notice)
        #expect(words.reason == "one red two")
        #expect(words.label == "v 1")
        #expect(words.text.split(separator: "\n").count == 2)
    }

    @Test("A text of any notice has 1,500 bytes at most and three lines")
    func bounded() {
        let long = String(repeating: "é\n", count: 5000)
        for event in NoticeEvent.allCases {
            var notice = Notice.full.renamed(event)
            let origin = NoticeOrigin(app: long, host: long)
            notice = Notice(event, from: origin, at: Sample.moment).with(notice)
            notice.label = long
            notice.about = long
            notice.reason = long
            notice.next = long
            notice.otherwise = long
            notice.preview = long
            let text = PrintableNotice(notice).text
            #expect(text.utf8.count <= 1500)
            #expect(text.split(separator: "\n", omittingEmptySubsequences: false).count == 3)
        }
    }

    @Test("A subject is one line of printable ASCII below 100 characters")
    func subject() {
        #expect(
            PrintableNotice(.full).subject
                == "shop on web-1: rolled back release 20261120-213407-0002 (v42)")
        var notice = Notice.full
        notice.label = String(repeating: "ü\n", count: 300)
        let subject = PrintableNotice(notice).subject
        #expect(subject.utf8.count <= 99)
        #expect(subject.utf8.allSatisfy { (0x20...0x7E).contains($0) })
    }
}

extension Notice {
    fileprivate func renamed(_ event: NoticeEvent) -> Notice {
        Notice(event, from: NoticeOrigin(app: app, host: host), at: at).with(self)
    }

    fileprivate func with(_ other: Notice) -> Notice {
        var notice = self
        notice.kind = other.kind
        notice.colour = other.colour
        notice.release = other.release
        notice.label = other.label
        notice.previousRelease = other.previousRelease
        notice.reason = other.reason
        notice.next = other.next
        notice.otherwise = other.otherwise
        notice.preview = other.preview
        notice.until = other.until
        notice.took = other.took
        return notice
    }
}
