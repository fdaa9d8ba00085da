import BlueGreen
import Notices
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("Notices of a watch")
struct WatchNoticeTests {
    private static let blue = Placement(colour: .blue, release: Sample.release(2))
    private static let green = Placement(colour: .green, release: Sample.release(1))
    private static let web = WatchedReplica(blue, Replica(service: "web", index: 2))

    private let situation = Situation(
        live: .blue,
        containers: [
            Container(
                id: "old", name: "shop-green-web-1", replica: Replica(service: "web", index: 1),
                role: .exposed, placement: green, state: .running)
        ], deployments: [],
        releases: [
            Release(id: blue.release, label: "1.4.0", createdAt: Sample.moment, services: [])
        ])

    @Test("A replica is named bare, with its colour, its release and the label")
    func replica() throws {
        let notice = try notice(.unhealthy, Self.web.name, "answered 503", .replica(Self.web))
        #expect(
            text(notice) == """
                web-2 in blue (release 20261120-213407-0002 (1.4.0)) is unhealthy.
                Why: blue web-2 answered 503.
                Next: run `teal status --app shop`.
                """)
        #expect(notice.about == "web-2")
        #expect(notice.colour == .blue)
        #expect(notice.release == Self.blue.release)
        #expect(notice.label == "1.4.0")
    }

    @Test("An act gives its reason once")
    func restarted() throws {
        let notice = try notice(
            .restarted, Self.web.name, "blue web-2 answered 503", .replica(Self.web))
        #expect(notice.reason == "blue web-2 answered 503.")
    }

    @Test("A shared service and the host have no colour and no release")
    func shared() throws {
        let db = WatchedReplica(nil, Replica(service: "db", index: 1))
        let ended = try notice(.unhealthy, db.name, "ended with exit code 1", .replica(db))
        #expect(
            text(ended).hasPrefix("db-1 is unhealthy.\nWhy: db-1 ended with exit code 1.\n"))
        let host = try notice(.hostIll, "the host", "the engine does not answer", nil)
        #expect(
            text(host).hasPrefix(
                "the host is unhealthy.\nWhy: the engine does not answer.\n"))
        #expect(host.colour == nil && host.release == nil)
    }

    @Test("A way back names what was ill, who lost the traffic and who has it")
    func rolledBack() throws {
        let reason = "blue web-2 answered 503"
        let notice = try notice(.rolledBack, "blue", reason, .replica(Self.web))
        #expect(
            text(notice).hasPrefix(
                "the watch took the traffic from release 20261120-213407-0002 (1.4.0) in blue, "
                    + "since web-2 stayed unhealthy. Traffic is on release "
                    + "20261120-213406-0001.\nWhy: blue web-2 answered 503.\n"))
    }

    private func notice(
        _ kind: WatchEvent.Kind, _ subject: String, _ reason: String,
        _ patient: WatchEvent.Patient?
    ) throws -> Notice {
        let event = WatchEvent(
            kind, subject, at: Sample.moment, reason: reason, patient: patient)
        return try #require(Notice(event, of: "shop", at: situation))
    }

    /// Without the app and the host.
    private func text(_ notice: Notice) -> String {
        let text = PrintableNotice(notice).text
        return text.split(separator: ": ", maxSplits: 1).last.map(String.init) ?? text
    }
}
