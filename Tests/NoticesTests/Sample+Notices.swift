import BlueGreen
import TestSupport

@testable import Notices

extension Notice {
    /// With a value in each place.
    static var full: Notice {
        var notice = Notice(.rolledBack, from: .sample, at: Sample.moment)
        notice.kind = .deploy
        notice.colour = .green
        notice.release = Sample.release(2)
        notice.label = "v42"
        notice.previousRelease = Sample.release(1)
        notice.reason = "green answered 5xx to 8 % of 240 requests, <5 %> & no more are allowed."
        notice.next = "teal deploy --app shop"
        notice.took = .seconds(63)
        return notice
    }

    static var waiting: Notice {
        let previous = Placement(colour: .blue, release: Sample.release(1))
        return Notice(
            waiting: Sample.deployment(previous: previous),
            until: Sample.moment + .seconds(3600), from: .sample, at: Sample.moment)
    }

    static func watch(_ event: NoticeEvent) -> Notice {
        Notice(
            event, about: "web-2", colour: .green, release: Sample.release(2),
            reason: "GET http://10.0.0.2:8080/ answered 503.", took: .seconds(45),
            next: "teal status --app shop", from: .sample, at: Sample.moment)
    }

    static func plain(_ event: NoticeEvent) -> Notice {
        Notice(event, from: .sample, at: Sample.moment)
    }
}

extension NoticeOrigin {
    static let sample = NoticeOrigin(
        app: "shop", host: "web-1", preview: "http://127.0.0.1:8089/")
}

extension NoticeTarget {
    static func webhook(_ kind: WebhookKind, _ url: String) throws -> NoticeTarget {
        NoticeTarget(
            .webhook(Webhook(kind, at: try WebhookAddress(url))), for: Set(NoticeEvent.allCases))
    }
}
