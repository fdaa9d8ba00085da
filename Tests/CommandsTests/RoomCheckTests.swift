import BlueGreen
import Orchestration
import TestSupport
import Testing

@testable import Commands

@Suite("The room in check and status")
struct RoomCheckTests {
    @Test("A set that fits is well, whatever the policy", arguments: RoomPolicy.allCases)
    func fits(_ policy: RoomPolicy) {
        let item = item(available: 512, policy: policy)
        #expect(item.level == .ok)
        #expect(item.text == "the set needs 128 MB of 512 MB")
    }

    @Test(
        "One that does not fit is judged by the policy, with the table",
        arguments: [
            (RoomPolicy.refuse, true, CheckItem.Level.fail), (.warn, true, .warn),
            (.stopFirst, true, .warn), (.stopFirst, false, .warn), (.refuse, false, .warn),
        ])
    func short(_ policy: RoomPolicy, _ hasPrevious: Bool, _ expected: CheckItem.Level) {
        let item = item(available: 100, policy: policy, hasPrevious: hasPrevious)
        #expect(item.level == expected)
        #expect(item.lines.contains { $0.contains("api") && $0.contains("nothing: assumed") })
    }

    @Test("A26: A first set that is only assumed not to fit is a warning that says what happens")
    func assumed() {
        let text = item(available: 100, policy: .refuse, hasPrevious: false).text
        #expect(text.contains("a first deploy tries it all the same, and ends before the host"))
        #expect(text.contains("say what api takes (`memory:` in teal.yml)"))
    }

    @Test("Stopping first is advised only where it helps")
    func advice() {
        #expect(item(available: 100, policy: .refuse).text.contains("`room: stop-first`"))
        #expect(!item(available: 0, policy: .refuse).text.contains("`room: stop-first`"))
        #expect(item(available: 0, policy: .stopFirst).level == .fail)
    }

    @Test("The status says what is left and whether another set fits")
    func status() {
        let sample = HostSample(
            at: Sample.moment, memoryAvailable: .mebibytes(412), memoryTotal: .mebibytes(983))
        #expect(
            HostRoom.seen(sample, nil).text == "room: memory 412M of 983M available, swap 0")
        #expect(
            HostRoom.seen(sample, report(available: 412)).text
                == "room: memory 412M of 983M available, swap 0; another set of this release "
                + "needs 128M: fits")
        let short = RoomReport(
            needs: [RoomNeed(Sample.api, seen: nil)], memoryAvailable: .mebibytes(100),
            freed: .mebibytes(20), reserve: .mebibytes(64))
        #expect(
            HostRoom.seen(sample, short).text.hasSuffix(
                "needs 128M, 20M are freed first: does not fit (64M must stay free)"))
        let inPlace = RoomReport(
            needs: [RoomNeed(Sample.api, seen: nil)], memoryAvailable: .mebibytes(100),
            heldByPrevious: .mebibytes(100), reserve: .mebibytes(64))
        #expect(
            HostRoom.seen(sample, inPlace).text.hasSuffix(
                "fits only in the place of this one (64M must stay free)"))
        #expect(HostRoom.unseen("No.").text.hasPrefix("room: unknown"))
    }

    @Test("The nodes of a swarm are judged by the same setting, with a line for each")
    func nodes() {
        func item(_ each: Int64?, _ policy: RoomPolicy = .refuse) -> CheckItem {
            let need = NodesRoom.Need(
                service: "web", replicas: 1, each: each.map { .mebibytes($0) },
                source: each.map { _ in .declared }, nodes: ["node1"])
            let memory = NodeMemory(total: .mebibytes(900), available: .mebibytes(500))
            return NodesRoomCheck(
                room: NodesRoom(
                    needs: [need],
                    nodes: [NodesRoom.Node(name: "node1", memory: memory, unreserved: nil)],
                    reserve: .zero), policy: policy
            ).item
        }
        #expect(item(400).level == .ok)
        #expect(item(400).text == "the set needs 400 MB of 500 MB on node1")
        #expect(item(nil).level == .ok)
        #expect(item(nil).text.contains("not counted: web"))
        #expect(item(600).level == .fail)
        #expect(item(600).text.contains("so a deploy would refuse it"))
        #expect(item(600).text.contains("node1    600  500"))
        #expect(item(600, .warn).level == .warn)
    }

    private func item(
        available: Int64, policy: RoomPolicy, hasPrevious: Bool = true
    ) -> CheckItem {
        RoomCheck(
            report: report(available: available), policy: policy, hasPrevious: hasPrevious
        ).item
    }

    private func report(available: Int64) -> RoomReport {
        RoomReport(
            needs: [RoomNeed(Sample.api, seen: nil)], memoryAvailable: .mebibytes(available),
            heldByPrevious: .mebibytes(40))
    }
}
