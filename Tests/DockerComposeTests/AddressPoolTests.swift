@testable import DockerEngine
import Orchestration
import Testing

@testable import DockerCompose

@Suite("A23: the networks that Docker can still make")
struct AddressPoolTests {
    private func pools(_ pools: [AddressPools.Pool]?, _ taken: String...) -> AddressPools {
        AddressPools(pools, taken: taken.compactMap(IPv4Subnet.init))
    }

    @Test("Docker's own pools are for 31 networks")
    func standard() {
        #expect(pools(nil).total == 31)
        #expect(pools(nil).free == 31)
        #expect(pools(nil, "172.17.0.0/16", "172.20.0.0/16", "192.168.16.0/20").free == 28)
    }

    @Test("Several small networks take one place, and a great one takes many")
    func sizes() {
        #expect(pools(nil, "172.18.1.0/24", "172.18.2.0/24").free == 30)
        #expect(pools(nil, "192.168.0.0/16").free == 15)
        #expect(pools(nil, "172.16.0.0/12").free == 16)
        #expect(pools(nil, "10.0.0.0/8").free == 31)
        // A route of the bridge says the same as the network does.
        #expect(pools(nil, "172.18.0.0/16", "172.18.0.0/16").free == 30)
    }

    @Test("Pools of the daemon's configuration stand in for them; what makes no sense is none")
    func configured() {
        let own = [AddressPools.Pool(base: "10.50.0.0/16", size: 24)]
        #expect(pools(own, "10.50.3.0/24", "172.18.0.0/16").free == 255)
        #expect(pools([AddressPools.Pool(base: "fd00::/48", size: 64)]).total == 0)
        #expect(pools([AddressPools.Pool(base: "10.0.0.0/24", size: 16)]).total == 0)
        #expect(pools([]).free == 0)
    }

    @Test("The host's routes are read as the kernel writes them, without the default one")
    func routes() {
        let text = """
            Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT
            eth0 00000000 0100000A 0003 0 0 0 00000000 0 0 0
            br-1 000012AC 00000000 0001 0 0 0 0000FFFF 0 0 0
            """
        #expect(AddressPools.routes(text).map(\.description) == ["172.18.0.0/16"])
    }

    @Test("Too few are told with both remedies")
    func shortage() {
        let room = NetworkRoom(free: 1, total: 31, needed: 2)
        #expect(!room.suffices && NetworkRoom(free: 0, total: 31, needed: 0).suffices)
        #expect(room.shortage.contains("needs 2 more Docker networks, and 1 of 31 are free"))
        // It would take the networks of stopped containers too.
        #expect(!room.shortage.contains("prune"))
        #expect(!room.shortage.contains("network rm"))
        #expect(room.shortage.contains("default-address-pools"))
        let named = NetworkRoom(
            free: 1, total: 31, needed: 2, unused: ["a", "b", "c", "d", "e", "f"])
        #expect(named.shortage.contains("stopped, is in a, b, c, d, e and 1 others"))
        #expect(named.shortage.contains("`docker network rm a b c d e`"))
    }
}
