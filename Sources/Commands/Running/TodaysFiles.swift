import BlueGreen
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

/// A draft that `--app` remembers the `teal.yml` of, once it is recorded.
private struct TodaysDraft: ReleaseDraft {
    let app: AppContext
    let draft: any ReleaseDraft

    var services: [PlannedService] { draft.services }
    var notices: [String] { draft.notices }

    func record(as release: ReleaseID) async throws -> [String] {
        let notices = try await draft.record(as: release)
        try AppOrigin(configuration: app.file.path).write(for: app.name, in: app.state)
        return notices
    }

    func forecast(
        at candidate: Placement, beside active: Placement?, with services: [PlannedService]
    ) async throws -> SetForecast {
        try await draft.forecast(at: candidate, beside: active, with: services)
    }
}
