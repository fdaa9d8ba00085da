import BlueGreen
import HostSystem
import Orchestration

/// The result of `status` with `--json`; a key without a value is left out.
struct StatusDocument: Encodable {
    struct Traffic: Encodable {
        let colour: String
        let release: String?
        let label: String?
        /// RFC 3339.
        let since: String?
        /// Left out where the colour has all of it.
        let canary: Canary?
    }

    /// The part of the traffic that goes to the other colour.
    struct Canary: Encodable {
        let colour: String
        let percent: Double
        let release: String?
        let label: String?
    }

    struct ReplicaState: Encodable {
        /// `web-1`.
        let name: String
        /// The container's name.
        let container: String?
        let role: String?
        /// `running`, `exited` and so on; `missing` where there is no container.
        let state: String
        /// `healthy`, `unhealthy`, `unchecked`, `done`, `waiting`.
        let health: String
        let reason: String?
        let restarts: Int
    }

    struct Idle: Encodable {
        let colour: String
        let release: String
        let label: String?
        /// Without singletons, which run beside the traffic alone.
        let containers: Int
        let running: Int
    }

    /// Sizes in bytes. What only a set that is deployed tells is left out where there is none.
    struct Room: Encodable {
        let memoryTotalBytes: Int64
        let memoryAvailableBytes: Int64
        let swapFreeBytes: Int64
        /// The memory that another set of the active release takes.
        let neededBytes: Int64?
        /// The memory that the set which it replaces gives back first.
        let freedBytes: Int64?
        /// The memory that must stay free.
        let reserveBytes: Int64?
        let fits: Bool?
        /// Whether it would in the place of the set that has traffic.
        let fitsAlone: Bool?
    }

    struct Unfinished: Encodable {
        let number: Int
        let kind: String
        let phase: String
        /// The process that carries it; left out where that is gone.
        let pid: Int?
        /// When one that waits for a person is aborted.
        let waitsUntil: String?
        /// The address at which a waiting one can be looked at.
        let previewUrl: String?
    }

    let formatVersion = 1
    let app: String
    /// 0, 5 or 6, as the process ends.
    let exitStatus: Int32
    let traffic: Traffic?
    /// Whether visitors get the page of maintenance instead.
    let maintenance: Bool
    let replicas: [ReplicaState]
    let idle: Idle?
    /// Left out where it could not be looked at.
    let room: Room?
    let unfinished: Unfinished?
    /// The newest deployment's last observation; left out where it has none.
    let observed: ObservedDocument?
    /// Sentences about truths that disagree, and about networks that containers lost.
    let problems: [String]
    /// Sentences about work that earlier runs have left undone.
    let owed: [String]
    /// Sentences about containers of others that keep the next deploy from beginning.
    let inTheWay: [String]
    /// Left out where there was never a round.
    let watch: WatchDocument?

    /// - Parameters:
    ///   - preview: where nginx shows the colour without the traffic.
    ///   - status: as the process ends, where that is not by the condition alone.
    init(
        app: String, _ condition: Condition, preview: String? = nil, status: ExitStatus? = nil,
        watch: WatchStatus? = nil
    ) {
        let situation = condition.situation
        self.app = app
        exitStatus = (status ?? ExitStatus(condition.verdict)).rawValue
        self.watch = watch.map(WatchDocument.init)
        traffic = situation.live.map { live in
            Traffic(
                colour: live.rawValue, release: situation.active?.release.text,
                label: (situation.active?.release).flatMap(condition.label),
                since: condition.since?.rfc3339, canary: Canary(condition))
        }
        maintenance = condition.isInMaintenance
        replicas =
            condition.replicas.map(ReplicaState.init)
            + condition.missing.map { ReplicaState(missing: $0) }
        idle = situation.idle.map { idle in
            let containers = situation.warm
            return Idle(
                colour: idle.colour.rawValue, release: idle.release.text,
                label: condition.label(of: idle.release), containers: containers.count,
                running: containers.count { $0.state == .running })
        }
        room = Room(condition.findings.room)
        unfinished = condition.unfinished.map { deployment in
            Unfinished(
                number: deployment.number, kind: deployment.kind.word,
                phase: deployment.phaseName, pid: condition.findings.holder?.pid,
                waitsUntil: deployment.waitsUntil?.rfc3339,
                previewUrl: deployment.waitsUntil == nil ? nil : preview)
        }
        observed = condition.observed.map { ObservedDocument($0.stage, of: $0.deployment) }
        owed = condition.owed.map(\.description)
        problems =
            condition.disagreements.map(\.description)
            + condition.findings.disturbances.filter(\.isHarm).map(\.description)
        inTheWay = condition.strangers
    }
}

extension StatusDocument.Canary {
    init?(_ condition: Condition) {
        guard let canary = condition.canary else { return nil }
        colour = canary.colour.rawValue
        percent = canary.share.percent
        release = canary.release?.text
        label = canary.release.flatMap(condition.label)
    }
}

extension StatusDocument.Room {
    init?(_ room: HostRoom) {
        switch room {
        case .unseen: return nil
        case .seen(let sample, let report):
            memoryTotalBytes = sample.memoryTotal.bytes
            memoryAvailableBytes = sample.memoryAvailable.bytes
            swapFreeBytes = sample.swapFree.bytes
            neededBytes = report?.needed.bytes
            freedBytes = report?.freed.bytes
            reserveBytes = report?.reserve.bytes
            fits = report?.fits
            fitsAlone = report?.fitsAlone
        }
    }
}

extension StatusDocument.ReplicaState {
    init(_ line: Condition.Line) {
        name = line.container.replica.description
        container = line.container.name
        role = line.container.role.rawValue
        state = line.container.state.word
        health = line.health.word
        reason = if case .unhealthy(let reason) = line.health { reason.text } else { nil }
        restarts = line.container.restarts
    }

    init(missing replica: Replica) {
        name = replica.description
        container = nil
        role = nil
        state = "missing"
        health = "unhealthy"
        reason = "there is none"
        restarts = 0
    }
}
