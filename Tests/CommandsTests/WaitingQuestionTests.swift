import BlueGreen
import DockerEngine
import Orchestration
import Testing

@testable import Commands

@Suite("Questions of teal init that another answer settles")
struct WaitingQuestionTests {
    private func waiting(for name: String) -> JSONValue {
        .object([name: ["condition": "service_started"]])
    }

    private func part(_ name: String, _ proposal: Proposal) -> ProposedService? {
        proposal.services.first { $0.name == name }
    }

    private func settled(
        _ proposal: Proposal, _ name: String, by part: ProposedService.Part
    ) throws -> Proposal {
        var proposal = proposal
        let question = try #require(proposal.questions.first { $0.service == name })
        proposal.settle(question, by: .part(part))
        return proposal
    }

    private let site: JSONValue = [
        "build": ["context": "/w"], "ports": ProposalSample.publishing(80, "80"),
    ]

    private var events: ProjectOutline {
        ProposalSample.project([
            "web": site, "queue": ["image": "acme/queue"],
            "clickhouse": [
                "image": "clickhouse/clickhouse-server:24", "depends_on": waiting(for: "queue"),
                "volumes": ProposalSample.volume("ch", at: "/var/lib/clickhouse"),
            ],
        ])
    }

    @Test("A store that depends on an undecided service is no second question")
    func store() throws {
        let proposal = try ProposalSample.proposal(events)
        #expect(proposal.questions.map(\.service) == ["queue"])
        #expect(proposal.questions[0].text.contains("Only then clickhouse can be shared"))
        #expect(part("clickhouse", proposal)?.part == .shared)
        let remarks = try ProposalReview(of: proposal, events).remarks.map(\.text)
        #expect(remarks.count == 1 && remarks[0].hasPrefix("queue is undecided."))
        let shared = try settled(proposal, "queue", by: .shared)
        #expect(shared.questions.isEmpty && part("clickhouse", shared)?.part == .shared)
        let each = try settled(proposal, "queue", by: .internal)
        #expect(each.questions.map(\.service) == ["clickhouse"])
        #expect(each.questions[0].text.contains("depends on queue, of which each colour has its"))
    }

    private var tunnel: ProjectOutline {
        ProposalSample.project([
            "web": site,
            "vpn": [
                "image": "qmcgaw/gluetun", "ports": ProposalSample.publishing(8080, "8080"),
                "volumes": ProposalSample.volume("/g", at: "/gluetun", type: "bind"),
            ],
            "dl": [
                "image": "x", "network_mode": "service:vpn",
                "volumes": ProposalSample.volume("/c", at: "/config", type: "bind"),
            ],
        ])
    }

    @Test("A borrower of an undecided service goes where that one goes")
    func borrower() throws {
        let proposal = try ProposalSample.proposal(tunnel)
        #expect(proposal.questions.map(\.service) == ["vpn"])
        #expect(proposal.text.contains("# dl: {role: shared}\n"))
        #expect(proposal.text.contains("  dl: {role: undecided}\n"))
        let remarks = try ProposalReview(of: proposal, tunnel).remarks.map(\.text)
        #expect(remarks.map { $0.contains("is undecided. ") } == [true, true])
        #expect(!remarks.contains { $0.contains("which is shared") })
        for role in [ProposedService.Part.shared, .singleton] {
            let answered = try settled(proposal, "vpn", by: role)
            #expect(part("dl", answered)?.part == role)
            #expect(answered.questions.isEmpty)
            #expect(try ProposalReview(of: answered, tunnel).remarks.isEmpty)
        }
        let each = try settled(proposal, "vpn", by: .internal)
        #expect(part("dl", each)?.part == .internal)
        #expect(each.questions.map(\.service) == ["dl"])
    }

    @Test("An answer stays when another one is given")
    func kept() throws {
        var proposal = try settled(ProposalSample.proposal(tunnel), "vpn", by: .internal)
        let question = try #require(proposal.questions.first)
        proposal.settle(question, by: .writers)
        #expect(proposal.questions.isEmpty)
        #expect(proposal.text.contains("vpn: {publish: none, volumes: shared}"))
    }

    @Test("A port that is needed from outside can be kept, if a dependency goes")
    func port() throws {
        let project = ProposalSample.project([
            "app": ["build": ["context": "/a"], "ports": ProposalSample.publishing(7777, "7777")],
            "handler": ["build": ["context": "/a"]],
            "postfix": [
                "build": ["context": "/p"], "depends_on": waiting(for: "handler"),
                "ports": ProposalSample.publishing(25, "25"),
                "volumes": ProposalSample.volume("spool", at: "/var/spool/postfix"),
            ],
        ])
        let proposal = try ProposalSample.proposal(project)
        let told =
            "remove its dependency on handler in the compose file, and write "
            + "`postfix: {role: shared}`"
        let questions = proposal.questions.filter { $0.service == "postfix" }
        #expect(questions.contains { $0.text.contains("no way to it, \(told)") })
        let refusals = project.problems(["app": ServiceSettings(port: 7777)])
        #expect(refusals.contains { $0.service == "postfix" && $0.message.contains(told) })
    }
}
