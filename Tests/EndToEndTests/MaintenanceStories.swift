import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.SecondLane {
    @Suite("Maintenance")
    struct MaintenanceStories {
        private static let page = "<!doctype html>\n<p>Für 5 $ \"gleich\" {zurück}; \\n</p>\n"

        @Test(
            "Visitors get the page whatever they ask for, health checks the app, and it is over",
            arguments: ["live", "reload"])
        func visitors(mode: String) async throws {
            let more = "switch: \(mode)\nmaintenance: {page: closed.html}"
            try await Story.tell("closed\(mode)") { story in
                try story.writeCompose(Stories.web)
                try story.write(Self.page, to: "closed.html")
                try story.writeConfiguration(Stories.configuration(more: more))
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                let websocket = try await story.withWebsocket(seconds: 4) {
                    let on = try await story.teal(["maintenance", "on"])
                    #expect(on.succeeded, "\(on.standardError)")
                    #expect(on.standardOutput.contains("Maintenance is on"))
                    #expect(on.standardOutput.contains("Still answered by the app: /healthz."))
                    #expect(on.standardOutput.contains("maintenance off"))
                    try await expectPage(story)
                }
                #expect(websocket.ending == .exited(28))
                let again = try await story.teal(["maintenance", "on"])
                #expect(again.succeeded)
                #expect(again.standardOutput.contains("Maintenance was on already"))
                let off = try await story.teal(["maintenance", "off"])
                #expect(off.succeeded, "\(off.standardError)")
                try await story.untilVersion("v1")
                let more = try await story.teal(["maintenance", "off", "--json"])
                #expect(more.standardOutput.contains("\"maintenance\" : \"off\""))
            }
        }

        private func expectPage(_ story: Story) async throws {
            let requests: [([String], String)] = [
                ([], "/"), ([], "/logo.png?x=1"), (["--data", "a=b"], "/order"),
                (["--request", "DELETE"], "/order/1"), (["--http1.0"], "/version"),
                (["--header", "Accept: application/json"], "/api"), ([], "/maintenance.html"),
                (["--header", "If-None-Match: *", "--range", "0-3"], "/"),
            ]
            for (options, path) in requests {
                let answer = try await story.curl(options, path)
                #expect(answer.status == 503, "\(options) \(path)")
                #expect(answer.body == Self.page, "\(options) \(path)")
                #expect(answer.headers["retry-after"] == "60")
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["content-type"] == "text/html; charset=utf-8")
            }
            #expect(try await story.curl(["--head"], "/").status == 503)
            for path in ["/healthz", "/healthz?deep=1"] {
                let answer = try await story.get(path)
                #expect(answer.status == 200, "\(path)")
                #expect(answer.headers["x-shop-version"] == "v1", "\(path)")
            }
            #expect(try await story.get("/healthz/").status == 503)
        }

        @Test(
            "It survives a deploy, a rollback and nginx's restart, and the release is behind it",
            arguments: ["live", "reload"])
        func survives(mode: String) async throws {
            try await Stories.tell("closedthrough\(mode)", more: "switch: \(mode)") { story in
                #expect(try await story.teal(["maintenance", "on"]).succeeded)
                let deploy = try await story.deploy(["VERSION": "v2"])
                #expect(deploy.standardOutput.contains("Traffic is on green"))
                #expect(deploy.standardOutput.contains("Visitors get the maintenance page"))
                #expect(try await story.get("/version").status == 503)
                #expect(try await story.get("/healthz").headers["x-shop-version"] == "v2")
                try await story.stopNginx()
                try await story.startNginx()
                #expect(try await story.get("/version").body.contains("Closed for maintenance"))
                #expect(try await story.get("/healthz").headers["x-shop-version"] == "v2")
                #expect(try await story.teal(["rollback"]).succeeded)
                #expect(try await story.get("/version").status == 503)
                #expect(try await story.get("/healthz").headers["x-shop-version"] == "v1")
                #expect(try await story.teal(["status"]).succeeded)
                #expect(try await story.teal(["maintenance", "off"]).succeeded)
                try await story.untilVersion("v1")
            }
        }

        @Test(
            "It can be on before the first deploy, and when all is taken down",
            arguments: ["live", "reload"])
        func nobody(mode: String) async throws {
            let app = "closednew\(mode)"
            try await Stories.tell(app, deployed: false, more: "switch: \(mode)") { story in
                let on = try await story.teal(["maintenance", "on"])
                #expect(on.succeeded, "\(on.standardError)")
                #expect(on.standardOutput.contains("No colour has traffic behind it"))
                try await story.openSite()
                try await story.until("the page is there") {
                    try await story.get("/").body.contains("Closed for maintenance")
                }
                try await story.deploy(["VERSION": "v1"])
                #expect(try await story.get("/").status == 503)
                #expect(try await story.get("/healthz").headers["x-shop-version"] == "v1")
                #expect(try await story.teal(["maintenance", "off"]).succeeded)
                try await story.untilVersion("v1")
                #expect(try await story.teal(["maintenance", "on"]).succeeded)
                try await story.remove("\(story.folder)/nginx/site/\(app).conf")
                try await story.reloadNginx()
                let down = try await story.teal(["down", "--yes"])
                #expect(down.succeeded, "\(down.standardError)")
                #expect(try await story.nginx("-t").succeeded)
            }
        }

        @Test("A deployment that was cut off is left as it is, and its recovery leaves the page")
        func unfinished() async throws {
            try await Stories.tell("closedcut", more: "keep: {previous: stopped}") { story in
                let run = try await story.tealUntil(
                    "== probing", signal: "KILL", ["deploy"],
                    ["VERSION": "v2", "HEALTH_AFTER_MS": "700"])
                #expect(run.ending == .signalled(9))
                let on = try await story.teal(["maintenance", "on"])
                #expect(on.succeeded)
                #expect(on.standardOutput.contains("stands in probing and was left so"))
                #expect(try await story.running(in: .green).count == 1)
                #expect(try await story.get("/").status == 503)
                let resume = try await story.teal(["resume"])
                #expect(resume.ending == .exited(3))
                #expect(try await story.running(in: .green).isEmpty)
                #expect(try await story.get("/").status == 503)
                #expect(try await story.teal(["maintenance", "off"]).succeeded)
                try await story.untilVersion("v1")
            }
        }

        @Test("What is wrong in teal.yml or on the command line is said")
        func mistakes() async throws {
            try await Stories.tell("closedwrong") { story in
                for words in [["maintenance"], ["maintenance", "maybe"]] {
                    #expect(try await story.teal(words).ending == .exited(64))
                }
                try story.writeConfiguration(
                    Stories.configuration(more: "maintenance: {pag: closed.html}"))
                let key = try await story.teal(["maintenance", "on"])
                // The settings of the last deploy do.
                #expect(key.succeeded)
                #expect(key.standardError.contains("did you mean \"page\"?"))
                #expect(try await story.teal(["maintenance", "off"]).succeeded)
                try await story.untilVersion("v1")
                try story.writeConfiguration(
                    Stories.configuration(more: "maintenance: {page: closed.html}"))
                let missing = try await story.teal(["maintenance", "on"])
                #expect(missing.ending == .exited(78))
                #expect(missing.standardError.contains("closed.html"))
                #expect(try await story.version() == "v1")
            }
        }

        @Test("A run that holds the app is waited for")
        func locked() async throws {
            try await Stories.tell("closedlock") { story in
                async let deploy = story.deploy(["VERSION": "v2", "HEALTH_AFTER_MS": "1500"])
                try await story.untilLocked()
                let refused = try await story.teal(["maintenance", "on"])
                #expect(refused.ending == .exited(75))
                #expect(refused.standardError.contains("deploy"))
                let on = try await story.teal(["maintenance", "on", "--wait-lock", "2m"])
                #expect(on.succeeded)
                _ = try await deploy
                #expect(try await story.get("/healthz").headers["x-shop-version"] == "v2")
                #expect(try await story.get("/").status == 503)
            }
        }
    }
}
