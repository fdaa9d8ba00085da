import Orchestration
import Testing

@testable import HostSystem

@Suite("The kernel's table of TCP sockets")
struct TCPTableTests {
    // Captured on x86-64, shortened: a listener on 0.0.0.0:80, Docker's name server, connections
    // to 10.213.5.10:8080 (two established, one in TIME_WAIT), and one from there.
    private let ipv4 = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid
           0: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
           1: 0B00007F:9C2B 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0
           2: 0105D50A:D431 0A05D50A:1F90 01 00000000:00000000 00:00000000 00000000    33
           3: 0105D50A:D432 0A05D50A:1F90 01 00000000:00000000 00:00000000 00000000    33
           4: 0105D50A:D433 0A05D50A:1F90 06 00000000:00000000 03:00000C3C 00000000     0
           5: 0A05D50A:1F90 0105D50A:D431 01 00000000:00000000 00:00000000 00000000     0

        """
    private let ipv6 = """
          sl  local_address                         remote_address                        st
           0: 00000000000000000000000000000000:1F90 00000000000000000000000000000000:0000 0A
           1: 0000000000000000FFFF00000105D50A:D434 0000000000000000FFFF00000B05D50A:1F90 01
           2: B80D0120000000000000000001000000:D435 B80D0120000000000000000002000000:1F90 01
        """

    @Test(
        "Established connections are counted by the far side",
        arguments: [
            (["10.213.5.10:8080"], 2), (["10.213.5.10:8081"], 0), (["10.213.5.1:54321"], 1),
            (["10.213.5.10:8080", "10.213.5.1:54321"], 3), ([], 0),
        ] as [(Set<String>, Int)])
    func established(addresses: Set<String>, count: Int) {
        #expect(TCPTable(ipv4).established(to: addresses) == count)
    }

    @Test(
        "A listener takes its own address, or all addresses",
        arguments: [
            ("127.0.0.1", 80, true), ("0.0.0.0", 80, true), ("127.0.0.1", 81, false),
            ("127.0.0.11", 39_979, true), ("127.0.0.1", 39_979, false), ("0.0.0.0", 39_979, true),
            ("10.213.5.10", 8080, false),
        ])
    func taken(host: String, port: Int, isTaken: Bool) {
        #expect(TCPTable(ipv4).isTaken(host: host, port: port) == isTaken)
    }

    @Test("A listener of IPv6 may have every IPv4 address as well")
    func takenByBoth() {
        #expect(TCPTable(ipv6).isTaken(host: "127.0.0.1", port: 8080))
        #expect(!TCPTable(ipv6).isTaken(host: "127.0.0.1", port: 54_325))
    }

    @Test("An IPv4 connection of an IPv6 socket counts as IPv4")
    func mapped() {
        #expect(TCPTable(ipv6).established(to: ["10.213.5.11:8080"]) == 1)
    }

    @Test("Listening ports are those of the programs, without Docker's name server")
    func listening() {
        #expect(TCPTable(ipv4).listeners.map(\.port) == [80])
        #expect(TCPTable(ipv6).listeners == [Listener(.everywhereByIPv6, 8080)])
    }

    @Test(
        "A listener tells who can reach it",
        arguments: [
            ("00000000:1F90", .everywhere), ("0100007F:1F90", .loopback),
            ("020012AC:1F90", .address("172.18.0.2")),
            ("00000000000000000000000000000000:1F90", .everywhereByIPv6),
            ("00000000000000000000000001000000:1F90", .loopback),
            ("0000000000000000FFFF00000100007F:1F90", .loopback),
            ("B80D0120000000000000000001000000:1F90", .address("an IPv6 address")),
        ] as [(String, Listener.Reach)])
    func reach(local: String, expected: Listener.Reach) {
        let line = "0: \(local) 00000000:0000 0A 00000000:00000000"
        #expect(TCPTable(line).listeners == [Listener(expected, 8080)])
    }

    @Test(
        "Lines of another shape are passed over",
        arguments: ["", "\n\n", "  0: zz:1 00000000:0000 0A", "0: 00000000 00000000 0A", "0:"])
    func otherShapes(text: String) {
        #expect(TCPTable(text).sockets.isEmpty)
    }

    @Test("The running kernel's own table can be read")
    func running() throws {
        let connections = TCPConnections()
        #expect(try connections.established(inNamespaceOf: nil, toAddresses: []) == 0)
        #expect(throws: HostError.self) { try connections.listeners(ofProcess: 0) }
    }
}
