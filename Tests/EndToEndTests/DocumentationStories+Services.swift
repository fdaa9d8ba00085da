import HostSystem
import TestSupport
import Testing

extension Stories.ThirdLane.Documented {
    /// Settings whose services are elsewhere are planned and not carried out.
    static func plan(_ reader: inout DocumentationReader) async throws {
        for (page, line) in [
            ("Hooks.md", "  after_retire:"), ("Notices.md", "    on: [rolled_back, unknown]"),
            ("Watching.md", "  db: {role: shared, watch: restart}"),
        ] {
            try reader.story.writeConfiguration(configuration)
            try reader.configure(page, line)
            try await reader.run(
                "teal plan",
                [
                    "SLACK_WEBHOOK": "https://127.0.0.1/slack", "HOOK_SECRET": "secret",
                    "DISCORD_WEBHOOK": "https://127.0.0.1/discord", "TOPIC_ARN": "arn:aws:sns:shop",
                    "KUMA_PUSH_URL": "https://127.0.0.1/push",
                ])
        }
        try reader.story.writeConfiguration(configuration)
    }

    static func measure(_ reader: inout DocumentationReader) async throws {
        let story = reader.story
        let program = try #require(ProcessInformation.environment["TEAL_PROMTOOL"])
        try FileSystem().replaceLink(at: "\(story.folder)/bin/promtool", with: program)
        try await reader.type("probe")
        try await reader.type("probe --textfile FILE", as: "probe --textfile one.prom")
        let line =
            "teal probe --all --quiet-when-busy "
            + "--textfile /var/lib/prometheus/node-exporter/teal.prom"
        try await reader.type("Metrics.md", line)
        #expect(try story.read("teal.prom").contains("teal_traffic{app=\"\(story.app)\""))
        try story.write(reader.text("Metrics.md", "# prometheus.yml"), to: "prometheus.yml")
        try story.write("token", to: "teal.token")
        try story.write(story.source("compose/prometheus/alerts.yml"), to: "alerts.yml")
        try await reader.run("promtool check config prometheus.yml")
        try await reader.type(
            "Metrics.md", "promtool test rules compose/prometheus/alerts-test.yml",
            in: story.path(ofSource: ""))
    }

    /// The watch with its page, first by an option, then as a service has it, behind nginx.
    static func serve(_ reader: inout DocumentationReader, _ port: Int) async throws {
        let story = reader.story
        let tls = try story.freePort()
        try story.write(SelfSigned.certificate, to: "teal.example.com.pem")
        try story.write(SelfSigned.key, to: "teal.example.com.key")
        let site = try reader.text(
            "Page.md", "    server_name teal.example.com;",
            replacing: [
                ("listen 443", "listen 127.0.0.1:\(tls)"), ("/etc/ssl/private", story.folder),
                ("/etc/ssl", story.folder),
            ])
        try story.write(site, to: "nginx/http/page.conf")
        try await story.renewWorkers()
        let first = try reader.text("Page.md", "teal watch --page 127.0.0.1:9180")
        let variable = try reader.text("Page.md", "TEAL_PAGE=127.0.0.1:9180")
        let create = try reader.text("Page.md", "teal watch token create")
        let tokens = try reader.text("Page.md", "teal watch token list")
        reader.take("watch")
        let asked = try await reader.run(
            """
            served() {
                until grep --quiet 'The page is served' "$1"; do sleep 0.1; done
            }
            ended() {
                kill "$1"
                wait "$1"
            }
            token=$(\(create))
            \(first.dropLast()) >first.log 2>&1 &
            served first.log
            curl --silent --fail --header "Authorization: Bearer $token" \
                http://127.0.0.1:\(port)/api/v1/apps
            ended $!
            export TEAL_PAGE_HOST=teal.example.com \(variable.dropLast())
            teal watch >second.log 2>&1 &
            served second.log
            curl --silent --fail --insecure --header "Authorization: Bearer $token" \
                --resolve teal.example.com:\(tls):127.0.0.1 https://teal.example.com:\(tls)/metrics
            \(tokens)
            ended $!
            """)
        #expect(asked.standardOutput.contains("\"\(story.app)\""), "\(asked)")
        #expect(asked.standardOutput.contains("teal_build_info"), "\(asked)")
        try await story.remove("\(story.folder)/nginx/http/page.conf")
        try await story.renewWorkers()
    }

    static func push(_ reader: inout DocumentationReader) async throws {
        let story = reader.story
        let repository = try folder("repository", of: story)
        try await reader.type("GitPush.md", "git init --bare /srv/git/shop.git")
        try await reader.type(
            "GitPush.md", "teal init --ci git",
            replacing: [("--ci git", "--ci git --folder \(story.hostFolder)")], in: repository)
        try await reader.run("chmod 755 \(story.folder)/shop.git/hooks/post-receive")
        let commit = try await story.commit(in: repository)
        let pushed = try await reader.type(
            "GitPush.md", "git push production main", in: repository)
        #expect(pushed.standardError.contains("remote: Promoted: "), "\(pushed)")
        try await story.untilVersion(commit)
    }

    static func end(_ reader: inout DocumentationReader) async throws {
        let clean = try await reader.type("clean", as: "clean --yes")
        #expect(clean.succeeded)
        let story = reader.story
        try await story.remove("\(story.folder)/nginx/site/\(story.app).conf")
        try await story.renewWorkers()
        try await reader.type("down", as: "down --yes --app \(story.app)")
        #expect(try await story.containers().isEmpty)
    }
}
