import BlueGreen
import HostSystem
import LoadReport
import TestSupport
import Testing

extension Stories.ThirdLane {
    @Suite("Switch")
    struct Switch {
        @Test("8: After the switch every new request is answered by the new release")
        func newRequests() async throws {
            try await Stories.tell("switchnew") { story in
                async let slow = story.get("/slow?ms=4000")
                let (_, load) = try await story.underLoad {
                    try await story.deploy(["VERSION": "v2"])
                    #expect(try await story.version() == "v2")
                }
                #expect(load.lost == 0)
                #expect(load.answers["v1", default: 0] > 0)
                #expect(load.answers["v2", default: 0] > 0)
                let answer = try await slow
                #expect(answer.status == 200)
                #expect(answer.headers["x-shop-version"] == "v1")
            }
        }

        @Test("8: POST requests are not lost either")
        func posts() async throws {
            try await Stories.tell("switchpost") { story in
                let (_, load) = try await story.underLoad(Load(method: "POST", path: "/echo")) {
                    try await story.deploy(["VERSION": "v2"])
                    let back = try await story.teal(["rollback"])
                    #expect(back.succeeded)
                }
                #expect(load.lost == 0)
                #expect(load.answers.count == 2)
            }
        }

        @Test("9: What nginx refuses is told in its words, and the old files are back")
        func refused() async throws {
            try await Stories.tell("switchbad") { story in
                try story.write(
                    "upstream switchbad_api_green { server 127.0.0.1:9; }\n",
                    to: "nginx/http/foreign.conf")
                try await story.reloadNginx()
                try story.writeCompose(
                    Stories.web
                        + "\n  api: {image: teal/demo-shop:v1, environment: {SHOP_ROLE: api}}")
                try story.writeConfiguration(
                    Stories.configuration().replacing(
                        "services:", with: "services:\n  api: {port: 8080}"))
                let result = try await story.deploy(["VERSION": "v2"], exit: 3)
                #expect(result.standardOutput.contains("switchbad_api_green"))
                #expect(try await story.version() == "v1")
                #expect(try await story.nginx("-t").succeeded)
            }
        }

        @Test("10: A reload that the master rejects is found out, and the old files are back")
        func keptOldConfiguration() async throws {
            try await Stories.tell("switchkept") { story in
                try await story.withTakenPort { port in
                    // `nginx -t` takes a port in use for nginx's own; the master does not get it.
                    try story.write(
                        "server { listen 127.0.0.1:\(port); }\n", to: "nginx/http/taken.conf")
                    #expect(try await story.nginx("-t").succeeded)
                    // A second replica is what nginx has to be reloaded for.
                    try story.writeConfiguration(
                        Stories.configuration().replacing(
                            "port: 8080,", with: "port: 8080, replicas: 2,"))
                    let result = try await story.deploy(["VERSION": "v2"], exit: 3)
                    #expect(result.standardOutput.contains("do not run the configuration on disk"))
                    #expect(try await story.version() == "v1")
                    #expect(try await story.running(in: .green).isEmpty)
                }
                try await story.remove(story.folder + "/nginx/http/taken.conf")
                try await story.deploy(["VERSION": "v3"])
                #expect(try await story.version() == "v3")
            }
        }

        @Test("10: In reload mode too the switch is not taken for done, and v1 keeps its traffic")
        func keptOldConfigurationInReloadMode() async throws {
            try await Stories.tell("switchreject", more: "switch: reload") { story in
                try await story.withTakenPort { port in
                    try story.write(
                        "server { listen 127.0.0.1:\(port); }\n", to: "nginx/http/taken.conf")
                    let result = try await story.teal(["deploy"], ["VERSION": "v2"])
                    #expect(!result.succeeded)
                    #expect(try await story.version() == "v1")
                }
                try await story.remove(story.folder + "/nginx/http/taken.conf")
                try await story.deploy(["VERSION": "v3"])
                try await story.untilVersion("v3")
            }
        }

