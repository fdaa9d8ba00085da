import DockerCompose
import DockerEngine
import Orchestration
import Testing

@testable import Commands

/// A service that publishes several ports, and the one that visitors are taken to want.
@Suite("Several ports of one service")
struct ServicePortTests {
    private func ports(_ numbers: [(target: Int, published: String)], host: String? = nil)
        -> JSONValue
    {
        .array(
            numbers.map { target, published in
                var port: JSONValue = [
                    "target": .integer(Int64(target)), "published": .string(published),
                    "protocol": "tcp",
                ]
                port["host_ip"] = host.map(JSONValue.string)
                return port
            })
    }

    private func proposal(_ model: JSONValue) throws -> Proposal {
        try ProposalSample.proposal(ProposalSample.project(["web": model]))
    }

    @Test(
        "What speaks for a port decides, and the others go unpublished",
        arguments: [
            ([8080, 9090], ["image": "x"], 8080, [9090]),
            ([8081, 8080], ["image": "x", "environment": ["METRICS_PORT": "8081"]], 8080, [8081]),
            ([8080, 3000], ["image": "x", "environment": ["PORT": "3000"]], 3000, [8080]),
            (
                [5000, 5001],
                ["image": "x", "environment": ["URLS": "http://+:5001;https://+:5000"]],
                5001, [5000]
            ),
            ([8000, 8080], ["image": "x", "command": ["serve", "--port", "8000"]], 8000, [8080]),
            ([8001, 8000, 8444], ["image": "kong:3"], 8000, [8001, 8444]),
            ([443, 80, 8404], ["image": "haproxy:2.9"], 80, [443, 8404]),
        ] as [([Int], JSONValue, Int, [Int])])
    func decided(_ numbers: [Int], _ own: JSONValue, _ port: Int, _ others: [Int]) throws {
        var model = own
        model["ports"] = ports(numbers.map { ($0, "\($0)") })
        let proposal = try proposal(model)
        #expect(proposal.services[0].question == nil)
        let settled = proposal.settled().services[0]
        #expect(settled.port == port)
        #expect(settled.dropping?.ports.sorted() == others)
        let lines = proposal.text.replacing("\n  # ", with: " ")
        #expect(lines.contains("Of its ports visitors want \(port) ("))
    }

    @Test(
        "Where two could be meant the lines to choose from name both, each with the other dropped")
    func asked() throws {
        let near = try proposal(["image": "x", "ports": ports([(3000, "3000"), (3001, "3001")])])
        #expect(
            near.questions.first?.choices.map(\.line) == [
                "web: {port: 3000, unpublished: [3001]}", "web: {port: 3001, unpublished: [3000]}",
            ])
        #expect(near.questions.first?.proposed == .part(.exposed(port: 3000)))
        #expect(near.text.contains("  web: {role: undecided}"))
        #expect(near.settled().questions.isEmpty)
        // Nothing speaks for one of them, so nobody guesses.
        let equal = try proposal(["image": "x", "ports": ports([(3000, "3000"), (8080, "8080")])])
        #expect(equal.questions.first?.proposed == nil)
        #expect(equal.settled().questions.map(\.service) == ["web"])
    }

    @Test("A port for the host alone is hardly what visitors want, beside one for everybody")
    func loopback() throws {
        let open = try #require(ports([(3001, "3001")]).array)
        let closed = try #require(ports([(3000, "3000")], host: "127.0.0.1").array)
        let model: JSONValue = ["image": "x", "ports": .array(closed + open)]
        #expect(try proposal(model).services[0].judgedPorts.first?.number == 3001)
        let alone: JSONValue = ["image": "x", "ports": .array(closed)]
        #expect(try proposal(alone).services[0].port == 3000)
    }

    @Test("The user's own port settles it")
    func wish() throws {
        let project = ProposalSample.project([
            "web": ["image": "x", "ports": ports([(3000, "3000"), (8080, "8080")])]
        ])
        let chosen = try ProposalSample.proposal(project, Proposal.Wish(port: 8080))
        #expect(chosen.services[0].question == nil && chosen.services[0].port == 8080)
    }

    @Test("A proxy with TLS of its own is told that its redirect goes in circles")
    func ownTLS() throws {
        let caddy = try proposal(["image": "caddy:2", "ports": ports([(80, "80"), (443, "443")])])
        #expect(caddy.services[0].port == 80)
        #expect(caddy.asides.count == 1)
        #expect(caddy.text.replacing("\n  # ", with: " ").contains("visitors go in circles"))
        let plain = try proposal(["image": "caddy:2", "ports": ports([(80, "80")])])
        #expect(plain.asides.isEmpty)
    }

    @Test("A proxy that finds containers by labels, and holds the host's port 80, is asked about")
    func searchingProxy() throws {
        let proposal = try ProposalSample.proposal(
            ProposalSample.project([
                "traefik": [
                    "image": "traefik:3",
                    "ports": ports([(80, "80"), (443, "443"), (8080, "8080")]),
                ],
                "shop": [
                    "image": "acme/shop",
                    "labels": ["traefik.http.services.shop.loadbalancer.server.port": "4567"],
                ],
            ]))
        #expect(proposal.services[0].part == .exposed(port: 4567))
        let question = try #require(proposal.questions.first { $0.service == "traefik" })
        #expect(question.text.contains("listens at the host's 80 and 443 itself"))
        #expect(question.proposed == nil)
    }

    @Test(
        "Where such a proxy alone tells a port it is no entrance: the port of a service is asked for",
        arguments: [
            ("traefik:v3.1", ["labels": ["traefik.enable": "true"]]),
            ("nginxproxy/nginx-proxy:1", ["environment": ["VIRTUAL_HOST": "s.x"]]),
            ("lucaslorentz/caddy-docker-proxy:2", ["labels": ["caddy": "s.x"]]),
        ] as [(String, JSONValue)])
    func searchingAlone(_ image: String, _ told: JSONValue) throws {
        var shop = told
        shop["image"] = "acme/shop:1"
        let project = ProposalSample.project([
            "proxy": ["image": .string(image), "ports": ports([(80, "80")])], "shop": shop,
        ])
        #expect(throws: CommandsError.self) { try ProposalSample.proposal(project) }
        let proposal = try ProposalSample.proposal(
            project, Proposal.Wish(service: "shop", port: 4567))
        #expect(proposal.services[0].part == .exposed(port: 4567))
        #expect(proposal.questions.contains { $0.service == "proxy" })
    }

    @Test("A port that others than browsers come to is dropped only by its owner's word")
    func agents() throws {
        let proposal = try proposal([
            "image": "jenkins/jenkins:lts", "ports": ports([(8080, "8080"), (50_000, "50000")]),
        ])
        #expect(proposal.questions.contains { $0.text.contains("50000") })
    }
}
