import BlueGreen
import HostSystem
import Orchestration

/// The files that describe an app today: those that its engine reads, compared with `teal.yml`.
struct TodaysFiles: ReleaseSource {
    let app: AppContext
    /// Beside those of `teal.yml`.
    let environmentFiles: [String]
    let source: any ReleaseSource

    func findPrograms() async throws { try await source.findPrograms() }

    /// - Throws: `CommandsError` where one of the files is wrong.
    func draft() async throws -> any ReleaseDraft {
        try ConfigurationFile.check(environmentFiles: environmentFiles)
        try app.file.checkEnvironmentFiles()
        try app.file.checkMaintenancePage()
        do {
            let draft = try await source.draft()
            try app.configuration.checkHooks(against: draft.services)
            return TodaysDraft(app: app, draft: draft)
        } catch ReleaseSourceError.unknownServices(let names, let known) {
            throw CommandsError.unknownServices(
                names.map { name in
                    CommandsError.UnknownService(
                        name: name, nearest: known.nearest(to: name),
                        place: app.configuration.places.name(of: "services.\(name)"))
                }, known: known)
        } catch ReleaseSourceError.unfit(let reason) {
            throw CommandsError.composeFile(reason: reason)
        } catch ReleaseSourceError.missingFiles(let files, let reason) {
            throw CommandsError.contentNotFound(paths: files, reason: reason)
        }
    }
}

/// A draft of which the first that is recorded makes the app known to `--app`.
private struct TodaysDraft: ReleaseDraft {
    let app: AppContext
    let draft: any ReleaseDraft

    var services: [PlannedService] { draft.services }
    var notices: [String] { draft.notices }

    func checkRoom() throws { try draft.checkRoom() }

    func record(as release: ReleaseID) async throws -> [String] {
        let notices = try await draft.record(as: release) + (try move())
        // Of an app that is known, nginx's files lie where the settings of before say, until it is
        // armed by these.
        if try AppOrigin.find(app.name, in: app.state) == nil {
            try app.remember()
        }
        return notices
    }

    /// A sentence where the app was deployed from another folder that is still there.
    private func move() throws -> [String] {
        guard let before = try AppOrigin.find(app.name, in: app.state)?.configuration,
            before != app.file.path, FileSystem().exists(before)
        else { return [] }  // Never deployed, or from a folder that is gone.
        return [
            "\(app.name) was deployed from \(before) before, and now from "
                + "\(app.file.path). If that is another app, give one of them another name "
                + "(`app:`)."
        ]
    }

    func obstacles() async throws -> [Obstacle] { try await draft.obstacles() }

    func imageNotices() async throws -> [String] { try await draft.imageNotices() }

    func nodesRoom(_ question: RoomQuestion) async throws -> NodesRoom? {
        try await draft.nodesRoom(question)
    }

    func forecast(
        at candidate: Placement, beside active: Placement?, with services: [PlannedService]
    ) async throws -> SetForecast {
        try await draft.forecast(at: candidate, beside: active, with: services)
    }
}
