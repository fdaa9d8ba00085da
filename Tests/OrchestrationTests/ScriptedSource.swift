import BlueGreen
import Orchestration
import Synchronization

/// Files that say what a test wants, and an engine's housekeeping. What is asked of them is noted
/// among the calls of the host.
struct ScriptedSource: ReleaseSource {
    let host: ScriptedHost
    var services: [PlannedService] = []
    var notices: [String] = []
    var clutter: [Clutter] = []
    var unnamed: [UnnamedVolume] = []
    /// Something keeps the app from being taken down.
    var guest: String?
    var obstacles: [Obstacle] = []
    /// Its record does not fit.
    var hasNoRoom = false
    var error: ReleaseSourceError?
    /// The program that reads the files is not there.
    var missing: String?

    func findPrograms() async throws {
        if let missing { throw ScriptedHost.Refusal(description: missing) }
    }

    func draft() async throws -> any ReleaseDraft {
        host.note("read the files")
        if let error { throw error }
        return Draft(source: self)
    }

    private struct Draft: ReleaseDraft {
        let source: ScriptedSource

        var services: [PlannedService] { source.services }
        var notices: [String] { source.notices }

        func checkRoom() throws {
            if source.hasNoRoom {
                throw ReleaseSourceError.noRoomForRecord(folder: "/state", free: .zero)
            }
        }

        func record(as release: ReleaseID) async throws -> [String] {
            source.host.note("record")
            return ["db is left alone."]
        }

        func obstacles() async throws -> [Obstacle] { source.obstacles }

        func imageNotices() async throws -> [String] { [] }

        func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom? { nil }

        func forecast(
            at candidate: Placement, beside active: Placement?, with services: [PlannedService]
        ) async throws -> SetForecast {
            SetForecast(images: [], changes: nil, notices: [], create: "", shared: [:])
        }
    }
}

extension ScriptedSource: Housekeeping {
    func clutter(keeping needed: Set<ReleaseID>) async throws -> [Clutter] {
        clutter.filter { item in item.release.map { !needed.contains($0) } ?? true }
    }

    func remove(_ clutter: [Clutter]) async throws -> ByteCount {
        for item in clutter { host.note("remove \(item.name)") }
        return clutter.compactMap(\.size).total
    }

    func checkTakeDown() async throws {
        if let guest { throw ScriptedHost.Refusal(description: guest) }
    }

    func takeDown() async throws -> [UnnamedVolume] {
        host.note("take down")
        return unnamed
    }

    func removeVolumes(_ unnamed: [UnnamedVolume]) async throws {
        host.note("remove the volumes")
        for volume in unnamed { host.note("remove \(volume.id)") }
    }
}

/// Keeps what is told.
final class KeepingAnnouncer: Announcer {
    private let all = Mutex<[Deployment]>([])

    var told: [Deployment] { all.withLock(\.self) }

    func announce(_ deployment: Deployment, known: Set<ReleaseID>?) async {
        all.withLock { $0.append(deployment) }
    }
}
