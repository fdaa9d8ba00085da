import BlueGreen
import DockerCompose
import HostSystem
import Orchestration

/// The memory and the disk that the host has left for one more set.
extension HostChecks {
    func room(for plan: [PlannedService]) async -> CheckItem {
        do {
            let ports = try wiring.ports(wiring.engineWithoutCompose(), .reading)
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

    /// nil where the daemon's disk is not this host's.
    func disk() async -> CheckItem? {
        switch wiring.api.endpoint {
        case .tcp: return nil
        case .socket: break
        }
        do {
            let folder = try await wiring.api.information().rootFolder
            let free = try FileSystem().freeSpace(at: folder)
            let reserve = app.configuration.diskReserve
            let found = "\(free.text) free in \(folder)"
            guard free < reserve else {
                return CheckItem(
                    name: "disk", level: .ok, text: "\(found), \(reserve.text) are kept free")
            }
            return CheckItem(
                name: "disk", level: .fail,
                text: "\(found), and `disk: {reserve}` wants \(reserve.text) left. "
                    + "\(app.command("clean")) removes what no release needs any more; "
                    + "`docker system df` shows the rest.")
        } catch {
            return CheckItem(
                name: "disk", level: .warn, text: "it could not be looked at: \(error)")
        }
    }
}
