import BlueGreen
import HostSystem
import Orchestration
import Testing

@testable import Nginx

@Suite("A probe through nginx")
struct EdgeAnswerTests {
    private let names = AppNames(app: "shop")

    private func service(_ method: HealthCheck.Method?) -> PlannedService {
        PlannedService(
            name: "Web.Front", role: .exposed, port: 8080,
            healthCheck: method.map { HealthCheck(method: $0, timeout: .seconds(9)) })
    }

    private func request(
        _ method: HealthCheck.Method?, _ target: EdgeTarget = .colour(.green)
    ) -> EdgeRequest {
        EdgeRequest(names, to: service(method), through: target, address: "10.0.0.2:8080")
    }

    @Test("It asks what the service's own check asks, and names whom it is for")
    func request() {
        let check = HealthCheck.Method.http(
            port: 8080, path: "/up?full=1", host: "shop.example", expected: [200...200])
        #expect(
            request(check).text == """
                GET /.teal/green/web-front/up?full=1 HTTP/1.1\r
                Host: teal-shop\r
                X-Teal-Host: shop.example\r
                User-Agent: teal\r
                Accept: */*\r
                Connection: close\r
                \r

                """)
        #expect(request(check).need == .answer([200...200]))
        #expect(request(check).limit == .seconds(9))
        #expect(request(check, .live).text.hasPrefix("GET /.teal/live/web-front/up?full=1 "))
    }

    @Test("Where the check is no request to the service's port, a connection is enough")
    func otherChecks() {
        let other = HealthCheck.Method.http(
            port: 9000, path: "/up", host: nil, expected: [200...200])
        for method in [other, .tcp(port: 8080), .command(["true"]), .docker, nil] {
            #expect(request(method).need == .connection)
            #expect(request(method).text.hasPrefix("GET /.teal/green/web-front/ HTTP/1.1\r\n"))
            #expect(request(method).text.contains("\r\nX-Teal-Host: 10.0.0.2:8080\r\n"))
        }
    }

    private func finding(
        _ status: Int, _ headers: String..., need: EdgeRequest.Need = .answer([200...299])
    ) throws -> EdgeAnswer.Finding {
        let lines = (["HTTP/1.1 \(status) Any words"] + headers).map { $0 + "\r\n" }
        let answer = try #require(EdgeAnswer(head: lines.joined() + "\r\n"))
        return answer.finding(need)
    }

    @Test("The service's own answer is told from nginx's, whatever its status")
    func ownAnswers() throws {
        let from = "X-Teal-Upstream: 10.0.0.2:8080"
        #expect(try finding(204, from) == .passed)
        for status in [301, 404, 502, 503, 504] {
            #expect(try finding(status, from) == .status(status))
            #expect(try finding(status, from, need: .connection) == .passed)
        }
    }

    @Test("A connection that failed is told from an answer that did not come")
    func failures() throws {
        let from = "x-teal-upstream: 10.0.0.2:8080, 10.0.0.3:8080"
        #expect(
            try finding(502, from, "X-Teal-Connect: -, -") == .unconnected(address: "10.0.0.3:8080")
        )
        #expect(try finding(502, from, "X-Teal-Connect: -, 0.001") == .unanswered)
        #expect(try finding(502, from, "X-Teal-Connect: -, 0.001", need: .connection) == .passed)
        #expect(
            try finding(502, "X-Teal-Upstream: _shop_web_green", "X-Teal-Connect: -")
                == .unconnected(address: nil))
    }

    @Test(
        "Files that know nothing of the service, and a cache of the user's, are known by the status"
    )
    func unasked() throws {
        for status in [403, 404, 405, 500, 503] {
            #expect(try finding(status) == .refused(status: status))
        }
        #expect(try finding(200) == .passed)
    }

    @Test(
        "What is no HTTP is no answer", arguments: ["", "HTTP/1.1 200 OK\r\n", "SSH-2.0\r\n\r\n"])
    func noHTTP(text: String) {
        #expect(EdgeAnswer(head: text) == nil)
    }
}

@Suite("The remedy for an nginx that may not connect")
struct EdgeRemedyTests {
    private func remedy(
        enforce: String? = nil, boolean: String? = nil, container: String? = nil
    ) throws -> String {
        let root = "/tmp/teal-remedy-\(UInt64.random(in: 0 ... .max))"
        let files = FileSystem()
        let folder = root + "/sys/fs/selinux/booleans"
        try files.makeFolder(folder, access: .everyoneReads)
        defer { try? files.removeTree(root) }  // A folder in /tmp is nobody's loss.
        if let enforce {
            try AtomicFile.write(
                enforce, to: root + "/sys/fs/selinux/enforce", access: .everyoneReads)
        }
        if let boolean {
            try AtomicFile.write(
                boolean, to: folder + "/httpd_can_network_connect", access: .everyoneReads)
        }
        var place = NginxSettings.Place()
        place.container = container.map {
            NginxSettings.Container(name: $0, networks: ["shop-blue", "shop-green"])
        }
        return EdgeRemedy(
            try NginxSettings(app: "shop", services: ["web"], place: place), root: root
        ).text
    }

    @Test("Its line is named only where SELinux is enforcing and forbids it")
    func seLinux() throws {
        let line = "setsebool -P httpd_can_network_connect 1"
        #expect(try remedy(enforce: "1", boolean: "0 0").contains(line))
        #expect(try remedy(enforce: "1").contains(line))
        #expect(try !remedy(enforce: "1", boolean: "1 1").contains(line))
        #expect(try !remedy(enforce: "0", boolean: "0 0").contains(line))
        #expect(try remedy().contains("A firewall"))
    }

    @Test("An nginx in a container is looked for on the networks")
    func container() throws {
        let text = try remedy(enforce: "1", boolean: "0 0", container: "front")
        #expect(!text.contains("setsebool"))
        #expect(text.contains("docker inspect front"))
        #expect(text.contains("shop-blue and shop-green"))
    }
}
