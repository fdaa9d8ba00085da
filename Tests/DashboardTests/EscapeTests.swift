import Dashboard
import TestSupport
import Testing

@Suite("Texts of others on the page")
struct EscapeTests {
    private static let script = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>&amp;"

    /// A look whose every text an attacker has chosen.
    private static func hostile() -> AppLook {
        let text = script
        var look = AppLook(app: "shop")
        (look.sentence, look.next) = (text, text)
        look.sides = [
            AppLook.Side(
                colour: text, role: text, hasTraffic: true, release: text, lines: [text])
        ]
        look.replicas = [
            AppLook.Replica(
                name: text, service: text, index: 1, state: text, isBad: true,
                spans: [AppLook.Span(from: 1, to: 2, kind: .failed)], canRestart: true)
        ]
        look.marks = [AppLook.Mark(quarter: 3, text: text)]
        look.running = AppLook.Running(
            title: text, waitsFor: text,
            rungs: [AppLook.Rung(name: text, state: .now, elapsed: .seconds(1), usual: nil)],
            gauges: [AppLook.Gauge(name: text, text: text, filled: 2)])
        look.history = [
            AppLook.Past(
                title: text, outcome: text, isBad: true, took: text,
                phases: [AppLook.Rung(name: text, state: .done, elapsed: .seconds(1), usual: nil)],
                failure: text, log: [text])
        ]
        (look.events, look.room, look.edge, look.healing) = ([text], [text], [text], [text])
        (look.problems, look.acts) = ([text], [text])
        look.offers = [AppLook.Offer(.rollback, label: text, consequence: text)]
        look.status = "{}"
        return look
    }

    @Test("Labels, names of containers, log lines and outputs of hooks stay texts")
    func stored() async throws {
        try await PageSample.served(SampleSource([Self.hostile()])) { page in
            let cookie = ["Cookie": try await page.session(.act)]
            for path in ["/", "/apps/shop", "/apps/shop/acts/rollback"] {
                let answer = try await page.request("GET", path, cookie)
                #expect(answer.status == 200)
                #expect(answer.body.contains("&lt;script&gt;"), "\(path)")
                #expect(!answer.body.contains("<script>alert"), "\(path)")
                #expect(!answer.body.contains("<img"), "\(path)")
                #expect(!answer.body.contains("\"'>"), "\(path)")
            }
        }
    }

    @Test("What a request says is not sent back as a part of the page")
    func reflected() async throws {
        try await PageSample.served { page in
            let cookie = ["Cookie": try await page.session(.act)]
            let text = "%3Cscript%3Ealert(1)%3C/script%3E"
            for path in [
                "/apps/\(text)", "/apps/shop/acts/\(text)", "/\(text)", "/login?\(text)",
                "/apps/shop/acts/restart?service=\(text)&replica=1", "/events?page=\(text)",
                "/badge/\(text).svg", "/api/v1/apps/\(text)/status",
            ] {
                let answer = try await page.request("GET", path, cookie)
                #expect(!answer.body.contains("<script>alert"), "\(path)")
                #expect(answer.status != 500, "\(path)")
            }
        }
    }
}
