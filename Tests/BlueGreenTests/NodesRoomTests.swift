import BlueGreen
import TestSupport
import Testing

@Suite("Room on the nodes of a cluster")
struct NodesRoomTests {
    private static let all: Set = ["node1", "node2", "node3"]

    private func node(
        _ number: Int, _ available: Int64?, freed: Int64 = 0, unreserved: Int64 = 4000
    ) -> NodesRoom.Node {
        NodesRoom.Node(
            name: "node\(number)",
            memory: available.map {
                NodeMemory(total: .mebibytes(4000), available: .mebibytes($0))
            }, freed: .mebibytes(freed), unreserved: .mebibytes(unreserved))
    }

    private func need(
        _ service: String, _ replicas: Int, _ each: Int64?, reserved: Bool = false,
        on nodes: Set<String> = all, isOnePerNode: Bool = false, isOneShot: Bool = false
    ) -> NodesRoom.Need {
        NodesRoom.Need(
            service: service, replicas: replicas, each: each.map { .mebibytes($0) },
            source: each == nil ? nil : reserved ? .reserved : .declared,
            reserved: reserved ? .mebibytes(each ?? 0) : .zero, nodes: nodes,
            isOnePerNode: isOnePerNode, isOneShot: isOneShot)
    }

    private func room(_ needs: [NodesRoom.Need], _ nodes: [NodesRoom.Node]) -> NodesRoom {
        NodesRoom(needs: needs, nodes: nodes, reserve: .mebibytes(64))
    }

    private var nodes: [NodesRoom.Node] { [node(1, 500), node(2, 300), node(3, 1000)] }

    @Test("Replicas are spread evenly, so that the node with the least left decides")
    func spread() {
        let web = need("web", 3, 200, isOnePerNode: true)
        #expect(room([web], nodes).fits)
        #expect(room([web], nodes).summary == "needs 200 MB of 236 MB on node2")
        let large = need("web", 3, 300, isOnePerNode: true)
        #expect(!room([large], nodes).fits)
        #expect(room([large], nodes).summary == "needs 300 MB of 236 MB on node2")
    }

    @Test("Among nodes with equally many the one with the most memory is taken")
    func best() {
        let found = room([need("web", 1, 900), need("catalog", 1, 300)], nodes)
        #expect(found.fits)
        #expect(found.summary == "needs 900 MB of 936 MB on node3")
    }

    @Test("A container that may run on one node does not fit there, whatever others have")
    func pinned() {
        let found = room([need("db", 1, 400, on: ["node2"])], nodes)
        #expect(!found.fits)
        #expect(found.summary == "needs 400 MB of 236 MB on node2")
    }

    @Test("What may run on few nodes is placed before what has a choice")
    func choice() {
        let found = room([need("web", 1, 500), need("db", 1, 600, on: ["node3"])], nodes)
        #expect(found.summary == "needs 500 MB of 436 MB on node1")
        #expect(room([need("web", 1, 400), need("db", 1, 600, on: ["node3"])], nodes).fits)
    }

    @Test("A reservation that no node has is told with the most that one has")
    func unreserved() {
        let nodes = [node(1, 3000, unreserved: 900), node(2, 3000, unreserved: 850)]
        let found = room([need("web", 2, 800, reserved: true)], nodes)
        #expect(found.fits)
        let large = room([need("web", 3, 500, reserved: true)], nodes)
        #expect(!large.fits)
        #expect(
            large.summary
                == "reserves 500 MB for a container of web, and no node that may run it has more "
                + "than 400 MB left that is not reserved")
    }

    @Test("What is not known is not counted, and told")
    func unknown() {
        let found = room([need("web", 3, nil)], nodes)
        #expect(found.fits)
        #expect(found.summary == "needs an amount of memory that is not known")
        #expect(found.unknown?.contains("not counted: web") == true)
        #expect(room([need("web", 1, 9000)], [node(1, nil)]).fits)
    }

    @Test("Memory of what goes first counts, and that of jobs is given back")
    func givenBack() {
        #expect(!room([need("web", 1, 600)], [node(1, 500)]).fits)
        #expect(room([need("web", 1, 600)], [node(1, 500, freed: 200)]).fits)
        let jobs = [need("seed", 1, 400, isOneShot: true), need("web", 1, 400)]
        #expect(room(jobs, [node(1, 500)]).fits)
        #expect(!room([need("seed", 1, 400), need("web", 1, 400)], [node(1, 500)]).fits)
    }

    @Test("Its table has a line for each service and each node")
    func table() {
        let needs = [
            need("web", 2, 300, reserved: true, isOnePerNode: true), need("catalog", 1, nil),
        ]
        let found = room(needs, [node(1, 500, unreserved: 900), node(2, nil)])
        #expect(
            found.table.split(separator: "\n").map(String.init) == [
                "  service  containers  each   MB  known from",
                "  web               2   300  600  its reservation",
                "  catalog           1     -    -  nothing: not counted",
                "  node   needs  has  not reserved  would get",
                "  node1    300  436           900  web",
                "  node2    300    -          4000  catalog, web",
                "  not known and not counted: catalog. Declare it in the compose file "
                    + "(`deploy.resources`)",
                "  node2 did not tell its memory: it is not judged",
                "  kept free on each node: 64 MB",
            ])
    }

    @Test("A set that does not fit ends the deployment, or is warned of, by `room:`")
    func policy() {
        let short = room([need("web", 1, 9000)], nodes)
        func played(_ policy: RoomPolicy) -> Deployment {
            let settings = DeploymentSettings(
                startPause: .zero, startAtMost: .zero, room: policy)
            return play(
                Sample.deployment(settings: settings), [.checkingRoom: .noRoomOnNodes(short)]
            ).0
        }
        let refused = played(.refuse)
        #expect(refused.outcome == .aborted)
        #expect(refused.failure?.cause == .noNode)
        #expect(
            refused.failure?.message
                == "The set does not fit: it needs 9000 MB of 936 MB on node3.\n\(short.table)")
        let tried = played(.warn)
        #expect(tried.outcome == .promoted)
        #expect(
            tried.warnings.map(\.message)
                == ["The set may not fit: it needs 9000 MB of 936 MB on node3."])
    }
}
