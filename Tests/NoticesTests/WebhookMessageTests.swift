import BlueGreen
import TestSupport
import Testing

@testable import Notices

@Suite("The message to a webhook")
struct WebhookMessageTests {
    @Test("Slack gets the text, with the three characters escaped that its marks are made of")
    func slack() throws {
        var notice = Notice.plain(.unhealthy)
        notice.reason = #"<!channel> & "you""#
        let message = try WebhookMessage(PrintableNotice(notice), for: .slack, at: Sample.moment)
        #expect(
            String(decoding: message.body, as: UTF8.self)
                == #"{"text":"shop on web-1: the active release is unhealthy."#
                + #"\nWhy: &lt;!channel&gt; &amp; \"you\""}"#)
        #expect(message.fields == ["Content-Type": "application/json", "User-Agent": "teal"])
    }

    @Test(
        "A label wakes nobody behind a Slack webhook, as Mattermost would for @all",
        arguments: ["@all", "@channel", "@here", "@maria", "(@all)", "x @all", "<!here>", "<!all>"])
    func mentions(word: String) throws {
        var notice = Notice.waiting
        notice.label = word
        let message = try WebhookMessage(
            PrintableNotice(notice), for: .slack, at: Timestamp(milliseconds: 0))
        let text = String(decoding: message.body, as: UTF8.self)
        #expect(!text.contains(word))
        #expect(!text.contains("@all") && !text.contains("@here") && !text.contains("<!"))
    }

    @Test("An address in a label stays as it is")
    func addresses() throws {
        var notice = Notice.waiting
        notice.label = "by who@example.net"
        let message = try WebhookMessage(
            PrintableNotice(notice), for: .slack, at: Timestamp(milliseconds: 0))
        #expect(String(decoding: message.body, as: UTF8.self).contains("who@example.net"))
    }

    @Test("Discord gets the text and wakes nobody")
    func discord() throws {
        var notice = Notice.plain(.unhealthy)
        notice.reason = "@everyone"
        let message = try WebhookMessage(PrintableNotice(notice), for: .discord, at: Sample.moment)
        #expect(
            String(decoding: message.body, as: UTF8.self)
                == #"{"allowed_mentions":{"parse":[]},"content":"shop on web-1: the active "#
                + #"release is unhealthy.\nWhy: @everyone"}"#)
    }

    @Test("The generic document of format version 1 stays as it is")
    func generic() throws {
        let secret = Secret("s3cr3t")
        let message = try WebhookMessage(
            PrintableNotice(.full), for: .generic(signedWith: secret), at: Sample.moment)
        #expect(
            String(decoding: message.body, as: UTF8.self) == """
                {"app":"shop","at":"2026-11-20T21:34:05Z","colour":"green",\
                "duration_milliseconds":63000,"event":"rolled_back","format_version":1,\
                "host":"web-1","kind":"deploy","label":"v42","next":"teal deploy --app shop",\
                "previous_release":"20261120-213406-0001",\
                "reason":"green answered 5xx to 8 % of 240 requests, <5 %> & no more are allowed.",\
                "release":"20261120-213407-0002",\
                "subject":"shop on web-1: rolled back release 20261120-213407-0002 (v42)",\
                "text":"shop on web-1: release 20261120-213407-0002 (v42) was rolled back after \
                63 s: it had traffic and lost it. Traffic is on release \
                20261120-213406-0001.\\nWhy: green answered 5xx to 8 % of 240 requests, <5 %> & \
                no more are allowed.\\nNext: run `teal deploy --app shop`."}
                """)
        #expect(message.fields["X-Teal-Event"] == "rolled_back")
        #expect(message.fields["X-Teal-Timestamp"] == "1795210445")
        #expect(
            message.fields["X-Teal-Signature"]
                == "sha256=4ea487faa67b0e3d32e9e257543cfece38a59c16ecce07a62cb15afb9c4df502")
    }

    @Test("A waiting deployment has both answers, the end of the wait and its preview")
    func waiting() throws {
        let message = try WebhookMessage(
            PrintableNotice(.waiting), for: .generic(signedWith: nil), at: Sample.moment)
        #expect(
            String(decoding: message.body, as: UTF8.self) == """
                {"app":"shop","at":"2026-11-20T21:34:05Z","colour":"green","event":"waiting",\
                "format_version":1,"host":"web-1","kind":"deploy",\
                "next":"teal promote --app shop","otherwise":"teal abort --app shop",\
                "preview_url":"http://127.0.0.1:8089/",\
                "previous_release":"20261120-213406-0001","release":"20261120-213407-0002",\
                "subject":"shop on web-1: waits for promotion of release 20261120-213407-0002",\
                "text":"shop on web-1: release 20261120-213407-0002 in green has no traffic yet \
                and waits for promotion until 2026-11-20T22:34:05Z, and is then aborted. Look at \
                it: http://127.0.0.1:8089/\\nNext: run `teal promote --app shop`, or `teal abort \
                --app shop`.","until":"2026-11-20T22:34:05Z"}
                """)
    }

    @Test("A key without a value is left out")
    func sparse() throws {
        let message = try WebhookMessage(
            PrintableNotice(.plain(.maintenanceOn)), for: .generic(signedWith: nil),
            at: Sample.moment)
        #expect(
            String(decoding: message.body, as: UTF8.self) == """
                {"app":"shop","at":"2026-11-20T21:34:05Z","event":"maintenance_on",\
                "format_version":1,"host":"web-1","subject":"shop on web-1: maintenance on",\
                "text":"shop on web-1: maintenance is on; visitors get its page."}
                """)
        #expect(message.fields["X-Teal-Signature"] == nil)
    }

    @Test("The code is HMAC-SHA256, as RFC 4231 has it in its test case 2")
    func vector() {
        #expect(
            NoticeSignature.hexadecimal(of: Array("what do ya want for nothing?".utf8), key: "Jefe")
                == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    }

    @Test("A signature covers its own moment")
    func replay() {
        let (body, secret) = (Array("{}".utf8), Secret("k"))
        let first = NoticeSignature.header(timestamp: "1", body: body, secret: secret)
        let second = NoticeSignature.header(timestamp: "2", body: body, secret: secret)
        #expect(first != second)
    }
}
