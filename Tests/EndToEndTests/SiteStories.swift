import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("The site's side")
    struct TheSite {
        private static func rename(_ story: Story, to name: String) throws {
            try story.writeCompose(Stories.web.replacing("  web:", with: "  \(name):"))
            try story.writeConfiguration(
                Stories.configuration().replacing("  web:", with: "  \(name):"))
        }

        /// Deploys v2, which has an api beside web.
        private static func exposeBoth(_ story: Story) async throws {
            try story.writeCompose(
                Stories.web + "\n" + Stories.web.replacing("  web:", with: "  api:"))
            let settings = Stories.configuration()
            let web = settings.split(separator: "\n")[1]
            try story.writeConfiguration(
                settings.replacing(
                    web, with: web + "\n" + web.replacing("  web:", with: "  api:")))
            try await story.deploy(["VERSION": "v2"])
        }

        /// - Returns: the path of the site's file.
        @discardableResult
        private static func reachAPI(_ story: Story) async throws -> String {
            let directory = "\(story.folder)/nginx/teal/\(story.app)"
            try story.writeSite(service: "web")
            let site = "\(story.folder)/nginx/site/\(story.app).conf"
            try AtomicFile.write(
                try FileSystem().readText(site)
                    + "\nlocation /api { include \(directory)/api.conf; }\n",
                to: site, access: .everyoneReads)
            try await story.renewWorkers()
            return site
        }

        @Test("A11: A release that renames the service of a location is refused, and v1 serves on")
        func renamed() async throws {
            try await Stories.tell("siterename") { story in
                try Self.rename(story, to: "front")
                let (result, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2"], exit: 3)
                }
                #expect(load.lost == 0)
                let site = "\(story.folder)/nginx/site/siterename.conf:2 (location /)"
                #expect(result.standardOutput.contains("web by \(site)"), "\(result)")
                #expect(try await story.version() == "v1")
                #expect(try await story.running(in: .green).isEmpty)
            }
        }

        @Test(
            "A11: A service is renamed by a release of both, a change of the site, and one of one")
        func renameInSteps() async throws {
            try await Stories.tell("sitesteps") { story in
                let front = Stories.web.replacing("  web:", with: "  front:")
                try story.writeCompose(Stories.web + "\n" + front)
                let settings = Stories.configuration()
                let web = settings.split(separator: "\n")[1]
                try story.writeConfiguration(
                    settings.replacing(
                        web, with: web + "\n" + web.replacing("  web:", with: "  front:")))
                try await story.deploy(["VERSION": "v2"])
                try await story.openSite(service: "front")
                #expect(try await story.version() == "v2")
                try Self.rename(story, to: "front")
                let (_, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v3"])
                }
                #expect(load.lost == 0)
                #expect(try await story.version() == "v3")
                // Both ways back lead past a location that v1 has no service for.
                let back = try await story.teal(["rollback", "--to", "v1"])
                #expect(back.ending == .exited(3), "\(back)")
                #expect(back.standardOutput.contains("does not expose front: it exposes web"))
                #expect(try await story.version() == "v3")
                let warm = try await story.teal(["rollback"])
                #expect(warm.succeeded, "\(warm)")
                #expect(try await story.version() == "v2")
            }
        }

        @Test("A11: A warm way back to a release without a service of the site is refused")
        func warmBack() async throws {
            try await Stories.tell("sitewarm") { story in
                try await Self.exposeBoth(story)
                try await Self.reachAPI(story)
                let back = try await story.teal(["rollback"])
                #expect(back.ending == .exited(3), "\(back)")
                #expect(back.standardOutput.contains("(location /api)"))
                #expect(try await story.version() == "v2")
                // Taken all the same, the location answers 503, and nginx takes its files.
                let flag = "--accept-missing-service"
                #expect(back.standardOutput.contains("`teal rollback \(flag)`"))
                let accepted = try await story.teal(["rollback", flag])
                #expect(accepted.succeeded, "\(accepted)")
                #expect(accepted.standardError.contains("They are answered with 503."))
                #expect(try await story.version() == "v1")
                #expect(try await story.curl([], "/api").status == 503)
                try await story.reloadNginx()
                #expect(try await story.version() == "v1")
                #expect(try await story.curl([], "/api").status == 503)
                #expect(try await story.teal(["status"]).succeeded)
            }
        }

        @Test("A11: With the line taken out of the site, the way back is free")
        func lineTakenOut() async throws {
            try await Stories.tell("siteout") { story in
                try await Self.exposeBoth(story)
                let site = try await Self.reachAPI(story)
                #expect(try await story.teal(["rollback"]).ending == .exited(3))
                try await story.openSite()
                #expect(try !FileSystem().readText(site).contains("api.conf"))
                #expect(try await story.teal(["rollback"]).succeeded)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("A13: The app is told https by a trusted proxy, and by nobody else")
        func trustedProxy() async throws {
            try await Stories.tell("siteproxy", deployed: false) { story in
                let path = story.project + "/teal.yml"
                let text = try FileSystem().readText(path)
                try story.write(
                    text.replacing("nginx:\n", with: "nginx:\n  trusted_proxies: [127.0.0.2]\n"),
                    to: "teal.yml")
                try await story.deploy(["VERSION": "v1"])
                try await story.openSite()
                try await story.untilVersion("v1")
                let told = [
                    "--header", "X-Forwarded-Proto: https", "--header",
                    "X-Forwarded-For: 203.0.113.9", "--interface",
                ]
                let trusted = try await story.curl(told + ["127.0.0.2"], "/headers").body
                #expect(trusted.contains("x-forwarded-proto: https\n"))
                #expect(trusted.contains("x-real-ip: 203.0.113.9\n"))
                #expect(trusted.contains("x-forwarded-for: 203.0.113.9, 127.0.0.2\n"))
                let other = try await story.curl(told + ["127.0.0.3"], "/headers").body
                #expect(other.contains("x-forwarded-proto: http\n"))
                #expect(other.contains("x-real-ip: 127.0.0.3\n"))
                #expect(!other.contains("203.0.113.9"))
            }
        }
    }
}
