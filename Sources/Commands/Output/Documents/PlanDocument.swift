import BlueGreen
import Orchestration

/// The result of `plan` with `--json`; `problems` alone where there could be no plan.
struct PlanDocument: Encodable {
    struct Place: Encodable {
        let colour: String
        let release: String?
        let label: String?
    }

    struct Service: Encodable {
        let name: String
        let role: String
        let replicas: Int
        let image: String?
        let supply: ImageForecast.Supply?
    }

    struct Change: Encodable {
        let service: String
        let kind: ServiceChange.Kind
        let keys: [String]
        let variables: [String]
    }

    struct Room: Encodable {
        /// The next two are left out where nothing is known of the set or of the nodes.
        let neededBytes: Int64?
        let availableBytes: Int64?
        let fits: Bool
        /// Of several, the one with the least left; left out where there is one host.
        var node: String?
    }

    struct Node: Encodable {
        let node: String
        /// Left out where it was looked at.
        let absence: String?
        let missingImages: [String]
        let takenPorts: [Int]
        /// The next three are left out where it has not told.
        let memoryTotalBytes: Int64?
        let memoryAvailableBytes: Int64?
        let swapFreeBytes: Int64?
    }

    struct File: Encodable {
        let path: String
        let diff: String
    }

    let formatVersion = 1
    let app: String
    let exitStatus: Int32
    let problems: [String]
    var candidate: Place?
    var traffic: Place?
    var services: [Service]?
    /// Left out where there is one host.
    var nodes: [Node]?
    var changes: [Change]?
    var removedContainers: [String]?
    var room: Room?
    var nginxFiles: [File]?
    var steps: [PlannedSteps.Entry]?
    var notices: [String]?

    init(app: String, _ status: ExitStatus, problems: [String]) {
        self.app = app
        exitStatus = status.rawValue
        self.problems = problems
    }

    init(_ report: PlanReport) {
        self.init(app: report.app.name, report.status, problems: report.refusals)
        let request = report.request
        candidate = Place(
            colour: request.candidate.colour.rawValue, release: nil, label: request.label)
        traffic = request.previous.map {
            Place(
                colour: $0.colour.rawValue, release: $0.release.text, label: report.activeLabel)
        }
        services = request.services.map { service in
            let image = report.image(of: service)
            return Service(
                name: service.name, role: service.role.rawValue, replicas: service.replicas,
                image: image?.image, supply: image?.supply)
        }
        if !report.set.nodes.isEmpty {
            nodes = report.set.nodes.map {
                Node(
                    node: $0.node, absence: $0.absence, missingImages: $0.missingImages,
                    takenPorts: $0.takenPorts, memoryTotalBytes: $0.memory?.total.bytes,
                    memoryAvailableBytes: $0.memory?.available.bytes,
                    swapFreeBytes: $0.memory?.swapFree.bytes)
            }
        }
        changes = report.set.changes?.map {
            Change(service: $0.service, kind: $0.kind, keys: $0.keys, variables: $0.variables)
        }
        removedContainers = report.removed
        room =
            report.set.nodesRoom.map(Room.init)
            ?? Room(
                neededBytes: report.room.needed.bytes, availableBytes: report.room.have.bytes,
                fits: report.room.fits)
        nginxFiles = report.files?.map { File(path: $0.path, diff: report.diff($0)) }
        steps = report.steps.entries
        notices = report.notices
    }
}

extension PlanDocument.Room {
    init(_ room: NodesRoom) {
        let tightest = room.tightest
        self.init(
            neededBytes: tightest?.needed.bytes, availableBytes: tightest?.have.bytes,
            fits: room.fits, node: tightest?.name)
    }
}
