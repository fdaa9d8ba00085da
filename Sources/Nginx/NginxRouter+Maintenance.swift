import BlueGreen
package import Orchestration

extension NginxRouter {
    /// Where the page is, as a file of the app's folder.
    var page: MaintenancePage {
        MaintenancePage(source: settings.maintenance.page, paths: folder.paths)
    }

    /// Also arms what stands on disk once more, since the health paths, and Teal itself, may have
    /// changed since the last deployment. In `live` mode the change of state itself is no reload.
    package func setMaintenance(_ maintenance: Maintenance) async throws {
        let present = try folder.contents()
        let before = present.live
        let after = LinkState(before.colour, before.stage, isInMaintenance: maintenance == .on)
        guard folder.exists || after.isInMaintenance else { return }
        try await prepare()
        try await arm(try recorded(present)?.table ?? .empty)
        try folder.point(to: after)
        do {
            try await enforceState()
        } catch let error where before != after {
            try await goBack(to: before, after: error)
            throw error
        }
    }

    /// Has the workers follow the link, in `reload` mode by a reload, and asks them.
    private func enforceState() async throws {
        let present = try folder.contents()
        switch present.files.manifest?.blueprint.mode {
        case .live, nil: break
        case .reload: try await change(from: present).apply(present.files)
        }
        try await confirm(present)
    }
}
