import BlueGreen
import Orchestration

/// Things in the way of a deploy; the memory, disk and networks that are left for one more set.
extension HostChecks {
    func room(for plan: [PlannedService]) async -> CheckItem {
        do {
            let ports = try ports.get()
            let situation = try await Situation.observe(ports)
            let settings = app.configuration.deployment
            let report = try await RoomLook(ports).report(
                plan, candidate: situation.nextPlacement(at: ports.clock.now),
                previous: situation.active, reserve: settings.settle.memoryFree)
            return RoomCheck(
                report: report, policy: settings.room, hasPrevious: situation.active != nil
            ).item
        } catch {
            return CheckItem(
                name: "room", level: .warn, text: "it could not be looked at: \(error)")
        }
    }

    /// nil where the engine is not asked about nodes.
    func nodesRoom(for draft: any ReleaseDraft) async -> CheckItem? {
        do {
            let ports = try ports.get()
            let situation = try await Situation.observe(ports)
            let settings = app.configuration.deployment
            let question = try await RoomQuestion(
                situation.nextPlacement(at: ports.clock.now), beside: situation.active,
                settings, ports.store)
            return try await draft.nodesRoom(question).map {
                NodesRoomCheck(room: $0, policy: settings.room).item
            }
        } catch {
            return CheckItem(
                name: "room", level: .warn, text: "it could not be looked at: \(error)")
        }
    }

    /// All that a deploy would be refused for before it touches anything.
    func obstacles(to draft: any ReleaseDraft) async -> [CheckItem] {
        do {
            return try await draft.allObstacles(wiring.router).map {
                CheckItem(name: "obstacle", level: .fail, text: $0.description)
            }
        } catch {
            return [
                CheckItem(
                    name: "obstacle", level: .fail, text: "it could not be looked at: \(error)")
            ]
        }
    }

    /// Too few are an obstacle, and told as such. nil where each of several hosts has its own.
    func networks() async -> CheckItem? {
        if wiring.hasNodes { return nil }
        do {
            let room = try await wiring.readiness.networkRoom()
            let found = "Docker can make \(room.free) more networks of \(room.total)"
            return room.free > 0
                ? CheckItem(name: "networks", level: .ok, text: found)
                : CheckItem(
                    name: "networks", level: .warn,
                    text: "\(found). \(room.remedy)")
        } catch {
            return CheckItem(
                name: "networks", level: .warn, text: "they could not be looked at: \(error)")
        }
    }

    /// nil where the daemon's disk is not this host's.
    func disk() async -> CheckItem? {
        do {
            guard let disk = try await wiring.readiness.disk() else { return nil }
            let reserve = app.configuration.diskReserve
            let found = "\(disk.free.text) free in \(disk.folder)"
            guard disk.free < reserve else {
                return CheckItem(
                    name: "disk", level: .ok, text: "\(found), \(reserve.text) are kept free")
            }
            return CheckItem(
                name: "disk", level: .fail,
                text: "\(found), and `disk: {reserve}` wants \(reserve.text) left. "
                    + "\(app.command("clean")) removes what no release needs any more; "
                    + "`\(disk.command)` shows the rest.")
        } catch {
            return CheckItem(
                name: "disk", level: .warn, text: "it could not be looked at: \(error)")
        }
    }
}

/// Judges the room for another set by what `room:` in `teal.yml` asks for. Pure.
struct RoomCheck {
    let report: RoomReport
    let policy: RoomPolicy
    /// Whether a set has traffic that could be stopped first.
    let hasPrevious: Bool

    var item: CheckItem {
        let found = "the set \(report.summary)"
        return switch report.verdict(policy, hasPrevious: hasPrevious) {
        case .fits:
            CheckItem(name: "room", level: .ok, text: found)
        case .tried:
            CheckItem(
                name: "room", level: .warn,
                text: "\(found); `room: warn` tries it all the same.\n\(report.table)")
        case .triedOnAssumption:
            CheckItem(
                name: "room", level: .warn,
                text: "\(found), most of it assumed; a first deploy tries it all the same, and "
                    + "ends before the host runs out of memory.\n\(report.table)")
        case .stopsFirst:
            CheckItem(
                name: "room", level: .warn,
                text: "\(found); by `room: stop-first` the set that has traffic is stopped "
                    + "first, and nginx answers 503 meanwhile.\n\(report.table)")
        case .refused:
            CheckItem(
                name: "room", level: .fail,
                text: "\(found), so a deploy would refuse it. \(remedy)\n\(report.table)")
        }
    }

    private var remedy: String {
        let free =
            "Free memory, add swap, or say in teal.yml what a service really takes (`memory:`)"
        guard hasPrevious, report.fitsAlone, policy == .refuse else { return free + "." }
        return free + ", or set `room: stop-first` (the set that has traffic is stopped first)."
    }
}
