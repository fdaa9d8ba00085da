import BlueGreen
import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane {
    /// One app of two replicas and a database, to which everything happens that the pages speak of.
    @Suite("The documentation")
    struct Documented {
        static let services = """
              web:
                image: teal/demo-shop:v1
                environment: {SHOP_ROLE: web, SHOP_PORT: "8080", SHOP_VERSION: "${TAG:-v1}"}
              db:
                image: teal/demo-shop:v1
                environment: {SHOP_ROLE: api, SHOP_PORT: "8080"}
            """
        static let configuration = """
            services:
              web: {port: 8080, replicas: 2, health: {http: /healthz}}
              db: {role: shared, health: {tcp: 8080}}
            start: {pause: 100ms, at_most: 0s}
            drain: 5s
            """

        @Test(
            "Its blocks and commands are typed here, or it is said who else does, or why nobody can"
        )
        func pages() async throws {
            try await Story.tell("pages") { story in
                try story.writeCompose(Self.services)
                try story.writeConfiguration(Self.configuration)
                let port = try story.freePort()
                var reader = try await DocumentationReader(
                    story, places: try await Self.places(of: story, page: port))
                try await Self.begin(&reader)
                try await Self.operate(&reader)
                try await Self.changeNginx(&reader)
                try await Self.goForward(&reader)
                try await Self.plan(&reader)
                try await Self.measure(&reader)
                try await Self.serve(&reader, port)
                try await Self.push(&reader)
                try await Self.end(&reader)
                try Self.leave(&reader)
                #expect(reader.blocks.isEmpty, "nobody types \(reader.blocks)")
                #expect(reader.commandsLeft.isEmpty, "nobody types \(reader.commandsLeft)")
            }
        }

        /// Names of hosts, folders and ports, longer ones first.
        static func places(
            of story: Story, page: Int
        ) async throws -> [(there: String, here: String)] {
            let preview = try story.freePort()
            return [
                ("ssh://deploy@HOST/srv/git/shop.git", "\(story.folder)/shop.git"),
                ("deploy@HOST:/srv/git/shop.git", "\(story.folder)/shop.git"),
                ("/srv/git/shop.git", "\(story.folder)/shop.git"),
                ("/srv/shop", story.hostFolder),
                ("/etc/nginx/teal/shop", "\(story.folder)/nginx/teal/\(story.app)"),
                ("/var/lib/prometheus/node-exporter", story.folder),
                ("/etc/prometheus", story.folder),
                ("127.0.0.1:9180", "127.0.0.1:\(page)"),
                ("127.0.0.1:8089", "127.0.0.1:\(preview)"),
                ("127.0.0.1:8127", "127.0.0.1:\(story.statusPort)"),
                ("teal-shop", "teal-\(story.app)"), ("--app shop", "--app \(story.app)"),
                ("shop_web", "\(story.app)_web"),
            ]
        }

        // MARK: A day with Teal

        static func begin(_ reader: inout DocumentationReader) async throws {
            let story = reader.story
            let first = try folder("first", of: story, configured: false)
            try await reader.type("init", as: "init --port 8080", in: first)
            for (page, caller) in [
                ("CodeDeploy", "codedeploy"), ("GitHubActions", "github-ssh"),
                ("GitHubActions", "github-runner"), ("Jenkins", "jenkins"),
            ] {
                let there = try folder(caller, of: story)
                try await reader.type("\(page).md", "teal init --ci \(caller)", in: there)
            }
            let there = try folder("cron", of: story)
            try await reader.type("init --ci cron", in: there)
            try await reader.type("init --ci CALLER", as: "init --ci git", in: there)
            try await reader.type("check")
            try await reader.type("deploy", ["TAG": "v1"])
            try await story.openSite()
            try await story.untilVersion("v1")
        }

        /// A folder with the app's files, as a repository has them.
        static func folder(
            _ name: String, of story: Story, configured: Bool = true
        ) throws -> String {
            let path = "\(story.folder)/\(name)"
            try FileSystem().makeFolder(path, access: .everyoneReads)
            try story.writeSources(services, to: path)
            if !configured { try FileSystem().removeTree("\(path)/teal.yml") }
            return path
        }

        static func operate(_ reader: inout DocumentationReader) async throws {
            let story = reader.story
            for (line, status) in [("on", 503), ("off", 200)] {
                try await reader.type("maintenance \(line)")
                #expect(try await story.get("/").status == status)
            }
            try await reader.type("Maintenance.md", "teal maintenance on")
            try await reader.type("maintenance on\\|off", as: "maintenance off")
            try await reader.type("Watching.md", "$ teal probe")
            let restart = try reader.take("Watching.md", "$ teal restart web").lines
            let restarted = try await reader.run(String(restart[0].dropFirst(2)))
            #expect(
                shape(restarted.standardError + restarted.standardOutput)
                    == shape(restart.dropFirst().joined(separator: "\n")))
            try await reader.type("restart SERVICE", as: "restart db")
            try await reader.type("status")
            try await reader.type("history")
            try await reader.type("resume")
            try await reader.type("compose COLOUR ARGS...", as: "compose blue ps")
            for verb in ["status", "history", "plan"] { try await reader.type("\(verb) --json") }
            // Tests/swarm.sh types them where there is a swarm.
            for command in ["nodes", "edge forget node3"] {
                let refusal = try await reader.type(command, exit: 64)
                #expect(refusal.standardError.contains("runs on this host alone and has no nodes"))
            }
            let edge = try await reader.type("edge", exit: 64)
            #expect(edge.standardError.contains("does nothing elsewhere"))
        }

        /// Without what differs from run to run: times, the colour, and the lines about a container
        /// that is not up yet, which only a slow start has.
        static func shape(_ text: String) -> [String] {
            text.split(separator: "\n").filter { !$0.contains(" waiting for ") }.map { line in
                String(line).replacing(/[0-9]+(\.[0-9]+)? (ms|s)\b/, with: "a time")
                    .replacing(/\d\d:\d\d:\d\d/, with: "now")
                    .replacing(/\b(blue|green)\b.*/, with: "a colour")
            }
        }

        static func changeNginx(_ reader: inout DocumentationReader) async throws {
            let story = reader.story
            try reader.configure(
                "BehindABalancer.md", "  trusted_proxies: [10.0.0.0/8, 2001:db8::/32]")
            try await reader.type(
                "deploy --update-shared NAME", as: "deploy --update-shared db", ["TAG": "v2"])
            try await story.untilVersion("v2")
            try reader.configure(
                "BehindABalancer.md",
                "  trusted_proxies: [10.0.1.0/24, 10.0.2.0/24]   # the subnets of the balancer")
            try await reader.type("plan")
            let status = try await reader.type(
                "HowTheSwitchWorks.md",
                "curl -H 'Host: teal-shop' -H 'X-Teal-Host: shop.example.com' "
                    + "http://127.0.0.1:8127/.teal/green/web/healthz")
            #expect(status.standardOutput.contains("ok"), "\(status)")

            let (proxied, bare) = (try story.freePort(), try story.freePort())
            try story.write(
                reader.text(
                    "BehindABalancer.md", "    listen 80 proxy_protocol;",
                    replacing: [("listen 80", "listen 127.0.0.1:\(proxied)")]),
                to: "nginx/http/proxied.conf")
            let look = try reader.text("HowTheSwitchWorks.md", "set $shop_web shop_web_blue;")
            try story.write(
                """
                server {
                    listen 127.0.0.1:\(bare);
                    \(look)
                    location / { proxy_pass http://$\(story.app)_web; }
                }
                """, to: "nginx/http/bare.conf")
            try await story.renewWorkers()
            for options in [
                "--haproxy-protocol http://127.0.0.1:\(proxied)", "http://127.0.0.1:\(bare)",
            ] {
                let answer = try await reader.run(
                    "curl --silent --fail --include \(options)/version")
                #expect(answer.standardOutput.contains("v2"), "\(answer)")
            }
            for name in ["proxied", "bare"] {
                try await story.remove("\(story.folder)/nginx/http/\(name).conf")
            }
            try await story.renewWorkers()
        }

        static func goForward(_ reader: inout DocumentationReader) async throws {
            let story = reader.story
            try story.writeConfiguration(configuration)
            for (command, version) in [
                ("rollback", "v1"), ("rollback --app shop", "v2"),
                ("rollback --accept-missing-service", "v1"),
            ] {
                try await reader.type(command)
                try await story.untilVersion(version)
            }
            try reader.configure(
                "GoingForwardCarefully.md",
                "promote: manual                                           # or auto, the default",
                replacing: [("60s", "1s")])
            try story.write("{\"ImageURI\": \"teal/demo-shop:v2\"}", to: "imageDetail.json")
            reader.take("deploy --artifact FILE")
            try await visited(reader, "TAG=v3 teal deploy --artifact imageDetail.json --detach")
            try await reader.type("abort")
            try await visited(reader, "TAG=v4 teal deploy --detach")
            try await reader.type("promote")
            try await story.untilVersion("v4")
            try await visited(reader, "TAG=v5 teal deploy --detach")
            try await reader.type("promote --app shop")
            try await story.untilVersion("v5")
            try await reader.type("compose green logs web")

            try story.writeConfiguration(configuration)
            try reader.configure(
                "GoingForwardCarefully.md",
                "preview: {listen: 127.0.0.1:8089, service: web}   "
                    + "# service: may be left out if only one has a port")
            try reader.configure("GoingForwardCarefully.md", "  before_switch:")
            try await reader.run("TAG=v6 teal deploy")
            try await story.untilVersion("v6")
        }

        /// Runs a deploy that is compared with what visitors get meanwhile.
        static func visited(_ reader: DocumentationReader, _ deploy: String) async throws {
            try await reader.run(
                """
                while curl --silent --output /dev/null http://127.0.0.1:\(reader.story.port)/; do
                    sleep 0.02
                done &
                trap 'kill $!' EXIT
                \(deploy)
                """)
        }
    }
}