        @Test("11: Another app's broken file is named, and the app that runs is not touched")
        func foreignApp() async throws {
            try await Stories.tell("switchother") { story in
                let before = try await story.containers()
                let folder = story.folder + "/nginx/teal/neighbour"
                try FileSystem().makeFolder(folder, access: .everyoneReads)
                try story.write("no such directive;\n", to: "nginx/teal/neighbour/http.conf")
                let result = try await story.deploy(["VERSION": "v2"], exit: 3)
                #expect(result.standardOutput.contains("teal/neighbour/http.conf"))
                #expect(try await story.containers() == before)
                #expect(try await story.version() == "v1")
                try FileSystem().removeTree(folder)
                try await story.deploy(["VERSION": "v2"])
                #expect(try await story.version() == "v2")
            }
        }

        @Test("11: Another site's broken file is named before anything is launched")
        func foreignFile() async throws {
            try await Stories.tell("switchforeign", deployed: false) { story in
                try story.write("no such directive;\n", to: "nginx/http/broken.conf")
                let result = try await story.deploy(exit: 3)
                #expect(result.standardOutput.contains("broken.conf"))
                let containers = try await story.docker(
                    "ps", "--all", "--quiet", "--filter", "label=teal.app=switchforeign")
                #expect(containers.isEmpty)
            }
        }

        @Test("13: Two apps on one nginx do not touch each other")
        func twoApps() async throws {
            try await Stories.tell("switchone") { one in
                let second = try one.neighbour("switchtwo")
                try second.writeCompose(Stories.web)
                try second.writeConfiguration(Stories.configuration())
                try await second.deploy(["VERSION": "other"])
                #expect(try await one.version() == "v1")
                let down = try await second.teal(["down", "--yes"])
                #expect(down.succeeded)
                #expect(try await one.version() == "v1")
                #expect(try await one.nginx("-t").succeeded)
                try await one.deploy(["VERSION": "v2"])
                #expect(try await one.version() == "v2")
                let networks = try await one.docker(
                    "network", "ls", "--quiet", "--filter", "label=teal.app=switchtwo")
                #expect(networks.isEmpty)
            }
        }

        @Test("14: A stream that is open across the switch lives until the drain ends")
        func stream() async throws {
            try await Stories.tell("switchstream", more: "keep: {previous: stopped}") { story in
                async let short = story.get("/stream?seconds=3")
                async let long = story.rawGet("/stream?seconds=40")
                let result = try await story.deploy(["VERSION": "v2"])
                #expect(try await short.status == 200)
                #expect(try await short.headers["x-shop-version"] == "v1")
                #expect((result.standardOutput + result.standardError).contains("1 connection"))
                #expect(try await long.succeeded == false)
                #expect(try await story.running(in: .blue).isEmpty)
            }
        }

        @Test("8: reload mode serves a site that names the upstream itself")
        func reloadMode() async throws {
            try await Stories.tell("switchreload", more: "switch: reload") { story in
                try story.write(
                    "location / { proxy_pass http://switchreload_web; }",
                    to: "nginx/site/switchreload.conf")
                try await story.reloadNginx()
                #expect(try await story.version() == "v1")
                try await story.deploy(["VERSION": "v2"])
                #expect(try await story.version() == "v2")
                let back = try await story.teal(["rollback"])
                #expect(back.succeeded)
                #expect(try await story.version() == "v1")
            }
        }

        @Test("24: An old container that ignores SIGTERM does not spoil the deploy")
        func ignoresTerm() async throws {
            try await Stories.tell("switchterm", deployed: false, more: "keep: {previous: stopped}")
            { story in
                try story.writeConfiguration(
                    Stories.configuration(more: "keep: {previous: stopped}")
                        .replacing("port: 8080,", with: "port: 8080, stop_grace: 1s,"))
                try await story.deploy(["VERSION": "v1", "IGNORE_TERM": "1"])
                try await story.openSite()
                try await story.deploy(["VERSION": "v2"])
                #expect(try await story.version() == "v2")
                #expect(try await story.running(in: .blue).isEmpty)
            }
        }
    }
}
