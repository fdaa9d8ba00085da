@testable import DockerEngine
import BlueGreen
@testable import DockerCompose
import Testing

struct AddressTests {
    private func exposed(_ name: String, _ replicas: Int = 1) -> PlannedService {
        PlannedService(name: name, role: .exposed, replicas: replicas, port: 80)
    }

    private func numbers(_ hosts: HostNumbers, _ replicas: (String, Int)...) -> [Int?] {
        replicas.map { hosts[Replica(service: $0.0, index: $0.1)] }
    }

    @Test("Fixed addresses are in the lower half, Docker's own in the upper")
    func halves() throws {
        let subnet = try #require(IPv4Subnet("172.18.0.0/16"))
        #expect(subnet.upperHalf.description == "172.18.128.0/17")
        #expect(subnet.address(ofHost: 10) == "172.18.0.10")
        #expect(subnet.address(ofHost: 300) == "172.18.1.44")
        #expect(subnet.fixedHosts == 10..<32_768)
        let small = try #require(IPv4Subnet("10.213.5.0/24"))
        #expect(small.upperHalf.description == "10.213.5.128/25")
        #expect(small.fixedHosts == 10..<128)
    }

    @Test("A subnet counts from its own base, and one too small has no fixed addresses")
    func odd() throws {
        #expect(IPv4Subnet("10.0.0.77/24")?.description == "10.0.0.0/24")
        #expect(try #require(IPv4Subnet("10.0.0.0/29")).fixedHosts.isEmpty)
    }

    @Test(
        "What is no IPv4 subnet is none",
        arguments: ["", "10.0.0.0", "fd00::/64", "1.2.3/8", "1.2.3.256/8", "1.2.3.4/33"])
    func noSubnet(_ text: String) {
        #expect(IPv4Subnet(text) == nil)
    }

    @Test("A replica keeps its number when services are added, removed and scaled")
    func stable() {
        var hosts = HostNumbers()
        hosts.assign([exposed("web", 2)])
        #expect(numbers(hosts, ("web", 1), ("web", 2)) == [10, 11])
        hosts.assign([exposed("api"), exposed("web", 3)])
        #expect(numbers(hosts, ("api", 1), ("web", 1), ("web", 2), ("web", 3)) == [12, 10, 11, 13])
    }

    @Test("Numbers of replicas that no release has are given again; the others stay")
    func reuse() {
        var hosts = HostNumbers()
        hosts.assign([exposed("api"), exposed("web", 2)])
        hosts.keep([exposed("web", 2)])
        #expect(numbers(hosts, ("api", 1), ("web", 1), ("web", 2)) == [nil, 11, 12])
        hosts.assign([exposed("zoo")])
        #expect(numbers(hosts, ("zoo", 1)) == [10])
    }

    @Test("Services that nginx does not reach need no number")
    func internalServices() {
        var hosts = HostNumbers()
        hosts.assign([PlannedService(name: "db", role: .shared)])
        #expect(hosts == HostNumbers())
    }

    @Test("Replica 1 of web-1 is another one than replica 1-1 of web")
    func dashes() {
        var hosts = HostNumbers()
        hosts.assign([exposed("web-1"), exposed("web")])
        #expect(numbers(hosts, ("web", 1), ("web-1", 1)) == [10, 11])
    }

    @Test(
        "Durations are read as Compose writes them",
        arguments: [
            ("10s", Duration.seconds(10)), ("1m30s", .seconds(90)), ("1.5h", .seconds(5400)),
            ("500ms", .milliseconds(500)), ("1h0m0.25s", .milliseconds(3_600_250)),
        ])
    func durations(_ text: String, _ expected: Duration) {
        #expect(Duration(composeText: text) == expected)
    }

    @Test("What is no duration is none", arguments: ["", "s", "10", "10x", "-1s"])
    func noDuration(_ text: String) {
        #expect(Duration(composeText: text) == nil)
    }

    @Test("An image's name is lower case, and two services never get the same one")
    func imageNames() {
        #expect(ResourceNames.imageRepository("shop", "web") == "teal/shop/web")
        let odd = ["Web", "wEb", "web_", "w.eb", "-web"].map {
            ResourceNames.imageRepository("shop", $0)
        }
        #expect(Set(odd).count == odd.count)
        for name in odd {
            #expect(name == name.lowercased())
            #expect(!name.contains("_") && !name.contains("."))
        }
    }
}
