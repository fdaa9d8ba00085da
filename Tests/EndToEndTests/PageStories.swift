import BlueGreen
import FoundationEssentials
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    /// The page of `teal watch`, asked by curl as a browser asks it.
    @Suite("The page")
    struct PageOfWatch {
        /// A page of a watch over one app.
        struct Page: Sendable {
            let story: Story
            let port: Int
            let log: @Sendable () throws -> String

            private var origin: String { "http://127.0.0.1:\(port)" }

            func ask(
                _ path: String, _ options: [String] = [], token: String? = nil
            ) async throws -> Answer {
                let bearer = token.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
                let result = try await story.run(
                    Command(
                        "curl",
                        ["--silent", "--include", "--max-time", "60"] + bearer + options
                            + [origin + path]))
                return try #require(
                    Answer(result.standardOutput), "\(path): \(result.standardError)")
            }

            /// A new token, as a person on the host makes it.
            func token(_ options: [String] = []) async throws -> String {
                let result = try await story.teal(words: ["watch", "token", "create"] + options)
                #expect(result.ending == .exited(0), "\(result.standardError)")
                return String(result.standardOutput.dropLast())
            }

            /// Logs in and keeps the cookie in a file.
            ///
            /// - Returns: the options of curl that send it.
            func session(_ token: String) async throws -> [String] {
                let jar = story.folder + "/cookies"
                let answer = try await ask(
                    "/login",
                    [
                        "--cookie-jar", jar, "--header", "Origin: \(origin)", "--data",
                        "token=\(token)",
                    ])
                #expect(answer.status == 303)
                return ["--cookie", jar]
            }

            /// Reads the form of an act and sends it, as a click does.
            func click(_ act: String, _ session: [String]) async throws -> (
                form: String, answer: Answer
            ) {
                let path = "/apps/\(story.app)/acts/\(act)"
                let form = try await ask(path, session).body
                let fields = try ["secret", "number", "subject"].flatMap { name in
                    let start = try #require(
                        form.firstRange(of: "<main").flatMap {
                            form[$0.upperBound...].firstRange(of: "name=\"\(name)\" value=\"")
                        })
                    let value = form[start.upperBound...].prefix { $0 != "\"" }
                    return ["--data-urlencode", "\(name)=\(value)"]
                }
                let answer = try await ask(
                    path, session + ["--header", "Origin: \(origin)"] + fields)
                return (form, answer)
            }
        }

        static func tell(
            _ app: String, more: String = "bake: {for: 0s}",
            _ body: @Sendable (Page) async throws -> Void
        ) async throws {
            try await Stories.tell(app, more: more) { story in
                let port = try story.freePort()
                try await story.watching(
                    ["TEAL_PAGE": "127.0.0.1:\(port)"], reading: Watches.expectEnd
                ) { log in
                    try await story.until("the page is served") {
                        try log().contains("The page is served at http://127.0.0.1:\(port).")
                    }
                    try await body(Page(story: story, port: port, log: log))
                }
            }
        }

        @Test("It shows a deployed app, its documents and its figures to those who have a token")
        func shows() async throws {
            try await Self.tell("pageshows") { page in
                #expect(try await page.ask("/").status == 303)
                #expect(try await page.ask("/metrics").status == 401)
                let reader = try await page.token(["--read-only", "--name", "reader"])
                let shown = try await page.ask("/apps/pageshows", token: reader)
                #expect(shown.status == 200)
                #expect(shown.body.contains("pageshows is well: blue, v1"), "\(shown.body)")
                #expect(shown.body.utf8.count < 50_000)
                let status = try await page.ask("/api/v1/apps/pageshows/status", token: reader)
                struct Status: Decodable { let app: String }
                #expect(
                    try JSONDecoder().decode(Status.self, from: Data(status.body.utf8)).app
                        == "pageshows")
                let plan = try await page.ask("/api/v1/apps/pageshows/plan", token: reader)
                #expect(plan.status == 200 && plan.body.contains("\"steps\""), "\(plan.body)")
                let history = try await page.ask("/api/v1/apps/pageshows/history", token: reader)
                #expect(history.body.contains("\"outcome\" : \"promoted\""))
                try await page.story.until("a round was made") {
                    try await page.ask("/metrics", token: reader).body
                        .contains("teal_traffic{app=\"pageshows\",colour=\"blue\"} 1")
                }
                let act = try await page.ask(
                    "/api/v1/apps/pageshows/acts/rollback", ["--request", "POST"], token: reader)
                #expect(act.status == 403)
                for _ in 1...20 {
                    #expect(try await page.ask("/metrics", token: "teal_guess").status == 401)
                }
                #expect(try await page.ask("/metrics", token: "teal_guess").status == 429)
                let revoked = try await page.story.teal(
                    words: ["watch", "token", "revoke", "reader"])
                #expect(revoked.succeeded)
                #expect(try await page.ask("/metrics", token: reader).status == 429)
            }
        }

        @Test("A deploy is seen from its beginning to its end, and a click goes back from it")
        func acts() async throws {
            try await Self.tell("pageacts") { page in
                let token = try await page.token(["--name", "ops"])
                let session = try await page.session(token)
                let seen = page.story.folder + "/seen"
                async let events: CommandResult = page.story.run(
                    Command(
                        "bash",
                        [
                            "-c",
                            "curl -sN --max-time 120 -H \"$0\" \"$1\" | tee \"$2\" | "
                                + "sed '/is well: green, v2, for/q' >/dev/null",
                            "Authorization: Bearer \(token)",
                            "http://127.0.0.1:\(page.port)/events?page=pageacts", seen,
                        ], timeLimit: .seconds(150)))
                try await page.story.until("events come") {
                    try FileSystem().readTextIfPresent(seen)?.contains("event: page") ?? false
                }
                try await page.story.deploy(["VERSION": "v2"], options: ["--release", "v2"])
                _ = try await events
                let text = try FileSystem().readText(seen)
                #expect(text.contains("<section id=\"running\">"))
                #expect(text.contains("aria-current=\"step\""))
                #expect(text.contains("pageacts is well: green, v2, for"))
                let (form, answer) = try await page.click("rollback", session)
                #expect(form.contains("in a millisecond"), "\(form)")
                #expect(form.contains("blue is warm"), "\(form)")
                #expect(answer.status == 303, "\(answer.body)")
                try await page.story.untilVersion("v1")
                let history = try await page.story.teal(["history"])
                #expect(
                    history.standardOutput.contains(
                        "asked: token ops asked for a rollback on the page"))
                // Its end, not only that of the switch.
                try await page.story.until("the act has ended") {
                    try page.log().contains("pageacts: a rollback is done.")
                }
                let maintenance = try await page.click("maintenance-on", session)
                #expect(maintenance.answer.status == 303, "\(maintenance.answer.body)")
                #expect(try await page.story.get("/").status == 503)
                let shown = try await page.ask("/apps/pageacts", session).body
                #expect(shown.contains("is in maintenance"), "\(shown)")
                #expect(try await page.click("maintenance-off", session).answer.status == 303)
                #expect(try await page.story.get("/").status == 200)
                let before = try await Watches.started("pageacts-blue-web-1", page.story)
                let restart = try await page.ask(
                    "/api/v1/apps/pageacts/acts/restart",
                    ["--data", "service=web&replica=1"], token: token)
                #expect(restart.status == 202, "\(restart.body)")
                try await page.story.until("it is started again") {
                    try await Watches.started("pageacts-blue-web-1", page.story) != before
                }
            }
        }

        @Test("What waits for a person is promoted and aborted by a click, and a lock is told")
        func answers() async throws {
            try await Self.tell("pageanswers", more: "bake: {for: 0s}") { page in
                try page.story.writeConfiguration(
                    Stories.configuration(more: "promote: manual\npromote_within: 1h"))
                let session = try await page.session(try await page.token())
                for (act, version) in [("abort", "v1"), ("promote", "v2")] {
                    async let deploy = page.story.teal(
                        ["deploy", "--release", "v2"], ["VERSION": "v2"])
                    try await page.story.untilWaiting()
                    let shown = try await page.ask("/apps/pageanswers", session).body
                    #expect(shown.contains("v2 waits for your word"), "\(shown)")
                    let (_, answer) = try await page.click(act, session)
                    #expect(answer.status == 303, "\(answer.body)")
                    _ = try await deploy
                    try await page.story.untilVersion(version)
                    try await page.story.until("the act has ended") {
                        try page.log().contains("pageanswers: a\(act == "abort" ? "n" : "") ")
                            && page.log().contains(
                                "\(act == "abort" ? "an abort" : "a promotion") is done.")
                    }
                }
                let late = try await page.ask(
                    "/apps/pageanswers/acts/promote", session)
                #expect(late.status == 409)
                async let deploy = page.story.teal(
                    ["deploy", "--release", "v3"], ["VERSION": "v3"])
                try await page.story.untilWaiting()
                let (form, answer) = try await page.click("rollback", session)
                #expect(form.contains("Aborts the deployment of v3, which waits"), "\(form)")
                #expect(answer.status == 303, "\(answer.body)")
                _ = try await deploy
                try await page.story.untilVersion("v1")
                try await page.story.until("the rollback has ended") {
                    try page.log().contains("a rollback is done.")
                }
            }
        }

        @Test("A port that is taken keeps no app from being watched, and is had later")
        func takenPort() async throws {
            try await Stories.tell("pageport", more: "bake: {for: 0s}") { story in
                let other = try await Receiver.start(.status(200))
                let environment = ["TEAL_PAGE": "127.0.0.1:\(other.port)"]
                try await story.watching(environment, reading: Watches.expectEnd) { log in
                    try await story.until("it watches all the same") {
                        try log().contains("pageport: watched")
                            && log().contains(
                                "cannot be served at http://127.0.0.1:\(other.port): address "
                                    + "already in use")
                    }
                    try await other.stop()
                    try await story.until("the page is served", times: 400) {
                        try log().contains("The page is served")
                    }
                }
            }
        }
    }
}
