import BlueGreen
import DockerCompose
import DockerEngine
import Orchestration
import Testing

@testable import Commands

@Suite("The teal.yml that teal init writes")
struct ProposalTextTests {
    @Test("Its text says what each service is, and why")
    func golden() throws {
        let text = try ProposalSample.proposal(
            ProposalSample.node, composeFiles: ["deploy/compose.yml"]
        ).text
        #expect(text == Self.node)
    }

    @Test(
        "It reads back as what was proposed",
        arguments: [ProposalSample.wordPress, ProposalSample.node, ProposalSample.django])
    func readsBack(_ project: ProjectOutline) throws {
        let proposal = try ProposalSample.proposal(
            project, composeFiles: ["a \"$b\".yml", "c.yml"])
        let read = try AppConfiguration(yaml: proposal.text, file: "teal.yml", environment: [:])
        #expect(read.app == "shop")
        #expect(read.composeFiles == ["a \"$b\".yml", "c.yml"])
        for service in proposal.services where service.role != .internal {
            #expect(read.services[service.name]?.role == service.role)
            #expect(read.services[service.name]?.port == service.port)
        }
    }

    @Test("The lines at its end are what holds without them")
    func defaults() throws {
        let text = try ProposalSample.proposal(ProposalSample.node).text
        let start = try #require(text.firstRange(of: "# What holds without"))
        let tail = text[start.lowerBound...].split(separator: "\n").dropFirst()
            .map { $0.dropFirst(2) + "\n" }.joined()
        let with = try AppConfiguration(
            yaml: text + tail, file: "teal.yml", environment: [:])
        let without = try AppConfiguration(yaml: text, file: "teal.yml", environment: [:])
        #expect(tail.contains("nginx:"))
        #expect(with == without)
    }

    @Test("The lines about going forward more carefully hold as they stand")
    func choices() throws {
        let text = try ProposalSample.proposal(ProposalSample.node).text
        let chosen = ["canary", "promote", "promote_within", "preview"].reduce(text) {
            $0.replacing("# \($1):", with: "\($1):")
        }
        let read = try AppConfiguration(yaml: chosen, file: "teal.yml", environment: [:])
        #expect(read.deployment.canary.steps.map(\.text) == ["10%", "50%"])
        #expect(read.deployment.promotion == .manual(within: .seconds(3600)))
        #expect(read.preview == PreviewSettings(address: "127.0.0.1:8089", service: "web"))
    }

    @Test("What only its owner can decide is told with its line")
    func remarks() throws {
        let proposal = try ProposalSample.proposal(ProposalSample.archive)
        let text = proposal.text
        let remarks = try ProposalReview(of: proposal, ProposalSample.archive).remarks
        #expect(remarks.count == 1)
        let line = try #require(remarks.first?.line)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[line - 1] == "  web:")
        #expect(remarks[0].text.contains("volumes: shared"))
        let settled = proposal.settled()
        #expect(settled.text.contains("\n    volumes: shared\n"))
        #expect(try ProposalReview(of: settled, ProposalSample.archive).remarks.isEmpty)
    }

    @Test("A folder of files is no question, and the line about it has its reason")
    func plainVolumes() throws {
        let proposal = try ProposalSample.proposal(ProposalSample.wordPress)
        #expect(proposal.questions.isEmpty)
        #expect(try ProposalReview(of: proposal, ProposalSample.wordPress).remarks.isEmpty)
        #expect(
            proposal.text.contains(
                """

                    # It can write to wp at /var/www/html: "html" holds files, records are in db.
                    volumes: shared

                """))
    }

    @Test("Beside the file a table says what each service is")
    func summary() throws {
        let words = InitSummary(
            proposal: try ProposalSample.proposal(ProposalSample.node), remarks: [],
            lines: try Wiring.nginxLines(
                for: ProposalSample.proposal(ProposalSample.node)),
            path: "/srv/teal.yml", options: "", decisions: [], notes: [])
        #expect(
            words.text.hasPrefix(
                """
                Wrote /srv/teal.yml for the app shop.

                  web     exposed at port 3000 (called web, publishes port 3000, nothing waits for it)
                  api     internal (built here, the same image as worker)
                  cache   shared (image redis)
                  db      shared (image postgres, "db" in its name)
                  worker  internal ("worker" in its name)
                nginx could reach api as well: look at the comments there, or name another one \
                with --service.

                """))
    }

    @Test("Nothing of the compose file can end a comment")
    func hostile() throws {
        let project = ProposalSample.project([
            "web": [
                "image": "web", "expose": ["80"],
                "volumes": ProposalSample.volume("/a\nroom: warn\r\n#", at: "/b", type: "bind"),
            ],
            "old": ["image": "x\nroom: warn", "ports": ProposalSample.publishing(1, "1\nroom: w")],
        ])
        let proposal = try ProposalSample.proposal(project, Proposal.Wish(service: "web"))
        let lines = proposal.text.split(whereSeparator: \.isNewline)
        #expect(!lines.contains { $0.drop { $0 == " " }.hasPrefix("room:") })
    }

    private static let node = """
        # Teal's configuration, written by `teal init` from the compose file. Look it over and
        # change it: `teal check` says whether it holds, `teal init --explain` explains every key.

        # Names the containers (shop-blue-...), the volumes (shop_...) and nginx's files.
        app: shop
        compose: deploy/compose.yml

        services:
          # nginx sends requests to this port of it: called web, publishes port 3000, nothing
          # waits for it.
          web:
            port: 3000
            # Ready when the compose file's healthcheck says so. A request costs less than
            # a program and may come more often:
            # health: {http: /healthz}
            health: {docker: true}

          # Reached by name inside its colour. If nginx is to reach it as well:
          # api: {port: 4000}

          # Not part of a release (image redis): one for both colours, left alone by a deploy.
          cache: {role: shared}

          # Not part of a release (image postgres, "db" in its name): one for both colours, left
          # alone by a deploy.
          db: {role: shared}

          # Each colour has its own. If two must never run at once, as a queue's consumer, write:
          # worker: {role: singleton}

        # Going forward more carefully; take a # away to do so.
        # canary: {steps: [10%, 50%], every: 60s}
        # promote: manual
        # promote_within: 1h
        # preview: {listen: 127.0.0.1:8089}

        # What holds without these lines; take a # away to change one.
        # start: {pause: 3s, at_most: 60s}
        # room: refuse
        # switch: live
        # bake: {for: 60s, errors: 5%, latency: 3x, requests: 20}
        # drain: 30s
        # keep: {previous: running, releases: 5}
        # disk: {reserve: 1G}
        # watch: {every: 15s, rollback_within: 1h, cool_down: 10m}
        # nginx: {directory: /etc/nginx/teal}

        """
}
