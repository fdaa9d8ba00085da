import BlueGreen
import Orchestration

/// The result of `nodes` with `--json`.
struct NodesDocument: Encodable {
    struct Edge: Encodable {
        let node: String
        let address: String
        let confirmed: Bool
        /// Left out where the node can follow.
        let absence: String?
        /// Whether no change waits for it until it comes back.
        let forgotten: Bool
        /// The next eight by the node's own word; left out where it has said nothing.
        let epoch: Int?
        let colour: String?
        /// Of the requests to the other colour; only in a canary.
        let canaryPercent: Double?
        let confirmedAt: String?
        let memoryTotalBytes: Int64?
        /// Without swapping.
        let memoryAvailableBytes: Int64?
        let swapFreeBytes: Int64?
        /// The part of ten seconds in which some task waited for memory; also left out where the
        /// kernel does not tell it.
        let memoryStalledPercent: Double?
        /// Left out where nothing keeps it from following.
        let failure: String?
    }

    let formatVersion = 1
    let app: String
    let exitStatus: Int32
    /// Of the state that every edge should follow; left out before the first deployment.
    let epoch: Int?
    /// The colour that has traffic; left out where none has.
    let traffic: String?
    /// Of the requests to the other colour; only in a canary.
    let canaryPercent: Double?
    let edges: [Edge]

    init(app: String, _ status: ExitStatus, _ overview: EdgeOverview?) {
        self.app = app
        exitStatus = status.rawValue
        epoch = overview?.epoch
        traffic = overview?.division.colour?.rawValue
        canaryPercent = overview?.division.share?.percent
        edges = (overview?.edges ?? []).map { edge in
            Edge(
                node: edge.node, address: edge.address, confirmed: edge.isConfirmed,
                absence: edge.absence, forgotten: edge.isForgotten, epoch: edge.epoch,
                colour: edge.division?.colour?.rawValue,
                canaryPercent: edge.division?.share?.percent,
                confirmedAt: edge.confirmedAt?.rfc3339,
                memoryTotalBytes: edge.memory?.total.bytes,
                memoryAvailableBytes: edge.memory?.available.bytes,
                swapFreeBytes: edge.memory?.swapFree.bytes,
                memoryStalledPercent: edge.memory?.stalledPercent, failure: edge.failure)
        }
    }
}
